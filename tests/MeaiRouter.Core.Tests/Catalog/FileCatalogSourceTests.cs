using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;

namespace MeaiRouter.Core.Tests.Catalog;

public sealed class FileCatalogSourceTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("catalogue-").FullName;
    private readonly ManualTimeProvider _time = new();

    private string File => Path.Combine(_folder, "prices.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_changed_file_is_read_at_the_next_interval_and_said_once()
    {
        Write(File, 1);
        using var source = Open();
        var changes = 0;
        source.Changed += (_, _) => changes++;
        Assert.Equal(1, Price(source));

        Write(File, 2);
        Assert.Equal(1, Price(source));
        _time.Advance(Interval);
        Assert.Equal((2m, 1), (Price(source), changes));

        // The same content again is no change, whatever the time stamp says.
        Write(File, 2);
        _time.Advance(Interval);
        Assert.Equal((2m, 1), (Price(source), changes));
        Assert.Null(source.LastError);
    }

    [Theory]
    [InlineData("{ \"data\": [ { \"id\": ", "The file is not JSON: line 1, byte 20.")]
    [InlineData("", "The file is not JSON: line 1, byte 0.")]
    [InlineData("{ \"data\": [] }", "The file holds 0 usable models, fewer than the 1 expected.")]
    public void A_broken_file_keeps_the_old_catalogue_and_says_why_until_it_is_whole(string broken, string error)
    {
        Write(File, 1);
        using var source = Open();
        var changes = 0;
        source.Changed += (_, _) => changes++;

        System.IO.File.WriteAllText(File, broken);
        for (var poll = 0; poll < 3; poll++)
        {
            _time.Advance(Interval);
            Assert.Equal((1m, error, 0), (Price(source), source.LastError, changes));
        }

        Write(File, 3);
        _time.Advance(Interval);
        Assert.Equal((3m, null, 1), (Price(source), source.LastError, changes));
    }

    [Fact]
    public void A_broken_file_that_becomes_what_it_was_is_well_again()
    {
        Write(File, 1);
        using var source = Open();

        System.IO.File.WriteAllText(File, "{");
        Assert.False(source.Reload());
        Assert.NotNull(source.LastError);

        Write(File, 1);
        source.Reload();
        Assert.Equal((1m, null), (Price(source), source.LastError));
    }

    [Fact]
    public void A_file_that_is_gone_keeps_the_old_catalogue_and_comes_back()
    {
        Write(File, 1);
        using var source = Open();

        System.IO.File.Delete(File);
        _time.Advance(Interval);
        Assert.Equal(1, Price(source));
        Assert.Contains("prices.json", source.LastError, StringComparison.Ordinal);

        Write(File, 1);
        _time.Advance(Interval);
        Assert.Null(source.LastError);
    }

    [Fact]
    public void A_file_swapped_behind_a_link_is_noticed()
    {
        Write(Path.Combine(_folder, "one.json"), 1);
        Write(Path.Combine(_folder, "two.json"), 2);
        System.IO.File.CreateSymbolicLink(File, Path.Combine(_folder, "one.json"));
        using var source = Open();

        System.IO.File.Delete(File);
        System.IO.File.CreateSymbolicLink(File, Path.Combine(_folder, "two.json"));
        _time.Advance(Interval);

        Assert.Equal(2, Price(source));
    }

    [Fact]
    public void A_file_that_lost_most_of_its_models_is_refused_as_truncated()
    {
        Write(File, 1, 1, 1, 1, 1);
        using var source = Open();

        Write(File, 2, 2);
        Assert.False(source.Reload());
        Assert.Equal("The file holds 2 models where it held 5, less than 50 %.", source.LastError);

        Write(File, 2, 2, 2);
        Assert.True(source.Reload());
        Assert.Equal((2m, 3), (Price(source), source.Current.Models.Count));
    }

    [Fact]
    public void A_file_larger_than_allowed_is_refused()
    {
        Write(File, 1);
        using var source = Open(new FileCatalogOptions { MaxBytes = 200 });

        Write(File, 1, 2, 3, 4);
        Assert.False(source.Reload());
        Assert.StartsWith("The file has ", source.LastError, StringComparison.Ordinal);
        Assert.Equal(1, Price(source));
    }

    [Fact]
    public void A_handler_that_throws_neither_ends_the_polling_nor_loses_the_change()
    {
        Write(File, 1);
        using var source = Open();
        source.Changed += (_, _) => throw new InvalidOperationException("the handler's own fault");

        Write(File, 2);
        _time.Advance(Interval);
        Assert.Equal((2m, "the handler's own fault"), (Price(source), source.LastError));

        Write(File, 3);
        Assert.Throws<InvalidOperationException>(() => source.Reload());
        Assert.Equal(3, Price(source));
    }

    [Fact]
    public void A_reader_that_throws_anything_keeps_the_old_catalogue()
    {
        Write(File, 1);
        var reads = 0;
        using var source = new FileCatalogSource(
            File, json => reads++ == 0 ? OpenRouterCatalog.Parse(json) : throw new NotSupportedException("not today"), timeProvider: _time);

        Write(File, 2);
        Assert.False(source.Reload());
        Assert.Equal((1m, "not today"), (Price(source), source.LastError));
    }

    [Fact]
    public void At_start_a_broken_or_missing_file_is_an_error()
    {
        Assert.Throws<FileNotFoundException>(() => Open());
        System.IO.File.WriteAllText(File, "{}");
        Assert.Throws<CatalogImportException>(() => Open());
    }

    [Fact]
    public void Nothing_is_read_after_the_end()
    {
        Write(File, 1);
        var source = Open();
        source.Dispose();

        Write(File, 2);
        _time.Advance(Interval * 3);

        Assert.Equal(1, Price(source));
    }

    private FileCatalogSource Open(FileCatalogOptions? options = null) => new(File, json => OpenRouterCatalog.Parse(json), options, _time);

    private static decimal Price(FileCatalogSource source) => source.Current.Models[0].Endpoints[0].Price!.Prompt;

    private static void Write(string path, params int[] prices) => System.IO.File.WriteAllText(path, LiveCatalogTests.OpenRouterFile(prices));
}

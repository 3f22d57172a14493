using System.Globalization;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Pricing;

namespace MeaiRouter.Core.Tests.Catalog;

public sealed class LiveCatalogTests
{
    [Fact]
    public void A_change_of_a_source_swaps_the_snapshot_counts_it_and_says_so()
    {
        var time = new ManualTimeProvider();
        var list = new ScriptedSource(Priced(1));
        var mine = new Model("acme/m0") { Name = "Mine" };
        using var live = new LiveCatalog([list, new FixedCatalogSource(new CatalogContribution("code", CatalogOrigin.Code, [mine]))], timeProvider: time);
        var seen = new List<CatalogSnapshot>();
        live.Changed += (_, change) => seen.Add(change.Snapshot);

        var first = live.Current;
        Assert.Equal((1L, time.GetUtcNow(), "Mine", 1m), (first.Version, first.TakenAt, first.Catalog.Models[0].Name, PromptPrice(first)));

        time.Advance(TimeSpan.FromMinutes(1));
        list.Say(Priced(2));

        Assert.Equal((2L, time.GetUtcNow(), "Mine", 2m), (live.Current.Version, live.Current.TakenAt, live.Current.Catalog.Models[0].Name, PromptPrice(live.Current)));
        Assert.Same(live.Current, Assert.Single(seen));
        Assert.Equal(1, PromptPrice(first));
        Assert.Null(live.LastError);
    }

    [Fact]
    public void A_contradiction_keeps_the_old_snapshot_and_says_why_until_it_is_resolved()
    {
        var list = new ScriptedSource(Priced(1));
        using var live = new LiveCatalog([list]);
        var before = live.Current;

        list.Say(new CatalogContribution("list", CatalogOrigin.Import, [new Model("a"), new Model("A")]));
        Assert.Same(before, live.Current);
        Assert.StartsWith("list: The model 'A' is in the catalogue twice.", live.LastError, StringComparison.Ordinal);

        list.Say(Priced(2));
        Assert.Equal((2L, 2m, null), (live.Current.Version, PromptPrice(live.Current), live.LastError));
    }

    [Fact]
    public void A_listener_that_throws_keeps_the_snapshot_neither_from_requests_nor_from_others_who_follow_the_source()
    {
        var list = new ScriptedSource(Priced(1));
        using var live = new LiveCatalog([list]);
        using var other = new LiveCatalog([list]);
        live.Changed += static (_, _) => throw new InvalidOperationException("The listener's own fault.");

        list.Say(Priced(2));
        Assert.Equal((2m, 2m), (PromptPrice(live.Current), PromptPrice(other.Current)));

        live.Replace([new FixedCatalogSource(Priced(3))], null);
        Assert.Equal(3m, PromptPrice(live.Current));
    }

    [Fact]
    public void A_catalogue_that_cannot_be_made_does_not_follow_its_sources()
    {
        var list = new ScriptedSource(new CatalogContribution("list", CatalogOrigin.Import, [new Model("a"), new Model("A")]));

        Assert.Throws<ArgumentException>(() => new LiveCatalog([list]));

        Assert.False(list.IsFollowed);
    }

    [Fact]
    public void What_a_source_complains_of_is_passed_on()
    {
        var list = new ScriptedSource(Priced(1)) { LastError = "the disk is full" };
        using var live = new LiveCatalog([new FixedCatalogSource(Priced(1)), list]);

        Assert.Equal("the disk is full", live.LastError);
    }

    [Fact]
    public void Only_endpoints_of_the_given_providers_are_kept_also_after_a_change()
    {
        var list = new ScriptedSource(BuiltInCatalog.ToContribution());
        using var live = new LiveCatalog([list], ["anthropic"]);
        Assert.All(live.Current.Catalog.Models, model => Assert.StartsWith("anthropic/", model.Id, StringComparison.Ordinal));

        list.Say(Priced(1));
        Assert.Empty(live.Current.Catalog.Models);
    }

    [Fact]
    public void After_the_end_no_change_arrives_and_the_snapshot_stays()
    {
        var list = new ScriptedSource(Priced(1));
        var live = new LiveCatalog([list]);
        live.Dispose();

        list.Say(Priced(2));

        Assert.Equal((1L, 1m), (live.Current.Version, PromptPrice(live.Current)));
    }

    [Fact]
    public async Task Readers_beside_a_file_being_rewritten_and_broken_only_ever_see_whole_snapshots_in_order()
    {
        const int Changes = 150;
        const int Models = 40;

        var folder = Directory.CreateTempSubdirectory("catalogue-").FullName;
        var path = Path.Combine(folder, "prices.json");
        File.WriteAllText(path, OpenRouterFile(Enumerable.Repeat(1, Models)));
        using var source = new FileCatalogSource(path, json => OpenRouterCatalog.Parse(json), new FileCatalogOptions { Interval = Timeout.InfiniteTimeSpan });
        using var live = new LiveCatalog([source]);
        using var stop = new CancellationTokenSource();

        // Threads of their own: a busy pool would let them start after the last change.
        using var reading = new CountdownEvent(4);
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() =>
        {
            var newest = live.Current;
            var snapshots = 1;
            reading.Signal();
            while (!stop.IsCancellationRequested || newest.Version < live.Current.Version)
            {
                var snapshot = live.Current;
                Assert.True(snapshot.Version >= newest.Version);
                snapshots += snapshot.Version > newest.Version ? 1 : 0;
                newest = snapshot;

                // Every model of one snapshot has the price of that version, by list and by name.
                Assert.Equal(Models, snapshot.Catalog.Models.Count);
                foreach (var model in snapshot.Catalog.Models)
                    if (model.Endpoints[0].Price!.Prompt != snapshot.Version || snapshot.Catalog.Find(model.Id) != model)
                        throw new InvalidOperationException($"Torn: version {snapshot.Version} holds {model.Endpoints[0].Price}.");
            }

            return snapshots;
        }, TaskCreationOptions.LongRunning)).ToArray();

        Assert.True(reading.Wait(TimeSpan.FromSeconds(20)));
        for (var change = 2; change <= Changes; change++)
        {
            File.WriteAllText(path, OpenRouterFile(Enumerable.Repeat(change, Models))[..^20]);
            Assert.False(source.Reload());
            Assert.NotNull(live.LastError);

            File.WriteAllText(path, OpenRouterFile(Enumerable.Repeat(change, Models)));
            Assert.True(source.Reload());
            Assert.Null(live.LastError);
        }

        await stop.CancelAsync();
        var counts = await Task.WhenAll(readers).Soon();
        Directory.Delete(folder, recursive: true);

        Assert.Equal(Changes, live.Current.Version);
        Assert.All(counts, count => Assert.True(count > 1));
    }

    [Fact]
    public async Task Sources_that_change_at_once_lose_no_change()
    {
        const int Changes = 200;

        var sources = Enumerable.Range(0, 4).Select(i => new ScriptedSource(Numbered(i, 0))).ToArray();
        using var live = new LiveCatalog(sources);

        await Task.WhenAll(sources.Select((source, i) => Task.Run(() =>
        {
            for (var change = 1; change <= Changes; change++)
                source.Say(Numbered(i, change));
        }))).Soon();

        Assert.Equal(1 + sources.Length * Changes, live.Current.Version);
        Assert.All(live.Current.Catalog.Models, model => Assert.Equal(Changes, model.ContextLength));

        static CatalogContribution Numbered(int source, int change) =>
            new($"source {source}", CatalogOrigin.Import, [new Model($"m{source}") { ContextLength = change }]);
    }

    /// <summary>A file as OpenRouter lists models, <c>acme/m0</c> and so on, each at the given dollars per million tokens.</summary>
    internal static string OpenRouterFile(IEnumerable<int> prices) => "{ \"data\": [" + string.Join(",", prices.Select((price, i) => string.Create(
        CultureInfo.InvariantCulture, $"{{ \"id\": \"acme/m{i}\", \"pricing\": {{ \"prompt\": \"{price * 0.000001m}\", \"completion\": \"0.001\" }} }}"))) + "] }";

    private static CatalogContribution Priced(int price) => new(
        "list", CatalogOrigin.Import, [new Model("acme/m0") { Endpoints = [new ModelEndpoint("acme", "m0") { Price = Price.PerMillion(price, 1) }] }]);

    private static decimal PromptPrice(CatalogSnapshot snapshot) => snapshot.Catalog.Models[0].Endpoints[0].Price!.Prompt;

    private sealed class ScriptedSource(CatalogContribution first) : ICatalogSource
    {
        private CatalogContribution _current = first;

        public event EventHandler? Changed;

        public CatalogContribution Current => Volatile.Read(ref _current);

        public string? LastError { get; init; }

        public bool IsFollowed => Changed is not null;

        public void Say(CatalogContribution contribution)
        {
            Volatile.Write(ref _current, contribution);
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }
}

using MeaiRouter.EntityFrameworkCore.Journal;
using MeaiRouter.EntityFrameworkCore.Tests.Running;

namespace MeaiRouter.EntityFrameworkCore.Tests.Journal;

public sealed class JournalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SteppedTime _time = new();
    private readonly FailingFiles _files = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Records_are_read_as_they_were_written_over_many_files_and_openings()
    {
        var random = new Random(5);
        var written = Enumerable.Range(0, 300).Select(number => Records.Random(random, $"r{number}") with { User = null }).ToList();
        var options = Options with { SegmentBytes = 4_096 };

        foreach (var part in written.Chunk(100))
        {
            await using var journal = LedgerJournal.Open(options);
            foreach (var record in part)
                await journal.AppendAsync(record);
        }

        await using var opened = LedgerJournal.Open(options);
        Assert.Equal(300, opened.End.Sequence);
        Assert.Equal(0, opened.BytesCut);
        Assert.True(Directory.GetFiles(_directory.Path, "*.segment").Length > 10);
        Assert.Equivalent(written, Records.In(opened), strict: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Records_of_many_callers_are_all_there_once(int flushMilliseconds)
    {
        await using var journal = LedgerJournal.Open(Options with { FlushInterval = TimeSpan.FromMilliseconds(flushMilliseconds), SegmentBytes = 10_000 });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var number = 0; number < 200; number++)
                await journal.AppendAsync(Records.Of($"{worker}-{number}"));
        })));

        var ids = Records.Ids(journal);
        Assert.Equal(1_600, ids.Length);
        for (var worker = 0; worker < 8; worker++)
            Assert.Equal(Enumerable.Range(0, 200).Select(number => $"{worker}-{number}"), ids.Where(id => id.StartsWith($"{worker}-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_record_is_flushed_when_the_interval_has_passed_and_several_at_once()
    {
        await using var journal = LedgerJournal.Open(Options with { FlushInterval = TimeSpan.FromSeconds(1) }, _files, _time);
        var atStart = _files.Flushes;

        await journal.AppendAsync(Records.Of("a"));
        await journal.AppendAsync(Records.Of("b"));
        Assert.Equal((2, 0, atStart), (journal.End.Sequence, journal.Flushed.Sequence, _files.Flushes));

        var next = journal.NextFlush;
        _time.Advance(TimeSpan.FromSeconds(1));
        await next.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((2, 2, atStart + 1), (journal.End.Sequence, journal.Flushed.Sequence, _files.Flushes));
    }

    [Fact]
    public async Task Without_an_interval_an_append_waits_for_the_device_and_shares_its_flush()
    {
        await using var journal = LedgerJournal.Open(Options with { FlushInterval = TimeSpan.Zero }, _files, _time);
        using var flushing = new SemaphoreSlim(0);
        using var device = new SemaphoreSlim(0);
        _files.Flushing = () =>
        {
            flushing.Release();
            device.Wait();
        };
        var atStart = _files.Flushes;

        var first = journal.AppendAsync(Records.Of("first")).AsTask();
        await flushing.WaitAsync();
        var others = Enumerable.Range(0, 100).Select(number => journal.AppendAsync(Records.Of($"{number}")).AsTask()).ToArray();
        Assert.False(first.IsCompleted);

        device.Release();
        await first;
        await flushing.WaitAsync();
        Assert.DoesNotContain(others, other => other.IsCompleted);

        device.Release();
        await Task.WhenAll(others);
        Assert.Equal((101, atStart + 2), (journal.Flushed.Sequence, _files.Flushes));
        _files.Flushing = () => { };
    }

    [Fact]
    public async Task A_second_ledger_on_a_journal_is_refused_with_the_first_ones_process()
    {
        await using (LedgerJournal.Open(Options))
        {
            var refusal = Assert.Throws<JournalInUseException>(() => LedgerJournal.Open(Options));
            Assert.Equal(
                $"The journal '{_directory.Path}' is in use by process {Environment.ProcessId}. Two ledgers on one journal would overwrite each other: stop the other one, or give this one a directory of its own.",
                refusal.Message);
        }

        await using var after = LedgerJournal.Open(Options);
    }

    [Fact]
    public async Task Files_are_deleted_when_all_their_records_are_projected_and_their_time_is_over()
    {
        await using var journal = LedgerJournal.Open(Options with { SegmentBytes = 1_000, KeepProjected = TimeSpan.FromDays(1) });
        for (var number = 0; number < 40; number++)
            await journal.AppendAsync(Records.Of($"r{number}"));
        var files = Directory.GetFiles(_directory.Path, "*.segment").Order().ToArray();
        Assert.True(files.Length > 4);

        using (var reader = new JournalReader(journal.Segments, journal.Start))
        {
            while (reader.Position.Segment < JournalFormat.SegmentsIn(_directory.Path)[2])
                reader.TryRead(journal.End, out _);
            journal.Release(reader.Position);
            Assert.Equal(files, Directory.GetFiles(_directory.Path, "*.segment").Order());

            File.SetLastWriteTimeUtc(files[0], DateTime.UtcNow.AddDays(-2));
            journal.Release(reader.Position);
            Assert.Equal(files[1..], Directory.GetFiles(_directory.Path, "*.segment").Order());

            foreach (var file in files[1..])
                File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-2));
            journal.Release(reader.Position);
            Assert.Equal(files[2..], Directory.GetFiles(_directory.Path, "*.segment").Order());
        }

        journal.Release(journal.End);
        Assert.Equal(files[^1..], Directory.GetFiles(_directory.Path, "*.segment"));
    }

    [Fact]
    public async Task A_record_too_large_for_any_journal_is_refused()
    {
        await using var journal = LedgerJournal.Open(Options);

        await Assert.ThrowsAsync<LedgerWriteException>(() => journal.AppendAsync(Records.Of(new string('x', 5 << 20))).AsTask());

        await journal.AppendAsync(Records.Of("next"));
        Assert.Equal(["next"], Records.Ids(journal));
    }

    private JournalOptions Options => new() { Directory = _directory.Path };
}

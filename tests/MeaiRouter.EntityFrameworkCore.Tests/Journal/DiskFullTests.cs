using MeaiRouter.EntityFrameworkCore.Journal;
using MeaiRouter.EntityFrameworkCore.Tests.Running;

namespace MeaiRouter.EntityFrameworkCore.Tests.Journal;

public sealed class DiskFullTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FailingFiles _files = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(true, 1_000_000)]
    [InlineData(false, 1_000_000)]
    [InlineData(true, 300)]
    [InlineData(false, 300)]
    public async Task A_disk_full_at_any_byte_refuses_the_record_and_damages_none(bool canTruncate, long segmentBytes)
    {
        var outcomes = new HashSet<int>();
        for (var room = 0; room < 900; room += 13)
        {
            var options = new JournalOptions { Directory = _directory[$"{room}"], SegmentBytes = segmentBytes };
            var acknowledged = new List<string>();
            await using (var journal = LedgerJournal.Open(options, _files))
            {
                _files.Room = room;
                _files.CanTruncate = canTruncate;
                for (var number = 0; number < 4; number++)
                    await AppendAsync($"full{number}");

                // Room again.
                (_files.Room, _files.CanTruncate) = (long.MaxValue, true);
                await AppendAsync("after");

                async Task AppendAsync(string id)
                {
                    try
                    {
                        await journal.AppendAsync(Records.Of(id));
                        acknowledged.Add(id);
                    }
                    catch (LedgerWriteException)
                    {
                    }
                }

                Assert.Equal(acknowledged, Records.Ids(journal));
                Assert.Equal(0, journal.Lost);
            }

            Assert.Equal("after", acknowledged[^1]);
            outcomes.Add(acknowledged.Count);
            await using var opened = LedgerJournal.Open(options, new FailingFiles());
            Assert.Equal(acknowledged, Records.Ids(opened));
            Assert.Equal(0, opened.BytesCut);
        }

        Assert.Superset(new HashSet<int> { 1, 2, 3 }, outcomes);
    }

    [Fact]
    public async Task A_process_that_dies_on_a_full_disk_leaves_whole_records_only()
    {
        var options = new JournalOptions { Directory = _directory["journal"] };
        await using (var journal = LedgerJournal.Open(options, _files))
        {
            await journal.AppendAsync(Records.Of("first"));
            (_files.Room, _files.CanTruncate) = (100, false);
            await Assert.ThrowsAsync<LedgerWriteException>(() => journal.AppendAsync(Records.Of("second")).AsTask());
        }

        await using var opened = LedgerJournal.Open(options, new FailingFiles());
        Assert.Equal(100, opened.BytesCut);
        Assert.Equal(["first"], Records.Ids(opened));
    }

    [Fact]
    public async Task Told_to_continue_the_journal_counts_what_it_lost()
    {
        await using var journal = LedgerJournal.Open(new JournalOptions { Directory = _directory["journal"], OnDiskFailure = DiskFailureAction.Continue }, _files);
        await journal.AppendAsync(Records.Of("first"));

        _files.Room = 100;
        await journal.AppendAsync(Records.Of("lost"));
        await journal.AppendAsync(Records.Of("lost, too"));
        Assert.Equal(2, journal.Lost);

        _files.Room = long.MaxValue;
        await journal.AppendAsync(Records.Of("last"));
        Assert.Equal(["first", "last"], Records.Ids(journal));
        Assert.Equal(2, journal.Lost);
    }

    [Fact]
    public async Task A_refusal_says_what_to_do()
    {
        await using var journal = LedgerJournal.Open(new JournalOptions { Directory = _directory["journal"] }, _files);
        _files.Room = 0;

        var refusal = await Assert.ThrowsAsync<LedgerWriteException>(() => journal.AppendAsync(Records.Of("a")).AsTask());

        Assert.Equal(
            $"The journal '{_directory["journal"]}' cannot be written (No space left on device). Make room on the disk, or set OnDiskFailure to Continue to answer without a record.",
            refusal.Message);
    }
}

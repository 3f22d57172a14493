using MeaiRouter.EntityFrameworkCore.Journal;
using MeaiRouter.EntityFrameworkCore.Tests.Running;

namespace MeaiRouter.EntityFrameworkCore.Tests.Journal;

public sealed class TornTailTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_journal_cut_at_any_byte_keeps_every_whole_record_and_goes_on()
    {
        var (bytes, ends) = await ThreeRecordsAsync();

        for (var length = 0; length <= bytes.Length; length++)
        {
            File.WriteAllBytes(Segment, bytes[..length]);
            var whole = ends.Count(end => end <= length) - 1;
            var kept = whole < 0 ? 0 : ends[whole];

            await using (var journal = LedgerJournal.Open(Options, new FailingFiles()))
            {
                Assert.Equal((Math.Max(whole, 0), length - kept), (journal.End.Sequence, journal.BytesCut));
                await journal.AppendAsync(Records.Of("next"));
            }

            await using var again = LedgerJournal.Open(Options, new FailingFiles());
            Assert.Equal([.. Enumerable.Range(0, Math.Max(whole, 0)).Select(number => $"r{number}"), "next"], Records.Ids(again));
            Assert.Equal(0, again.BytesCut);
        }
    }

    [Fact]
    public async Task A_last_record_with_any_wrong_byte_is_cut_off()
    {
        var (bytes, ends) = await ThreeRecordsAsync();

        for (var wrong = ends[2]; wrong < bytes.Length; wrong++)
        {
            var damaged = bytes.ToArray();
            damaged[wrong] ^= 0x20;
            File.WriteAllBytes(Segment, damaged);

            await using var journal = LedgerJournal.Open(Options, new FailingFiles());
            Assert.Equal((2, bytes.Length - ends[2]), (journal.End.Sequence, journal.BytesCut));
        }
    }

    [Fact]
    public async Task A_tail_of_zeros_as_a_lost_disk_leaves_it_is_cut_off()
    {
        var (bytes, _) = await ThreeRecordsAsync();
        File.WriteAllBytes(Segment, [.. bytes, .. new byte[5_000]]);

        await using var journal = LedgerJournal.Open(Options, new FailingFiles());

        Assert.Equal((3, 5_000), (journal.End.Sequence, journal.BytesCut));
        Assert.Equal(["r0", "r1", "r2"], Records.Ids(journal));
    }

    [Fact]
    public async Task Damage_in_the_middle_is_never_skipped_in_silence()
    {
        var (bytes, ends) = await ThreeRecordsAsync();
        File.WriteAllBytes(Path.Combine(_directory.Path, JournalFormat.SegmentName(3)), Empty(3));
        bytes[ends[1] + 30] ^= 1;
        File.WriteAllBytes(Segment, bytes);

        await using var journal = LedgerJournal.Open(Options, new FailingFiles());

        var damage = Assert.Throws<JournalCorruptException>(() => Records.In(journal));
        Assert.Equal(
            $"The journal is damaged: '{Segment}' at byte {ends[1]}: the checksum of a record does not match. Restore the file, or move it away to give up the records in it from there on.",
            damage.Message);
    }

    [Fact]
    public void A_file_of_something_else_is_not_overwritten()
    {
        File.WriteAllText(Segment, "Dear diary, today I was taken for a journal.");

        Assert.Throws<JournalCorruptException>(() => LedgerJournal.Open(Options, new FailingFiles()));

        Assert.Equal("Dear diary, today I was taken for a journal.", File.ReadAllText(Segment));
    }

    private JournalOptions Options => new() { Directory = _directory.Path };

    private string Segment => Path.Combine(_directory.Path, JournalFormat.SegmentName(0));

    private static byte[] Empty(long first)
    {
        var header = new byte[JournalFormat.SegmentHeader];
        JournalFormat.WriteSegmentHeader(header, first);
        return header;
    }

    // The bytes, and where the header and each of the records end.
    private async Task<(byte[] Bytes, List<int> Ends)> ThreeRecordsAsync()
    {
        var ends = new List<int> { JournalFormat.SegmentHeader };
        await using (var journal = LedgerJournal.Open(Options, new FailingFiles()))
        {
            for (var number = 0; number < 3; number++)
            {
                await journal.AppendAsync(Records.Of($"r{number}"));
                ends.Add((int)journal.End.Offset);
            }
        }

        return (File.ReadAllBytes(Segment), ends);
    }
}

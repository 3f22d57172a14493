using System.Text;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Transport;

namespace MeaiRouter.OpenAI.Tests.Transport;

public sealed class SseReaderTests
{
    public static TheoryData<string, string[]> Streams => new()
    {
        { "data: a\n\n", ["a"] },
        { "data: a\r\n\r\n", ["a"] },
        { "data: a\r\r", ["a"] },
        { "data: a\n\r\ndata: b\r\n\n", ["a", "b"] },
        { "data:a\n\ndata:  b\n\n", ["a", " b"] },
        { "data: one\ndata: two\ndata:three\n\n", ["one\ntwo\nthree"] },
        { "data\n\n", [""] },
        { "data\ndata\n\n", ["\n"] },
        { "data:\n\n", [""] },
        { ": OPENROUTER PROCESSING\n\n:\n\ndata: a\n\n", ["a"] },
        { "data: a\n: comment inside\ndata: b\n\n", ["a\nb"] },
        { "event: ping\n\ndata: a\n\n", ["a"] },
        { "unknown: x\ndata: a\nother\n\n", ["a"] },
        { "\uFEFFdata: a\n\n", ["a"] },
        { "\uFEFF\uFEFFdata: a\n\ndata: b\n\n", ["b"] },
        { "data: größer 日本 🎉\n\n", ["größer 日本 🎉"] },
        { "data: {\"a\":\"b: c\"}\n\n", ["{\"a\":\"b: c\"}"] },
        { "\n\n\ndata: a\n\n\n\ndata: b\n\n", ["a", "b"] },
        { "data: a\n\ndata: b\n", ["a", "b"] },
        { "data: a\n\ndata: b", ["a", "b"] },
        { "Data: a\n\n data: b\n\ndatax: c\n\n", [] },
        { "", [] },
    };

    [Theory, MemberData(nameof(Streams))]
    public async Task Events_are_the_same_however_their_bytes_are_split(string stream, string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);

        Assert.Equal(expected, await ReadAsync(new MemoryStream(bytes)));
        Assert.Equal(expected, await ReadAsync(new PiecewiseStream(bytes, pieceSize: 1)));
        for (var first = 1; first < bytes.Length; first++)
        {
            for (var second = first; second < bytes.Length; second++)
                Assert.Equal(expected, await ReadAsync(new PiecewiseStream(bytes, first, second)));
        }
    }

    [Fact]
    public async Task Type_id_and_reconnection_time_are_read()
    {
        const string Stream = "retry: 250\nid: 7\nevent: error\ndata: a\n\nretry: soon\nid: x\0y\ndata: b\n\nid\nevent: error\ndata: c\n\n";
        using var reader = new SseReader(new MemoryStream(Encoding.UTF8.GetBytes(Stream)));

        Assert.True(await reader.ReadAsync());
        Assert.Equal(("error", "7", TimeSpan.FromMilliseconds(250)), (reader.EventType, reader.LastEventId, reader.ReconnectAfter));
        Assert.True(await reader.ReadAsync());
        Assert.Equal((null, "7", TimeSpan.FromMilliseconds(250)), (reader.EventType, reader.LastEventId, reader.ReconnectAfter));
        Assert.True(await reader.ReadAsync());
        Assert.Equal(("error", ""), (reader.EventType, reader.LastEventId));
        Assert.False(await reader.ReadAsync());
        Assert.False(await reader.ReadAsync());
    }

    [Fact]
    public async Task An_event_ends_with_a_lone_carriage_return_without_waiting_for_the_next_byte()
    {
        using var reader = new SseReader(new EndlessAfter(Encoding.UTF8.GetBytes("data: a\r\r")));

        Assert.True(await reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal("a", Encoding.UTF8.GetString(reader.Data.Span));
    }

    [Theory, InlineData(1), InlineData(1000), InlineData(8192), InlineData(70_000)]
    public async Task Events_larger_than_the_buffer_arrive_whole(int pieceSize)
    {
        var large = new string('x', 100_000);
        var bytes = Encoding.UTF8.GetBytes($": c\n\ndata: {large}\ndata: {large}\n\ndata: small\n\n");

        Assert.Equal([large + "\n" + large, "small"], await ReadAsync(new PiecewiseStream(bytes, pieceSize)));
    }

    [Theory, InlineData("data: "), InlineData(": ")]
    public async Task An_event_beyond_the_limit_is_malformed(string field)
    {
        var bytes = Encoding.UTF8.GetBytes(field + new string('x', 50_000));
        using var reader = new SseReader(new PiecewiseStream(bytes, pieceSize: 4096), maxEventBytes: 20_000);

        var failure = await Assert.ThrowsAsync<RouterException>(async () => await reader.ReadAsync());

        Assert.Equal(FailureKind.MalformedAnswer, failure.Kind);
        Assert.Equal("The stream holds an event of more than 20000 bytes.", failure.Message);
    }

    [Fact]
    public async Task Any_number_of_comments_stays_within_the_limit()
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(": still working\n\n", 10_000)) + "data: a\n\n");

        using var reader = new SseReader(new PiecewiseStream(bytes, pieceSize: 100), maxEventBytes: 10_000);
        Assert.True(await reader.ReadAsync());
        Assert.Equal("a", Encoding.UTF8.GetString(reader.Data.Span));
    }

    private static async Task<List<string>> ReadAsync(Stream stream)
    {
        using var reader = new SseReader(stream);
        var events = new List<string>();
        while (await reader.ReadAsync())
            events.Add(Encoding.UTF8.GetString(reader.Data.Span));
        return events;
    }

    private sealed class EndlessAfter(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return read;
        }
    }
}

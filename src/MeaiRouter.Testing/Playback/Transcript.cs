using System.Collections.Immutable;
using System.Text;

namespace MeaiRouter.Testing;

/// <summary>Everything that is to happen on the connection in answer to one request.</summary>
internal sealed record Transcript
{
    /// <summary>The HTTP status, or <see langword="null"/> where not even a status line is sent.</summary>
    public int? Status { get; init; }

    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The length announced, which may be more than the frames hold, or <see langword="null"/> to send the body in chunks.</summary>
    public long? ContentLength { get; init; }

    public ImmutableArray<Frame> Frames { get; init; } = [];

    public Ending Ending { get; init; }

    /// <summary>What happens before the status line.</summary>
    public Pause BeforeHeaders { get; init; }

    /// <summary>What fills the pauses once the headers are out, or <see langword="null"/> for nothing.</summary>
    public KeepAlive? KeepAlive { get; init; }

    /// <summary>The most bytes written at once, or <see langword="null"/> for a frame at a time.</summary>
    public int? WriteSize { get; init; }

    public static Transcript Whole(int status, string contentType, string body) => Whole(status, contentType, Encoding.UTF8.GetBytes(body));

    public static Transcript Whole(int status, string contentType, byte[] body) => new()
    {
        Status = status,
        Headers = [new("Content-Type", contentType)],
        ContentLength = body.Length,
        Frames = body.Length == 0 ? [] : [new Frame(body)],
    };
}

/// <summary>Bytes that leave together.</summary>
internal readonly record struct Frame(ReadOnlyMemory<byte> Bytes, Pause Before = default);

/// <summary>A wait for a time and for an event, one after the other.</summary>
internal readonly record struct Pause(TimeSpan Time, Task? Until = null);

/// <summary>Bytes without meaning that a waiting provider sends so that nobody closes the connection.</summary>
internal sealed record KeepAlive(ReadOnlyMemory<byte> Bytes, TimeSpan Every);

/// <summary>What follows the last frame.</summary>
internal enum Ending
{
    /// <summary>The end that HTTP prescribes; the connection stays usable.</summary>
    Complete,

    /// <summary>The connection is closed (FIN) in the middle of the response.</summary>
    Cut,

    /// <summary>The connection is reset (RST).</summary>
    Reset,

    /// <summary>Nothing more, until the client leaves.</summary>
    Stall,
}

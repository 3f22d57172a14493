namespace MeaiRouter.Testing;

/// <summary>Bytes of an answer that came together.</summary>
public sealed record RecordedWrite
{
    /// <summary>How long after the bytes before them, or after the request for the first ones.</summary>
    public TimeSpan After { get; init; }

    /// <summary>The bytes as UTF-8; <see langword="null"/> where they are none by themselves, such as half a character.</summary>
    public string? Text { get; init; }

    /// <summary>The bytes where they are no text.</summary>
    public byte[]? Bytes { get; init; }
}

namespace MeaiRouter.Testing;

/// <summary>One request to a provider and its answer.</summary>
public sealed record RecordedExchange
{
    /// <summary>The path under the provider's base address, such as <c>/chat/completions</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The model asked for.</summary>
    public required string Model { get; init; }

    /// <summary>Whether a stream was asked for.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>The status; <see langword="null"/> where the connection broke before any.</summary>
    public int? Status { get; init; }

    /// <summary>The headers that say something to a client: the content type, when to ask again, rate limits.</summary>
    public IReadOnlyDictionary<string, string> Headers { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The body, as it came.</summary>
    public IReadOnlyList<RecordedWrite> Writes { get => field ?? []; init; }

    /// <summary>How the answer ended.</summary>
    public RecordedEnd End { get; init; }
}

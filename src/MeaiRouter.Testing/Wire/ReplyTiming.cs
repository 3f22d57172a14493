namespace MeaiRouter.Testing;

/// <summary>When the content of a reply comes, once its headers are out.</summary>
internal sealed record ReplyTiming
{
    /// <summary>The wait before the first piece.</summary>
    public Pause BeforeContent { get; init; }

    /// <summary>The wait between two pieces.</summary>
    public TimeSpan Pace { get; init; }

    /// <summary>How often a wait is filled with a keep-alive, or <see langword="null"/> for never.</summary>
    public TimeSpan? KeepAliveEvery { get; init; }
}

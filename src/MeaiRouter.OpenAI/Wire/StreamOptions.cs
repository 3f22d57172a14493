namespace MeaiRouter.OpenAI.Wire;

/// <summary>What a stream is to hold besides the answer.</summary>
public sealed class StreamOptions
{
    /// <summary>Whether a last chunk reports the usage.</summary>
    public bool? IncludeUsage { get; set; }
}

using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>A layer of ours, found through <c>GetService</c> also behind layers of others.</summary>
internal interface IPipelineLayer
{
    /// <summary>Where in a pipeline the layer belongs.</summary>
    PipelineStage Stage { get; }

    /// <summary>The next layer of ours further in; <see langword="null"/> for the innermost.</summary>
    IPipelineLayer? Next { get; }

    /// <summary>Whether no layer of others stands between this one and the innermost of ours.</summary>
    bool IsUnbrokenInwards { get; }

    /// <summary>What of its settings matters to whoever reads the pipeline. No keys, no prompts.</summary>
    string Settings { get; }

    /// <summary>The clients it calls besides the one it wraps, by the names that traces give them.</summary>
    IEnumerable<KeyValuePair<string, IChatClient>> Branches { get; }
}

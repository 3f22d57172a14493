namespace MeaiRouter.Routing;

/// <summary>A layer that can compress conversations, found through <c>GetService</c>: the planner then admits endpoints they fit only so.</summary>
internal interface IContextCompressor
{
    /// <summary>Whether it does so where the request does not say.</summary>
    bool CompressesByDefault { get; }
}

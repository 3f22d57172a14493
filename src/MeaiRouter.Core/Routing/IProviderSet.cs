namespace MeaiRouter.Routing;

/// <summary>Says which providers a pipeline can call, found through <c>GetService</c>.</summary>
internal interface IProviderSet
{
    IReadOnlyList<string> Providers { get; }

    /// <summary>Whether the provider's client can be called with a key of the caller's.</summary>
    bool TakesKeys(string provider);
}

namespace MeaiRouter.Routing;

/// <summary>Says which providers a pipeline can call, found through <c>GetService</c>.</summary>
internal interface IProviderSet
{
    IReadOnlyList<string> Providers { get; }
}

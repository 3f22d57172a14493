namespace MeaiRouter.Routing;

/// <summary>How a request wants the endpoints sorted.</summary>
/// <param name="By">By what.</param>
/// <param name="Partition">Whether the endpoints of several models are sorted apart or together.</param>
public sealed record SortPreference(EndpointSort By, SortPartition Partition = SortPartition.Model)
{
    /// <summary>Sorts the endpoints of each model by themselves.</summary>
    /// <param name="by">By what.</param>
    public static implicit operator SortPreference(EndpointSort by) => FromEndpointSort(by);

    /// <summary>Sorts the endpoints of each model by themselves.</summary>
    /// <param name="by">By what.</param>
    public static SortPreference FromEndpointSort(EndpointSort by) => new(by);
}

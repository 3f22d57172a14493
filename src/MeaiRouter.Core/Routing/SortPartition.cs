namespace MeaiRouter.Routing;

/// <summary>Whether the endpoints of several models are sorted apart or together.</summary>
public enum SortPartition
{
    /// <summary>The endpoints of each model by themselves; the models stay in the order asked for.</summary>
    Model,

    /// <summary>The endpoints of all models together.</summary>
    None,
}

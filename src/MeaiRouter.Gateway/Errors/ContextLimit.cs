using MeaiRouter.Attempts;

namespace MeaiRouter.Gateway.Errors;

/// <summary>Tells whether a conversation was too long, for the endpoints asked or, known before any was asked, for every one there is.</summary>
internal static class ContextLimit
{
    // The name of the router's filter for it.
    private const string Filter = "context_length";

    public static bool IsExceeded(RouterException failure) =>
        failure.Kind == FailureKind.ContextTooLong || IsExceededEverywhere(failure);

    /// <summary>Whether nothing else stands in the way. OpenRouter: that is 400, as if an endpoint had said so, not 404.</summary>
    public static bool IsExceededEverywhere(RouterException failure) =>
        failure is { Kind: FailureKind.NoEndpoint, ExcludedBy.Count: > 0 } && failure.ExcludedBy.All(static filter => filter == Filter);
}

using MeaiRouter.Policies;

namespace MeaiRouter.Routing;

/// <summary>Whether a client that is in no catalogue may answer a request.</summary>
internal static class BackupRule
{
    /// <summary>Not where the request rules others out, or demands to know of an endpoint what nobody has declared of a backup.</summary>
    public static bool Allows(RoutingPreferences preferences, IReadOnlyList<RoutingPolicy> policies, IReadOnlyList<string> dataClasses) =>
        preferences is
        {
            AllowFallbacks: not false, Only.Count: 0, ZeroDataRetention: false, DataCollection: not DataCollection.Deny,
            Quantizations.Count: 0, MaxPrice: null, RequireParameters: not true, EnforceDistillableText: not true,
        }
        && policies.Count == 0
        && dataClasses.Count == 0;
}

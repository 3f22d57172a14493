using MeaiRouter.Policies;

namespace MeaiRouter.Core.Tests.Policies;

internal static class RandomPolicies
{
    private static readonly string[] Models = ["acme/*", "*/small", "acme/large", "zeta/*", "*"];
    private static readonly string[] Providers = ["a", "b", "c", "d", "c/eu"];
    private static readonly string[] Regions = ["eu", "us"];

    /// <summary>A policy in which each rule is set one time in four.</summary>
    public static RoutingPolicy Next(Random random) => new()
    {
        AllowedModels = Some(random, Models),
        IgnoredModels = Some(random, Models[1..3]),
        AllowedProviders = Some(random, Providers),
        IgnoredProviders = Some(random, Providers[..2]),
        Regions = Some(random, Regions),
        ZeroDataRetention = random.Next(4) == 0,
        DataCollection = random.Next(4) == 0 ? DataCollection.Deny : DataCollection.Allow,
        MaxPrice = random.Next(4) == 0 ? new() { Prompt = random.Next(8), Completion = random.Next(80) } : null,
    };

    private static string[] Some(Random random, string[] names) =>
        random.Next(4) == 0 ? [.. names.Where(_ => random.Next(2) == 0)] : [];
}

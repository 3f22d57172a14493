using MeaiRouter.Routing;

namespace MeaiRouter.Costs;

/// <summary>The service tiers by the names that prices use.</summary>
internal static class ServiceTierNames
{
    private const string Priority = "priority";

    /// <summary>One name for each tier. OpenRouter: <c>fast</c> is another word for <c>priority</c>.</summary>
    public static string Canonical(string name) => name.Equals("fast", StringComparison.OrdinalIgnoreCase) ? Priority : name;

    public static string? Of(ServiceTiers tier) => tier switch
    {
        ServiceTiers.Priority => Priority,
        ServiceTiers.Flex => "flex",
        _ => null,
    };
}

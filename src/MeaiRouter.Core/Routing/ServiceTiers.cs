namespace MeaiRouter.Routing;

/// <summary>Service tiers whose endpoints serve only those who ask for them.</summary>
[Flags]
internal enum ServiceTiers
{
    None = 0,
    Priority = 1,
    Flex = 2,
}

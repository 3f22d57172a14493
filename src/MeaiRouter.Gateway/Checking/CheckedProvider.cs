namespace MeaiRouter.Gateway.Checking;

/// <summary>What can be shown of a provider.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where it is called, without what could be a password.</param>
/// <param name="Key">Where its key comes from.</param>
internal sealed record CheckedProvider(string Name, string Address, string Key);

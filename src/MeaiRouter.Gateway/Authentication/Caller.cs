namespace MeaiRouter.Gateway.Authentication;

/// <summary>Who was admitted.</summary>
/// <param name="Key">His key; <see langword="null"/> for the management key, and where none is needed.</param>
/// <param name="IsManagement">Whether he presented the management key.</param>
internal readonly record struct Caller(GatewayKey? Key, bool IsManagement);

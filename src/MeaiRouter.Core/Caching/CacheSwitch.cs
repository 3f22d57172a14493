using System.Text.Json.Serialization;
using MeaiRouter.Attempts;

namespace MeaiRouter.Caching;

/// <summary>What one request asks of the response cache.</summary>
/// <param name="Enabled">Whether to use it; <see langword="null"/> leaves that to the layer.</param>
/// <param name="TimeToLive">How long to keep the answer; <see langword="null"/> leaves that to the layer.</param>
/// <param name="Renew">Whether to pass by what is kept and keep the new answer instead.</param>
[JsonConverter(typeof(ConstantConverter<CacheSwitch>))]
internal sealed record CacheSwitch(bool? Enabled, TimeSpan? TimeToLive, bool Renew);

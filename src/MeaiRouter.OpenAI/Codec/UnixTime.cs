namespace MeaiRouter.OpenAI.Codec;

/// <summary>Seconds since 1970, as the wire has them.</summary>
internal static class UnixTime
{
    public static DateTimeOffset? Read(long? seconds) =>
        seconds is > 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value) : null;
}

using System.Globalization;
using MeaiRouter.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Requests;

/// <summary>OpenRouter's headers about its response cache.</summary>
internal static class CacheHeaders
{
    private const string Prefix = "X-OpenRouter-Cache";

    /// <summary>Takes over what the request asks of the cache.</summary>
    public static void Read(IHeaderDictionary headers, ChatOptions options)
    {
        var enabled = Flag(headers, Prefix);
        var renew = Flag(headers, Prefix + "-Clear") == true;
        var timeToLive = TimeToLive(headers[Prefix + "-TTL"].ToString());
        if (enabled is not null || renew || timeToLive is not null)
            options.WithResponseCache(enabled, timeToLive, renew);
    }

    /// <summary>Says what the cache had to do with the answer.</summary>
    public static void Write(IHeaderDictionary headers, CacheUse? cache)
    {
        if (cache is null)
            return;

        headers[Prefix + "-Status"] = cache.IsHit ? "HIT" : "MISS";
        headers[Prefix + "-TTL"] = Seconds(cache.TimeToLive);
        if (!cache.IsHit)
            return;
        headers[Prefix + "-Age"] = Seconds(cache.Age);
        headers[Prefix + "-Source-Id"] = cache.SourceId;
    }

    private static bool? Flag(IHeaderDictionary headers, string name) =>
        bool.TryParse(headers[name].ToString(), out var flag) ? flag : null;

    // OpenRouter reads the leading digits; what is out of range is brought into it by the pipeline.
    private static TimeSpan? TimeToLive(string text)
    {
        var digits = text.AsSpan().TrimStart();
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        var number = end < 0 ? digits : digits[..end];
        if (number.IsEmpty)
            return null;
        return TimeSpan.FromSeconds(int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : int.MaxValue);
    }

    private static string Seconds(TimeSpan time) => ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}

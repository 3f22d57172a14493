using System.Globalization;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Routing;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Answers;

/// <summary>The header <c>Server-Timing</c>: how much of the time was the providers', and how much our own, in milliseconds.</summary>
internal static class ServerTiming
{
    /// <summary>For a whole answer: from the beginning of the first attempt to the end of the last is the providers'.</summary>
    public static void Write(HttpContext http, RouteTrace? trace)
    {
        var providers = TimeSpan.Zero;
        if (trace is { Attempts: { Count: > 0 } attempts })
        {
            var began = attempts[0].StartedAt;
            var end = began;
            for (var i = 0; i < attempts.Count; i++)
            {
                var ended = attempts[i].StartedAt + attempts[i].Duration;
                end = end > ended ? end : ended;
            }

            providers = end - began;
        }

        Write(http, providers);
    }

    /// <summary>For a stream, up to its first content.</summary>
    public static void Write(HttpContext http, TimeSpan providers)
    {
        var ours = CallFacts.Of(http).Elapsed - providers;
        http.Response.Headers["Server-Timing"] = string.Create(
            CultureInfo.InvariantCulture,
            stackalloc char[64],
            $"gateway;dur={new Milliseconds(ours)}, provider;dur={new Milliseconds(providers)}");
    }

    // Whole microseconds, as the format 0.### would write them, for a tenth of the time that takes.
    private readonly struct Milliseconds(TimeSpan time) : ISpanFormattable
    {
        private const int LongestText = 24;

        public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
        {
            var microseconds = (Math.Max(0, time.Ticks) + (TimeSpan.TicksPerMicrosecond / 2)) / TimeSpan.TicksPerMicrosecond;
            var (whole, rest) = Math.DivRem(microseconds, 1000);
            if (!destination.TryWrite(provider, $"{whole}.{rest:D3}", out charsWritten))
                return false;
            charsWritten = destination[..charsWritten].TrimEnd('0').TrimEnd('.').Length;
            return true;
        }

        public string ToString(string? format, IFormatProvider? formatProvider)
        {
            Span<char> text = stackalloc char[LongestText];
            TryFormat(text, out var length, format, formatProvider);
            return text[..length].ToString();
        }

        public override string ToString() => ToString(null, CultureInfo.InvariantCulture);
    }
}

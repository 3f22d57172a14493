using MeaiRouter.Configuration;
using MeaiRouter.Gateway.Media;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Telemetry;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>Reads <see cref="WebSettings"/>: <c>Gateway:KeepAlive</c>, <c>AccessLog</c>, <c>Docs</c>, <c>Metrics</c>, <c>ShutdownTimeout</c>, <c>FetchMedia</c>, <c>Limits</c> and <c>Cors</c>.</summary>
internal static class WebConfiguration
{
    private static readonly System.Buffers.SearchValues<char> PathCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./");

    // Kestrel looks once a second.
    private static readonly TimeSpan ShortestGrace = TimeSpan.FromSeconds(1);

    public static WebSettings Read(SectionReader gateway)
    {
        var defaults = new WebSettings();
        var settings = new WebSettings
        {
            KeepAlive = gateway.DurationOrZero("KeepAlive") switch
            {
                null => defaults.KeepAlive,
                { Ticks: 0 } => null,
                var interval => interval,
            },
            AccessLog = gateway.Flag("AccessLog") ?? defaults.AccessLog,
            Metrics = ReadMetrics(gateway.Section("Metrics")),
            Docs = gateway.Flag("Docs") ?? defaults.Docs,
            ShutdownTimeout = gateway.DurationOrZero("ShutdownTimeout"),
            FetchMedia = ReadFetchMedia(gateway),
            Cors = ReadCors(gateway.Section("Cors")),
        };
        return gateway.Section("Limits") is { } limits ? ReadLimits(limits, settings) : settings;
    }

    private static WebSettings ReadLimits(SectionReader section, WebSettings settings)
    {
        var defaults = settings.Limits;
        var depth = section.Number("MaxJsonDepth", minimum: 2) ?? defaults.MaxJsonDepth;
        if (depth > RequestLimits.DeepestJson)
            section.Refuse("MaxJsonDepth", $"'{depth}' is more than {RequestLimits.DeepestJson}, the deepest that is read at all.");
        var grace = section.Duration("SlownessGrace");
        if (grace <= ShortestGrace)
            section.Refuse("SlownessGrace", "must be more than a second: the server looks once a second.");

        return settings with
        {
            Limits = new RequestLimits
            {
                MaxBodyBytes = section.Number("MaxBodyBytes", minimum: 1) ?? defaults.MaxBodyBytes,
                MaxMessages = section.Number("MaxMessages", minimum: 1) ?? defaults.MaxMessages,
                MaxJsonDepth = depth,
                MaxMediaBytes = section.Number("MaxMediaBytes", minimum: 1) ?? defaults.MaxMediaBytes,
                BodyTimeout = section.Duration("BodyTimeout") ?? defaults.BodyTimeout,
            },
            MaxHeaderBytes = section.Number("MaxHeaderBytes", minimum: 1024),
            HeadersTimeout = section.Duration("HeadersTimeout"),
            MinBytesPerSecond = section.Number("MinBytesPerSecond", minimum: 1),
            SlownessGrace = grace,
            MaxWrongKeys = section.Number("MaxWrongKeys", minimum: 0) ?? settings.MaxWrongKeys,
            WrongKeysWindow = section.Duration("WrongKeysWindow") ?? settings.WrongKeysWindow,
        };
    }

    // One word where the defaults do, a section where they do not.
    private static MediaSettings? ReadFetchMedia(SectionReader gateway)
    {
        const string Name = "FetchMedia";

        if (!gateway.IsSection(Name))
            return gateway.Flag(Name) == true ? new MediaSettings() : null;

        var (section, defaults) = (gateway.Section(Name)!, new MediaSettings());
        return new MediaSettings
        {
            AllowHttp = section.Flag("AllowHttp") ?? defaults.AllowHttp,
            MaxBytes = section.Number("MaxBytes", minimum: 1) ?? defaults.MaxBytes,
            Timeout = section.Duration("Timeout") ?? defaults.Timeout,
        };
    }

    private static MetricsSettings ReadMetrics(SectionReader? section)
    {
        var defaults = new MetricsSettings();
        if (section is null)
            return defaults;

        var path = section.Text("Path") ?? defaults.Path;
        if (path is not ['/', _, ..] || path.AsSpan(1).IndexOfAnyExcept(PathCharacters) >= 0)
            section.Refuse("Path", $"'{path}' is not a path. Begin with a slash and use letters, digits, and -_./ alone, as in /metrics.");
        return new MetricsSettings { Enabled = section.Flag("Enabled") ?? defaults.Enabled, Path = path, RequireKey = section.Flag("RequireKey") };
    }

    private static CorsSettings? ReadCors(SectionReader? section)
    {
        if (section is null)
            return null;

        var origins = section.Texts("Origins") ?? [];
        if (origins.Count == 0)
            section.Refuse("Origins", "is missing. List the origins of the pages that may call, such as https://app.example.com.");
        foreach (var origin in origins.Where(static origin => origin != "*" && !IsOrigin(origin)))
            section.Refuse("Origins", $"'{origin}' is not an origin. Write scheme, host and port alone, such as https://app.example.com, or * for all.");
        return new CorsSettings(origins, section.DurationOrZero("MaxAge") ?? TimeSpan.FromMinutes(10));
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase);
}

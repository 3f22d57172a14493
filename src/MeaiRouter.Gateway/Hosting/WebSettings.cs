using MeaiRouter.Gateway.Media;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Telemetry;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>What of the section <c>MeaiRouter:Gateway</c> is about HTTP rather than about keys and money.</summary>
internal sealed record WebSettings
{
    /// <summary>How large requests may be, and how long they may take to arrive.</summary>
    public RequestLimits Limits { get; init; } = new();

    /// <summary>The silence after which a stream gets a comment; <see langword="null"/> for none.</summary>
    public TimeSpan? KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether each call is logged.</summary>
    public bool AccessLog { get; init; }

    /// <summary>Whether <c>/openapi.json</c> and <c>/docs</c> are served.</summary>
    public bool Docs { get; init; } = true;

    /// <summary>How metrics are served.</summary>
    public MetricsSettings Metrics { get; init; } = new();

    /// <summary>Which web pages may call; <see langword="null"/> for none.</summary>
    public CorsSettings? Cors { get; init; }

    /// <summary>How addresses in requests are fetched; <see langword="null"/> for not at all.</summary>
    public MediaSettings? FetchMedia { get; init; }

    /// <summary>How many wrong keys an address may present within <see cref="WrongKeysWindow"/>; 0 for any number.</summary>
    public int MaxWrongKeys { get; init; } = 30;

    /// <summary>The window of <see cref="MaxWrongKeys"/>.</summary>
    public TimeSpan WrongKeysWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long calls under way may go on when the host stops; <see langword="null"/> for the host's own, 30 seconds.</summary>
    public TimeSpan? ShutdownTimeout { get; init; }

    /// <summary>The largest head of a request, in bytes; <see langword="null"/> for Kestrel's own, 32 KiB.</summary>
    public int? MaxHeaderBytes { get; init; }

    /// <summary>How long the head of a request may take to arrive; <see langword="null"/> for Kestrel's own, 30 seconds.</summary>
    public TimeSpan? HeadersTimeout { get; init; }

    /// <summary>The slowest a caller may send and read, in bytes a second; <see langword="null"/> for Kestrel's own, 240.</summary>
    public int? MinBytesPerSecond { get; init; }

    /// <summary>How long a caller may be slower than that; <see langword="null"/> for Kestrel's own, 5 seconds.</summary>
    public TimeSpan? SlownessGrace { get; init; }
}

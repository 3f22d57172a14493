namespace MeaiRouter.Health;

/// <summary>How attempts are turned into a judgement of an endpoint. The defaults need no tuning at low or at high traffic.</summary>
public sealed record HealthOptions
{
    /// <summary>Failures in a row that open the breaker, whatever came before them.</summary>
    /// <value>Default: 5, the threshold most peers share (LiteLLM's and Portkey's breakers).</value>
    public int ConsecutiveFailures { get; init; } = 5;

    /// <summary>Failures assumed of an endpoint of which nothing is known: the first parameter of the Beta prior of its error rate.</summary>
    /// <value>Default: 1. With one success beside it every error rate is equally likely at first.</value>
    public double PriorFailures { get; init; } = 1;

    /// <summary>Successes assumed of an endpoint of which nothing is known: the second parameter of the Beta prior.</summary>
    /// <value>Default: 1.</value>
    public double PriorSuccesses { get; init; } = 1;

    /// <summary>
    /// Standard deviations by which the expected error rate must exceed one half before the breaker opens. With the default prior three
    /// failures and no success suffice, four failures and one success do not.
    /// </summary>
    /// <value>Default: 1.64, 95 % of a normal distribution on one side.</value>
    public double Certainty { get; init; } = 1.64;

    /// <summary>How long the breaker stays open the first time; twice as long each time a probe fails.</summary>
    /// <value>Default: 5 s.</value>
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest the breaker stays open. An endpoint that fails again this soon after its recovery continues where it was.</summary>
    /// <value>Default: 30 s, so that an endpoint is found again at most half a minute after its recovery, for two probes a minute.</value>
    public TimeSpan OpenForAtMost { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after a recovery the endpoint's share of traffic grows back to the whole.</summary>
    /// <value>Default: 30 s.</value>
    public TimeSpan SlowStart { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The share of traffic with which a recovered endpoint begins.</summary>
    /// <value>Default: 0.1.</value>
    public double SlowStartShare { get; init; } = 0.1;

    /// <summary>The share of its traffic that an endpoint gets so many ticks after it was given a new chance.</summary>
    internal double ShareAfter(long ticks) => SlowStart <= TimeSpan.Zero
        ? 1
        : Math.Clamp(SlowStartShare + ((1 - SlowStartShare) * ticks / SlowStart.Ticks), 0, 1);

    /// <summary>Requests in five minutes below which an endpoint has no uptime and counts as normal.</summary>
    /// <value>Default: 20, as at Helicone. OpenRouter asks for 100, of a traffic no single process sees.</value>
    public int RequestsForUptime { get; init; } = 20;

    /// <summary>Uptime below which an endpoint is <see cref="UptimeClass.Degraded"/>.</summary>
    /// <value>Default: 0.95, as at OpenRouter.</value>
    public double DegradedBelow { get; init; } = 0.95;

    /// <summary>Uptime below which an endpoint is <see cref="UptimeClass.Down"/>.</summary>
    /// <value>Default: 0.8, as at OpenRouter.</value>
    public double DownBelow { get; init; } = 0.8;

    /// <summary>Failures within 30 s that make an outage, if the uptime of these seconds is that of <see cref="UptimeClass.Down"/>.</summary>
    /// <value>Default: 3. OpenRouter publishes the window and no number.</value>
    public int FailuresForOutage { get; init; } = 3;

    /// <summary>How long a key rests at an endpoint after a 429 that names no time.</summary>
    /// <value>Default: 5 s, LiteLLM's cooldown.</value>
    public TimeSpan RateLimitRest { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest rest a provider can ask for.</summary>
    /// <value>Default: 1 h.</value>
    public TimeSpan RateLimitRestAtMost { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long a key rests that was refused: at all endpoints of its provider after a 401 or 402, and after a 403, which may be about the
    /// model, at that endpoint. Twice as long each time the one attempt made after the rest is refused too.
    /// </summary>
    /// <value>Default: 10 min. Keys do not mend by themselves, and every attempt with a dead one costs its caller a round trip.</value>
    public TimeSpan KeyRest { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest rest of a refused key.</summary>
    /// <value>Default: 1 h.</value>
    public TimeSpan KeyRestAtMost { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many endpoints' healths with keys of callers are kept. Beyond that the least used are forgotten.</summary>
    /// <value>Default: 1,024. Each takes up to 25 KB.</value>
    public int CallersKeys { get; init; } = 1_024;

    /// <summary>The part of the load under which a 429 came that is taken for what the endpoint bears.</summary>
    /// <value>Default: 0.8.</value>
    public double TrafficCapShare { get; init; } = 0.8;

    /// <summary>By how much the learned load grows each minute without a 429.</summary>
    /// <value>Default: 0.1.</value>
    public double TrafficCapGrowthPerMinute { get; init; } = 0.1;

    /// <summary>The weight of the newest answer in the running average of latency.</summary>
    /// <value>Default: 0.3.</value>
    public double LatencyWeight { get; init; } = 0.3;
}

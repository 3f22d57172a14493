namespace MeaiRouter.Fallback;

/// <summary>
/// How many attempts besides the first ones may be made: a share of the recent requests. It keeps a failing provider from being asked
/// several times as often as a healthy one, and its callers from paying for it.
/// </summary>
/// <remarks>
/// <para>
/// Every further attempt is counted: those at the same endpoint, at another one, and those begun beside a silent one. When the budget is
/// used up, a request may still turn to an endpoint of which nothing bad is known, so that nobody fails while somebody could answer;
/// an endpoint that rests, because of its breaker or a rate limit, is not asked, and nobody is asked twice.
/// </para>
/// <para>Each <see cref="FallbackChatClient"/> has one of its own unless <see cref="FallbackOptions.RetryBudget"/> is set; several may share one.</para>
/// </remarks>
public sealed class RetryBudget
{
    private const int Slots = 6;

    private readonly long _slotTicks;
    private readonly Slot[] _requests = new Slot[Slots];
    private readonly Slot[] _retries = new Slot[Slots];
    private readonly Lock _draw = new();

    /// <summary>Creates a budget.</summary>
    /// <param name="share">Further attempts per request. Default: 0.1, so that an outage costs at most 1.1 attempts per request;
    /// Finagle and Linkerd allow 0.2.</param>
    /// <param name="floor">Further attempts that are allowed however few the requests are. Default: 10 within the window.</param>
    /// <param name="window">The time over which both are counted. Default: 30 seconds, OpenRouter's window for outages.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is negative or not a number, the floor negative, or the window shorter than a
    /// second or longer than an hour.</exception>
    public RetryBudget(double share = 0.1, int floor = 10, TimeSpan? window = null)
    {
        var length = window ?? TimeSpan.FromSeconds(30);
        if (!(share >= 0) || double.IsInfinity(share))
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share of a retry budget must be 0 or more, such as 0.1 for one further attempt in ten requests.");
        if (floor < 0)
            throw new ArgumentOutOfRangeException(nameof(floor), floor, "The floor of a retry budget must be 0 or more attempts.");
        if (length < TimeSpan.FromSeconds(1) || length > TimeSpan.FromHours(1))
            throw new ArgumentOutOfRangeException(nameof(window), length, "The window of a retry budget must be between a second and an hour.");

        Share = share;
        Floor = floor;
        Window = length;
        _slotTicks = length.Ticks / Slots;
    }

    /// <summary>Further attempts per request.</summary>
    public double Share { get; }

    /// <summary>Further attempts within the window that are allowed however few the requests are.</summary>
    public int Floor { get; }

    /// <summary>The time over which requests and attempts are counted.</summary>
    public TimeSpan Window { get; }

    /// <summary>Whether a further attempt may be made.</summary>
    internal bool HasLeft(long now) => Sum(_retries, now) + 1 <= Math.Max(Floor, Share * Sum(_requests, now));

    /// <summary>Counts a request.</summary>
    internal void CountRequest(long now) => Slot.Add(_requests, now / _slotTicks);

    /// <summary>Counts a further attempt that is made in any case.</summary>
    internal void Draw(long now) => Slot.Add(_retries, now / _slotTicks);

    /// <summary>Counts a further attempt if one may be made.</summary>
    internal bool TryDraw(long now)
    {
        lock (_draw)
        {
            if (!HasLeft(now))
                return false;
            Draw(now);
            return true;
        }
    }

    private long Sum(Slot[] slots, long now)
    {
        var sum = 0L;
        var period = now / _slotTicks;
        for (var age = 0; age < Slots && age <= period; age++)
            sum += slots[(period - age) % Slots].CountOf(period - age);
        return sum;
    }

    /// <summary>A count for a period of time. Both are one number, so that counting takes no lock.</summary>
    private struct Slot
    {
        private ulong _periodAndCount;

        public static void Add(Slot[] slots, long period)
        {
            ref var cell = ref slots[period % Slots]._periodAndCount;
            var begun = (ulong)(uint)period << 32;
            while (true)
            {
                var seen = Volatile.Read(ref cell);
                if (seen >> 32 == (uint)period && seen != 0)
                {
                    Interlocked.Increment(ref cell);
                    return;
                }

                if (Interlocked.CompareExchange(ref cell, begun + 1, seen) == seen)
                    return;
            }
        }

        public readonly uint CountOf(long period) => _periodAndCount >> 32 == (uint)period ? (uint)_periodAndCount : 0;
    }
}

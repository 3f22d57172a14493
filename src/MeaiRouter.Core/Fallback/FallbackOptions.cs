using MeaiRouter.Load;

namespace MeaiRouter.Fallback;

/// <summary>How often and how long a request is tried. Every duration may be <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
public sealed class FallbackOptions
{
    // Without a stream there is no sign of life until the answer is complete, so it gets longer before a second endpoint is paid for.
    private const int WholeAnswerFactor = 3;

    // A timer holds 49 days, and the longest of ours runs for FirstContent three times over.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(16);

    /// <summary>How many attempts one request may cost, the first included.</summary>
    /// <value>Default: 3.</value>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>
    /// How long a streamed attempt may show no content before the next endpoint is started beside it; whichever shows content first
    /// answers, the other is cancelled. The last endpoint left is given the whole time.
    /// </summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan FirstContent { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The same for answers that are not streamed.</summary>
    /// <value>Default: <see langword="null"/>, three times <see cref="FirstContent"/>.</value>
    public TimeSpan? WholeAnswer { get; set; }

    /// <summary>How long a stream may show no further content before it counts as stalled.</summary>
    /// <value>Default: 30 seconds.</value>
    public TimeSpan Idle { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the request may take with all its attempts.</summary>
    /// <value>Default: 10 minutes.</value>
    public TimeSpan Total { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether an answer without a finish reason is a failure. Turn it off only for clients that never give one.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool RequireFinishReason { get; set; } = true;

    /// <summary>How many attempts an endpoint is sent at once, and how requests wait beyond that.</summary>
    /// <value>Default: no limits.</value>
    public LoadOptions Load
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = new();

    /// <summary>What the calls of each attempt run through, such as a pipeline of Polly's; <see langword="null"/> for nothing.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public IAttemptPolicy? AttemptPolicy { get; set; }

    internal TimeSpan SoftDeadline(bool streaming)
    {
        if (streaming)
            return FirstContent;
        return WholeAnswer ?? (FirstContent == Timeout.InfiniteTimeSpan ? FirstContent : FirstContent * WholeAnswerFactor);
    }

    internal FallbackOptions Validated()
    {
        var errors = new List<string>();
        if (MaxAttempts < 1)
            errors.Add($"{nameof(MaxAttempts)} is {MaxAttempts}; it must be at least 1.");
        Check(nameof(FirstContent), FirstContent);
        Check(nameof(WholeAnswer), WholeAnswer ?? Timeout.InfiniteTimeSpan);
        Check(nameof(Idle), Idle);
        Check(nameof(Total), Total);

        var copy = (FallbackOptions)MemberwiseClone();
        copy.Load = Load.Validated(errors);
        return errors.Count == 0 ? copy : throw new ArgumentException(string.Join(" ", errors));

        void Check(string name, TimeSpan value)
        {
            if (value <= TimeSpan.Zero && value != Timeout.InfiniteTimeSpan)
                errors.Add($"{name} is {value}; it must be positive, or infinite.");
            else if (value > Longest)
                errors.Add($"{name} is {value}; it must be at most {Longest.Days} days, or infinite.");
        }
    }
}

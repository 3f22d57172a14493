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

    /// <summary>
    /// How long a stream's content is held back from its first on, so that an attempt that breaks right after it is replaced before the
    /// caller has seen any of it. It delays the first content by at most this time and nothing after it.
    /// </summary>
    /// <value>Default: 50 milliseconds, two or three tokens of a usual stream. Zero for no hold; infinite to bound it by <see cref="HoldCharacters"/> alone.</value>
    public TimeSpan Hold { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The characters of output that end <see cref="Hold"/> early, as does the end of the answer.</summary>
    /// <value>Default: 64. Zero for no hold.</value>
    public int HoldCharacters { get; set; } = 64;

    /// <summary>
    /// Whether a stream that breaks after content was handed out is asked for again at the next endpoint, whose answer is suppressed while it
    /// equals what the caller already has and goes on from there. At its first difference it is given up.
    /// </summary>
    /// <remarks>
    /// It usually succeeds where tokens are not drawn at random (<c>Temperature</c> 0). Every attempt is paid for. Where another attempt
    /// remains, tool calls are handed out once the answer is whole, so that they do not stand in the way; an answer with signed
    /// reasoning, data or a refusal in the caller's hands is never continued.
    /// </remarks>
    /// <value>Default: <see langword="true"/>.</value>
    public bool RestartBroken { get; set; } = true;

    /// <summary>
    /// Whether a stream that breaks may be continued by an endpoint that takes the answer so far as the beginning of its own
    /// (<c>assistant_prefill</c> among its supported parameters). Only for plain text: not with tools, JSON or reasoning.
    /// </summary>
    /// <remarks>
    /// The answer is then written by two models, and nobody verifies the joint. White space at the joint is kept as the caller has it. The
    /// limit on output tokens applies to the second part anew.
    /// </remarks>
    /// <value>Default: <see langword="false"/>.</value>
    public bool AllowPrefill { get; set; }

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
        if (Hold != TimeSpan.Zero)
            Check(nameof(Hold), Hold);
        if (HoldCharacters < 0)
            errors.Add($"{nameof(HoldCharacters)} is {HoldCharacters}; it must be at least 0.");

        return errors.Count == 0 ? (FallbackOptions)MemberwiseClone() : throw new ArgumentException(string.Join(" ", errors));

        void Check(string name, TimeSpan value)
        {
            if (value <= TimeSpan.Zero && value != Timeout.InfiniteTimeSpan)
                errors.Add($"{name} is {value}; it must be positive, or infinite.");
            else if (value > Longest)
                errors.Add($"{name} is {value}; it must be at most {Longest.Days} days, or infinite.");
        }
    }
}

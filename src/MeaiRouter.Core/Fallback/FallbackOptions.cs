using System.Globalization;
using MeaiRouter.Attempts;
using MeaiRouter.Load;
using MeaiRouter.Routing;

namespace MeaiRouter.Fallback;

/// <summary>How often and how long a request is tried. Every duration may be <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
public sealed class FallbackOptions
{
    // A timer holds 49 days.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(16);

    /// <summary>
    /// How many attempts one request may cost, the first included. An endpoint is tried again only with an attempt that no other endpoint
    /// could use. Turning to another key of the same provider's, after one was refused, is not counted.
    /// </summary>
    /// <value>
    /// Default: <see langword="null"/>, as many as there are endpoints, so that none goes unasked that could have answered, and at least 3.
    /// </value>
    public int? MaxAttempts { get; set; }

    /// <summary>
    /// How long a streamed attempt may show no content before the next endpoint is started beside it; whichever shows content first
    /// answers, the other is cancelled. An endpoint whose answers to prompts of this size lately took longer is given that time and a quarter
    /// more. The last endpoint left is given the whole time.
    /// </summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan FirstContent { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The same for answers that are not streamed. Without a stream there is no sign of life until the answer is complete: where answers are long
    /// it is the time that an endpoint usually takes which counts, from its third answer on.
    /// </summary>
    /// <value>Default: <see langword="null"/>, the same as <see cref="FirstContent"/>.</value>
    public TimeSpan? WholeAnswer { get; set; }

    /// <summary>How long a stream may show no further content before it counts as stalled.</summary>
    /// <value>Default: 30 seconds.</value>
    public TimeSpan Idle { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the request may take with all its attempts.</summary>
    /// <value>Default: 10 minutes.</value>
    public TimeSpan Total { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The longest time named by a provider's 429 (<c>Retry-After</c>) that a request waits for, once, to ask the same endpoint again. Whoever
    /// names a longer one, or one past <see cref="Total"/>, is left for another endpoint at once.
    /// </summary>
    /// <value>Default: 2 seconds. Zero never waits.</value>
    public TimeSpan RetryAfterAtMost { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many attempts besides the first ones may be made.</summary>
    /// <value>Default: <see langword="null"/>, a budget of the client's own with the defaults of <see cref="Fallback.RetryBudget"/>.</value>
    public RetryBudget? RetryBudget { get; set; }

    /// <summary>When to start a second endpoint beside one that is only slower than usual.</summary>
    /// <value>Default: <see langword="null"/>, never: a second endpoint is started only beside one that is silent.</value>
    public HedgingOptions? Hedging { get; set; }

    /// <summary>
    /// Rules that tell what an exception of a client's means, tried in order before MeaiRouter reads it itself. A rule that does not know the
    /// exception returns <see langword="null"/>.
    /// </summary>
    /// <value>Default: none.</value>
    public IList<Func<Exception, FailureKind?>> FailureRules { get; set; } = [];

    /// <summary>
    /// Whether another endpoint may answer what one endpoint's content filter has stopped, be it with an error or with the finish reason
    /// <c>content_filter</c> before the caller has seen content.
    /// </summary>
    /// <value>Default: <see cref="RetryElsewhere.Never"/>, the caller learns of it.</value>
    public RetryElsewhere OnContentFiltered { get; set; } = RetryElsewhere.Never;

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

    /// <summary>The layer whose place the new one takes: attempts in flight and budgets for retries go on counting. Not kept.</summary>
    internal FallbackChatClient? Predecessor { get; set; }

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

    /// <summary>
    /// Called whenever a request goes on with another attempt, and when a stream breaks for good after the caller has seen content. It runs on the request's own
    /// path, so it must be quick; what it throws is ignored.
    /// </summary>
    /// <value>Default: <see langword="null"/>, nobody is told.</value>
    public Action<FailoverEventArgs>? OnFailover { get; set; }

    /// <summary>Tells that an attempt begins that is not the request's first, or that there is none to take over a broken stream.</summary>
    internal void TellFailover(RouteContext context, RouteAttempt? next, bool isContinuation)
    {
        if (OnFailover is not { } tell)
            return;

        var attempts = context.Attempts;
        var before = attempts.LastOrDefault(attempt => !ReferenceEquals(attempt, next) && attempt.Failure is not null)
            ?? attempts.LastOrDefault(attempt => !ReferenceEquals(attempt, next));
        if (before is null)
            return;

        try
        {
            tell(new FailoverEventArgs(context.Id, before, next) { IsContinuation = isContinuation });
        }
        catch (Exception)
        {
            // A request must not fail because somebody who listens does.
        }
    }

    internal TimeSpan SoftDeadline(bool streaming)
    {
        if (streaming)
            return FirstContent;
        return WholeAnswer ?? FirstContent;
    }

    /// <summary>What an exception of a client's means, by the rules or by our own reading.</summary>
    internal RouterException Read(Exception exception, RouteAttempt attempt, RouteContext context)
    {
        var read = FailureClassifier.Read(exception, attempt.Provider, attempt.Endpoint?.Tag);
        try
        {
            foreach (var rule in FailureRules)
            {
                if (rule(exception) is { } kind)
                    return kind == read.Kind ? read : read.As(kind);
            }
        }
        catch (Exception error)
        {
            // A request must not die of a rule that does; the attempt is judged without it.
            context.Note($"A rule in {nameof(FailureRules)} threw a {error.GetType().Name} and was left out.");
        }

        return read;
    }

    /// <summary>What follows from a failure, with the choices made here.</summary>
    internal FailureConsequences ConsequencesOf(FailureKind kind) =>
        kind == FailureKind.ContentFiltered ? kind.Consequences() with { Elsewhere = OnContentFiltered } : kind.Consequences();

    internal FallbackOptions Validated()
    {
        var errors = new List<string>();
        if (MaxAttempts < 1)
            errors.Add($"{nameof(MaxAttempts)} is {MaxAttempts}; it must be at least 1.");
        Check(nameof(FirstContent), FirstContent);
        Check(nameof(WholeAnswer), WholeAnswer ?? Timeout.InfiniteTimeSpan);
        Check(nameof(Idle), Idle);
        Check(nameof(Total), Total);
        if (RetryAfterAtMost < TimeSpan.Zero || RetryAfterAtMost > Longest)
            errors.Add($"{nameof(RetryAfterAtMost)} is {RetryAfterAtMost}; it must be between zero and {Longest.Days} days.");
        if (OnContentFiltered is not (RetryElsewhere.Never or RetryElsewhere.Always))
            errors.Add($"{nameof(OnContentFiltered)} is {OnContentFiltered}; it must be {nameof(RetryElsewhere.Never)} or {nameof(RetryElsewhere.Always)}.");
        if (FailureRules is null || FailureRules.Contains(null!))
            errors.Add($"{nameof(FailureRules)} is null or holds a null; leave it empty for no rules.");
        if (Hedging is { } hedging)
        {
            if (!(hedging.Quantile is > 0 and < 1))
                errors.Add($"{nameof(Hedging)}.{nameof(hedging.Quantile)} is {Invariant(hedging.Quantile)}; it must be between 0 and 1, such as 0.95.");
            if (!(hedging.MaxShare is > 0 and <= 1))
                errors.Add($"{nameof(Hedging)}.{nameof(hedging.MaxShare)} is {Invariant(hedging.MaxShare)}; it must be above 0 and at most 1, such as 0.05.");
        }
        if (Hold != TimeSpan.Zero)
            Check(nameof(Hold), Hold);
        if (HoldCharacters < 0)
            errors.Add($"{nameof(HoldCharacters)} is {HoldCharacters}; it must be at least 0.");

        var load = Load.Validated(errors);
        if (errors.Count > 0)
            throw new ArgumentException(string.Join(" ", errors));

        var copy = (FallbackOptions)MemberwiseClone();
        copy.FailureRules = [.. FailureRules!];
        copy.Hedging = Hedging?.Copy();
        copy.Load = load;
        copy.Predecessor = null;
        return copy;

        static string Invariant(double value) => value.ToString(CultureInfo.InvariantCulture);

        void Check(string name, TimeSpan value)
        {
            if (value <= TimeSpan.Zero && value != Timeout.InfiniteTimeSpan)
                errors.Add($"{name} is {value}; it must be positive, or infinite.");
            else if (value > Longest)
                errors.Add($"{name} is {value}; it must be at most {Longest.Days} days, or infinite.");
        }
    }

    /// <summary>What matters of them for people.</summary>
    internal string ToText() =>
        $"{(MaxAttempts is { } most ? $"at most {SettingsText.Count(most, "attempt")}" : "as many attempts as endpoints and at least 3")}, " +
        $"first content {SettingsText.Time(FirstContent)}, idle {SettingsText.Time(Idle)}, total {SettingsText.Time(Total)}, " +
        (Hedging is { } hedging ? string.Create(CultureInfo.InvariantCulture, $"hedging above quantile {hedging.Quantile}") : "no hedging");
}

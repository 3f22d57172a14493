using Microsoft.Extensions.AI;

namespace MeaiRouter.Attempts;

/// <summary>The one exception of MeaiRouter: an attempt or a whole request that failed, with everything known about why.</summary>
/// <remarks>
/// A provider's client throws it for a single failed call; the fallback layer throws it when no endpoint answered, and then
/// <see cref="Attempts"/> lists what every endpoint said. The message quotes the provider, who may quote the request; MeaiRouter itself adds neither keys nor content.
/// </remarks>
public sealed class RouterException : Exception
{
    /// <summary>Creates an exception.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">What happened and, where there is one, the remedy.</param>
    /// <param name="innerException">The exception this one was read from.</param>
    public RouterException(FailureKind kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>What went wrong.</summary>
    public FailureKind Kind { get; }

    /// <summary>The HTTP status the provider answered with; <see langword="null"/> where it gave none.</summary>
    public int? Status { get; init; }

    /// <summary>The provider that failed; <see langword="null"/> where no single one did.</summary>
    public string? Provider { get; init; }

    /// <summary>The tag of the endpoint that failed; <see langword="null"/> where no single one did.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The provider's own error code or type, verbatim.</summary>
    public string? ProviderCode { get; init; }

    /// <summary>Where in the request the value stands that was refused, such as <c>messages[0].role</c>; <see langword="null"/> where no single one was.</summary>
    public string? Parameter { get; init; }

    /// <summary>The provider's id of the failed request, for its support.</summary>
    public string? RequestId { get; init; }

    /// <summary>The tokens that the provider says the failed call used, and so charges; <see langword="null"/> where it said nothing.</summary>
    public UsageDetails? ReportedUsage { get; init; }

    /// <summary>How long the provider asked to wait before the next call; <see langword="null"/> where it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// The rules that left no endpoint, in OpenRouter's words (<c>excluded_by</c>: <c>data_policy:zdr</c>, <c>max_price</c>,
    /// <c>context_length</c>, ...) where it has one; empty for every other failure.
    /// </summary>
    public IReadOnlyList<string> ExcludedBy { get; init; } = [];

    /// <summary>The limit that had no room, where a budget refused the call; <see langword="null"/> for every other failure.</summary>
    public BudgetRefusal? BudgetRefusal { get; init; }

    /// <summary>Every attempt made for the request, in the order they began; empty where the failure is that of a single call.</summary>
    public IReadOnlyList<RouteAttempt> Attempts { get; init; } = [];

    /// <summary>The plan of the request that failed, for whoever knows what a plan is; <see langword="null"/> where there is none.</summary>
    internal object? Route { get; init; }

    /// <summary>The same failure under another kind, and perhaps with another message.</summary>
    internal RouterException As(FailureKind kind, string? message = null) => new(kind, message ?? Message, InnerException)
    {
        Status = Status,
        Provider = Provider,
        Endpoint = Endpoint,
        ProviderCode = ProviderCode,
        Parameter = Parameter,
        RequestId = RequestId,
        RetryAfter = RetryAfter,
        ReportedUsage = ReportedUsage,
        Route = Route,
    };
}

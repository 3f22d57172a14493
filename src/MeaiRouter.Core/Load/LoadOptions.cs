using System.Collections.Frozen;

namespace MeaiRouter.Load;

/// <summary>How many requests an endpoint is sent at once, and what becomes of those beyond that. By default there is no limit.</summary>
/// <remarks>
/// A saturated endpoint is passed over while another has room. Where none has, requests wait in line: those of a higher
/// <see cref="RequestPriority"/> first, and within a priority the callers named by <c>options.WithCaller</c> take turns. Waiting is not
/// counted as the endpoint's own slowness, only against the deadline of the whole request.
/// </remarks>
public sealed class LoadOptions
{
    // The longest a timer of ours is set for, as for the deadlines.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(16);

    /// <summary>Attempts in flight at each endpoint that sets no limit of its own; <see langword="null"/> for any number.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public int? MaxConcurrency { get; set; }

    /// <summary>Requests that may wait at each endpoint that sets no length of its own; 0 refuses at once whatever finds no room.</summary>
    /// <value>Default: 100.</value>
    public int QueueLimit { get; set; } = 100;

    /// <summary>How long a request waits for room before the attempt is given up, or <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    /// <value>Default: 30 seconds.</value>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Limits on all endpoints of a provider together, by the provider's name without regard to case, in addition to those of the
    /// endpoints.
    /// </summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, ConcurrencyLimit> Providers
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = FrozenDictionary<string, ConcurrencyLimit>.Empty;

    /// <summary>A copy that later changes do not reach.</summary>
    /// <param name="errors">Where to say what is out of range.</param>
    internal LoadOptions Validated(List<string> errors)
    {
        if (MaxConcurrency < 1)
            errors.Add($"Load.{nameof(MaxConcurrency)} is {MaxConcurrency}; it must be at least 1, or null for no limit.");
        if (QueueLimit < 0)
            errors.Add($"Load.{nameof(QueueLimit)} is {QueueLimit}; it must be at least 0.");
        if (MaxWait <= TimeSpan.Zero && MaxWait != Timeout.InfiniteTimeSpan)
            errors.Add($"Load.{nameof(MaxWait)} is {MaxWait}; it must be positive, or infinite.");
        else if (MaxWait > Longest)
            errors.Add($"Load.{nameof(MaxWait)} is {MaxWait}; it must be at most {Longest.Days} days, or infinite.");

        var copy = (LoadOptions)MemberwiseClone();
        var providers = new Dictionary<string, ConcurrencyLimit>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, limit) in Providers)
        {
            if (limit.MaxConcurrency < 1)
                errors.Add($"Load.{nameof(Providers)}[\"{name}\"].MaxConcurrency is {limit.MaxConcurrency}; it must be at least 1.");
            if (limit.QueueLimit < 0)
                errors.Add($"Load.{nameof(Providers)}[\"{name}\"].QueueLimit is {limit.QueueLimit}; it must be at least 0.");
            if (!providers.TryAdd(name, limit))
                errors.Add($"Load.{nameof(Providers)} holds '{name}' twice, in different capitals. Remove one.");
        }

        copy.Providers = providers.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        return copy;
    }
}

namespace MeaiRouter.Testing;

/// <summary>What a scripted provider does with the requests for one model: first the single steps in order, then one step forever.</summary>
/// <remarks>
/// A script may be changed while requests come in. A request for which no step is left is answered with 400 <c>script_exhausted</c>,
/// which no policy retries, so that the test sees it.
/// </remarks>
public sealed class ModelScript
{
    private readonly Lock _lock = new();
    private readonly Queue<ScriptStep> _once = new();
    private readonly TimeProvider _time;
    private ScriptStep? _always;
    private RateLimit? _limit;
    private volatile StrictDialect? _dialect;

    internal ModelScript(TimeProvider time) => _time = time;

    /// <summary>Does this with one request, after the steps that were added before.</summary>
    /// <param name="step">A <see cref="Reply"/> or a <see cref="Fault"/>.</param>
    /// <param name="times">With how many requests.</param>
    public ModelScript Next(ScriptStep step, int times = 1)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        lock (_lock)
        {
            for (var i = 0; i < times; i++)
                _once.Enqueue(step);
        }

        return this;
    }

    /// <summary>Does this with every request for which no single step is left, in place of what was said before.</summary>
    public ModelScript Then(ScriptStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        lock (_lock)
            _always = step;
        return this;
    }

    /// <summary>The same as <see cref="Then"/>, for a script that starts with it.</summary>
    public ModelScript Always(ScriptStep step) => Then(step);

    /// <summary>Answers every request for which no single step is left with this text.</summary>
    public ModelScript Answers(string text) => Then(Reply.Text(text));

    /// <summary>
    /// Answers more than so many requests in any span of this length with 429 and the exact time to wait, by the provider's clock.
    /// Such a request uses up no step.
    /// </summary>
    public ModelScript LimitTo(int requests, TimeSpan per)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(requests, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(per, TimeSpan.Zero);
        lock (_lock)
            _limit = new RateLimit(requests, per, _time);
        return this;
    }

    /// <summary>Enforces a provider's own rules for this model, in place of those of <see cref="ScriptedProvider.Enforce"/>.</summary>
    public ModelScript Enforce(StrictDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        _dialect = dialect;
        return this;
    }

    internal StrictDialect? Dialect => _dialect;

    internal ScriptStep Take(string model)
    {
        lock (_lock)
        {
            if (_limit is not null && !_limit.TryAdmit(out var retryAfter))
                return Fault.RateLimited(retryAfter);
            if (_once.TryDequeue(out var step))
                return step;
            return _always ?? Fault.BadRequest("script_exhausted", $"The script of '{model}' has no step left for this request.");
        }
    }
}

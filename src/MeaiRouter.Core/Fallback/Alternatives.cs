using MeaiRouter.Attempts;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback;

/// <summary>The clients and endpoints one request may turn to, in order: the plan's candidates, or the wrapped client, then the backups.</summary>
internal struct Alternatives(IChatClient primary, IReadOnlyList<Backup> backups, RouteContext context, int maxAttempts)
{
    private readonly bool _mayUseBackups = context.Plan?.AllowsBackups ?? BackupRule.Allows(context.Preferences, context.Policies, context.DataClasses);
    private readonly IReadOnlyList<Candidate>? _candidates = context.Plan?.Candidates;
    private int _next;
    private int _begun;
    private int _contextAbove;

    /// <summary>Leaves out everything that has not begun.</summary>
    public void Close() => _next = Count;

    /// <summary>Takes back that an attempt was made: it was refused before its provider was called.</summary>
    public void Uncount() => _begun--;

    /// <summary>Leaves out every endpoint whose context is known to be no larger than the given one.</summary>
    public void RequireContextAbove(int tokens) => _contextAbove = Math.Max(_contextAbove, tokens);

    /// <summary>Whether another attempt may begin.</summary>
    public bool HasNext
    {
        get
        {
            SkipSmall();
            return _begun < maxAttempts && _next < Count;
        }
    }

    /// <summary>Begins the next attempt. There must be one.</summary>
    public (IChatClient Client, RouteAttempt Attempt) Begin(string primaryName, TimeProvider time)
    {
        SkipSmall();
        _begun++;
        var index = _next++;
        if (index < FromPrimary)
            return (primary, _candidates is null ? context.Begin(primaryName, time) : context.Begin(_candidates[index], time));

        var backup = backups[index - FromPrimary];
        return (backup.Client, context.Begin(backup.Name, time));
    }

    private readonly int FromPrimary => _candidates?.Count ?? 1;

    private readonly int Count => FromPrimary + (_mayUseBackups ? backups.Count : 0);

    private void SkipSmall()
    {
        if (_contextAbove == 0 || _candidates is null)
            return;
        while (_next < _candidates.Count && _candidates[_next].ContextLength <= _contextAbove)
            _next++;
    }
}

namespace MeaiRouter.Schemas;

/// <summary>How far a check has come: the steps it may still take, whether it only tries a schema, and what it found broken.</summary>
internal sealed class CheckProgress
{
    // A schema comes from whoever sends the request, and is checked while his answer is on its way.
    private const int MostSteps = 200_000;

    private readonly List<string> _path = [];
    private string? _rule;
    private int _steps = MostSteps;
    private int _attempts;

    /// <summary>Whether a schema is only tried, as one of several: what it finds broken is no finding.</summary>
    public bool IsTrying => _attempts > 0;

    public void BeginAttempt() => _attempts++;

    public void EndAttempt() => _attempts--;

    /// <summary>Takes steps.</summary>
    /// <returns>Whether there were any left.</returns>
    public bool Spend(int steps) => (_steps -= steps) > 0;

    /// <summary>Notes the rule that is broken; the first one counts.</summary>
    public Verdict Break(string rule)
    {
        if (!IsTrying)
            _rule ??= rule;
        return Verdict.Broken;
    }

    /// <summary>Notes on the way up where the value is broken.</summary>
    public Verdict At(string step)
    {
        if (!IsTrying)
            _path.Add(step);
        return Verdict.Broken;
    }

    /// <summary>What was found.</summary>
    public SchemaProblem Problem() => new("$" + string.Concat(Enumerable.Reverse(_path)), _rule ?? "breaks the schema");
}

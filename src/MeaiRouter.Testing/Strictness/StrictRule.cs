using System.Text.Json;

namespace MeaiRouter.Testing;

/// <summary>One rule of a provider, by which a <see cref="ScriptedProvider"/> judges the requests it receives.</summary>
public sealed class StrictRule
{
    private readonly Func<StrictRequest, RuleViolation?> _check;

    /// <summary>Creates a rule.</summary>
    /// <param name="name">Its name, under which refusals are reported and by which <see cref="StrictDialect.Without"/> removes it.</param>
    /// <param name="check">Looks at the body of a request: what the provider says to it, or <see langword="null"/> if the rule is kept.</param>
    public StrictRule(string name, Func<JsonElement, RuleViolation?> check)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(check);
        (Name, _check) = (name, request => check(request.Body));
    }

    private StrictRule(Func<StrictRequest, RuleViolation?> check, string name) => (Name, _check) = (name, check);

    /// <summary>The rule's name.</summary>
    public string Name { get; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>A rule that looks at more than the body.</summary>
    internal static StrictRule Of(string name, Func<StrictRequest, RuleViolation?> check) => new(check, name);

    internal RuleViolation? Check(StrictRequest request) => _check(request);
}

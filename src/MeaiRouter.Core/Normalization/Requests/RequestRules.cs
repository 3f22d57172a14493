using System.Collections.Frozen;
using MeaiRouter.Catalog;
using MeaiRouter.Dialects;
using MeaiRouter.Routing;

namespace MeaiRouter.Normalization.Requests;

/// <summary>What an endpoint takes, by its dialect and by its own list of parameters together; worked out once per endpoint.</summary>
internal sealed class RequestRules
{
    // Handled where what they mean is: not as numbers and lists.
    private static readonly string[] Apart =
    [
        RequestParameters.Tools, RequestParameters.ToolChoice, RequestParameters.Reasoning, RequestParameters.ReasoningEffort,
        RequestParameters.IncludeReasoning, RequestParameters.ResponseFormat, RequestParameters.StructuredOutputs,
    ];

    private readonly IReadOnlyList<string> _supported;

    public RequestRules(Dialect dialect, ModelEndpoint? endpoint)
    {
        Dialect = dialect;
        _supported = endpoint?.SupportedParameters ?? [];
        Limits = [.. OfList().Concat(OfDialect())];

        TakesTools = Takes(RequestParameters.Tools);
        TakesToolChoice = Takes(RequestParameters.ToolChoice);
        TakesResponseFormat = Takes(RequestParameters.ResponseFormat);
        TakesJsonObject = dialect.Formats.TakesJsonObject && TakesResponseFormat;
        TakesJsonSchema = dialect.Formats.TakesJsonSchema && Takes(RequestParameters.StructuredOutputs) && !Refuses(RequestParameters.ResponseFormat);
        Reasoning = Takes(RequestParameters.Reasoning) && !Refuses(RequestParameters.ReasoningEffort) ? dialect.Reasoning.Control : ReasoningControl.None;
        MaxOutputTokens = dialect.Parameters.TryGetValue(RequestParameters.MaxTokens, out var rule) && rule.Maximum is { } most ? (int)Math.Min(most, int.MaxValue) : null;
        ToolSchemas = SchemaCache.For(dialect.Tools.RefusedSchemaKeywords, dialect.Tools.RefusedTopKeywords);
        FormatSchemas = SchemaCache.For(dialect.Formats.RefusedSchemaKeywords, FrozenSet<string>.Empty);
    }

    public Dialect Dialect { get; }

    /// <summary>The parameters that are not taken, or not with every value.</summary>
    public ParameterLimit[] Limits { get; }

    /// <summary>The most the dialect takes as output limit; <see langword="null"/> where it has no bound.</summary>
    public int? MaxOutputTokens { get; }

    public bool TakesTools { get; }

    public bool TakesToolChoice { get; }

    public bool TakesResponseFormat { get; }

    public bool TakesJsonObject { get; }

    public bool TakesJsonSchema { get; }

    public ReasoningControl Reasoning { get; }

    /// <summary>The schemas of tools as the endpoint takes them; <see langword="null"/> where it takes all.</summary>
    public SchemaCache? ToolSchemas { get; }

    /// <summary>The schemas of answers as the endpoint takes them; <see langword="null"/> where it takes all.</summary>
    public SchemaCache? FormatSchemas { get; }

    /// <summary>The forms of <c>tool_choice</c> that are taken besides <c>auto</c>.</summary>
    /// <param name="reasons">Whether the request asks the model to reason.</param>
    public ToolChoiceForms ChoicesFor(bool reasons)
    {
        if (!TakesToolChoice)
            return ToolChoiceForms.AutoOnly;
        return reasons ? Dialect.Tools.Choices & Dialect.Tools.ChoicesWhileReasoning : Dialect.Tools.Choices;
    }

    /// <summary>Who says that a parameter is not taken, as the subject of a sentence.</summary>
    public string SourceOf(string parameter) => Refuses(parameter) || !IsUnlisted(parameter) ? $"the dialect '{Dialect.Name}'" : "the endpoint's list of supported parameters";

    private bool Takes(string parameter) => !Refuses(parameter) && !IsUnlisted(parameter);

    private bool Refuses(string parameter) => Dialect.Parameters.TryGetValue(parameter, out var rule) && !rule.IsTaken;

    private bool IsUnlisted(string parameter) => _supported.Count > 0 && !RequestParameters.Includes(_supported, parameter);

    private IEnumerable<ParameterLimit> OfDialect()
    {
        foreach (var (name, rule) in Dialect.Parameters)
        {
            if (Apart.Contains(name, StringComparer.OrdinalIgnoreCase))
                continue;

            var parameter = RequestParameters.All.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            yield return new ParameterLimit(parameter ?? new RequestParameter(name), rule, SourceOf(name));
        }
    }

    // The output limit stays though a list forgets it: lists written by hand often do, and without it an answer could cost more than was asked.
    private IEnumerable<ParameterLimit> OfList() =>
        from parameter in RequestParameters.All
        where !Apart.Contains(parameter.Name) && parameter.Name != RequestParameters.MaxTokens
        where IsUnlisted(parameter.Name) && !Refuses(parameter.Name)
        select new ParameterLimit(parameter, ParameterRule.Refused, SourceOf(parameter.Name));
}

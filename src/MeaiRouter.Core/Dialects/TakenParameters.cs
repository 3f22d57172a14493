namespace MeaiRouter.Dialects;

/// <summary>Which parameters a dialect tells that its endpoints take.</summary>
internal static class TakenParameters
{
    // Fields of OpenAI's chat completions, which are taken where no rule says otherwise.
    private static readonly string[] Common =
    [
        "temperature", "top_p", "max_tokens", "stop", "seed", "frequency_penalty", "presence_penalty", "logit_bias", "logprobs", "top_logprobs",
        "tools", "tool_choice", "parallel_tool_calls", "response_format", "structured_outputs", "reasoning", "include_reasoning",
    ];

    /// <summary>
    /// The parameters of the common wire that the dialect does not refuse, and others that it has a rule for; under the names of the catalogue's
    /// <c>supported_parameters</c>. Empty for <see cref="Dialect.Default"/>, about whose endpoints nothing is known.
    /// </summary>
    public static IReadOnlyList<string> Of(Dialect dialect) => ReferenceEquals(dialect, Dialect.Default)
        ? []
        : [.. Common.Concat(dialect.Parameters.Keys.Except(Common, StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)).Where(name => Takes(dialect, name))];

    private static bool Takes(Dialect dialect, string name)
    {
        if (dialect.Parameters.TryGetValue(name, out var rule) && !rule.IsTaken)
            return false;

        return name switch
        {
            "tool_choice" => dialect.Tools.Choices != ToolChoiceForms.AutoOnly,
            "response_format" => dialect.Formats.TakesJsonObject,
            "structured_outputs" => dialect.Formats.TakesJsonSchema,
            "reasoning" or "include_reasoning" => dialect.Reasoning.Control != ReasoningControl.None,
            _ => true,
        };
    }
}

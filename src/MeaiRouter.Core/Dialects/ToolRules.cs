using System.Collections.Frozen;

namespace MeaiRouter.Dialects;

/// <summary>What an endpoint takes of tools, their calls and their results.</summary>
public sealed record ToolRules
{
    // OpenAI refuses tool-call ids of more than 40 characters, and names of more than 64; Anthropic takes only [a-zA-Z0-9_-] in both.
    private const int DefaultCallIdLength = 40;
    private const int DefaultNameLength = 64;

    /// <summary>What most endpoints take.</summary>
    public static ToolRules Default { get; } = new();

    /// <summary>The longest tool-call id the endpoint takes, of letters, digits, <c>_</c> and <c>-</c>.</summary>
    /// <value>Default: 40, OpenAI's limit.</value>
    public int MaxCallIdLength { get; init; } = DefaultCallIdLength;

    /// <summary>Whether a tool-call id must have exactly <see cref="MaxCallIdLength"/> letters and digits and nothing else.</summary>
    /// <value>Default: <see langword="false"/>; Mistral wants nine.</value>
    public bool FixedCallIds { get; init; }

    /// <summary>The longest name of a tool, of letters, digits, <c>_</c> and <c>-</c>.</summary>
    /// <value>Default: 64.</value>
    public int MaxNameLength { get; init; } = DefaultNameLength;

    /// <summary>Whether the name of a tool must begin with a letter or <c>_</c>.</summary>
    /// <value>Default: <see langword="false"/>; Gemini wants it.</value>
    public bool NamesBeginWithLetter { get; init; }

    /// <summary>How many tools a request may declare. Default: <see langword="null"/>, no limit.</summary>
    public int? MaxCount { get; init; }

    /// <summary>The forms of <c>tool_choice</c> besides <c>auto</c>. Default: all.</summary>
    public ToolChoiceForms Choices { get; init; } = ToolChoiceForms.All;

    /// <summary>The forms of <c>tool_choice</c> besides <c>auto</c> in requests that ask the model to reason, of those in <see cref="Choices"/>.</summary>
    /// <value>Default: all of them; Anthropic and DeepSeek do not take <c>required</c> and names there.</value>
    public ToolChoiceForms ChoicesWhileReasoning { get; init; } = ToolChoiceForms.All;

    /// <summary>Whether tools are taken in a request that also asks for a format of the answer.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool MayBeUsedWithFormat { get; init; } = true;

    /// <summary>Keywords of JSON Schema that the endpoint refuses in the parameters of a tool. They are removed, <c>$ref</c> by putting in what it refers to.</summary>
    /// <value>Default: none.</value>
    public IReadOnlySet<string> RefusedSchemaKeywords { get; init; } = FrozenSet<string>.Empty;

    /// <summary>
    /// Keywords of JSON Schema that the endpoint refuses at the top of a tool's parameters, and takes further in. What choices at the top have
    /// in common is put together, and the rest is said in the description.
    /// </summary>
    /// <value>Default: none; OpenAI and Anthropic refuse <c>anyOf</c>, <c>oneOf</c> and <c>allOf</c>.</value>
    public IReadOnlySet<string> RefusedTopKeywords { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Whether <c>"strict": true</c> is taken on a tool.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool TakesStrict { get; init; } = true;

    /// <summary>Whether the result of a tool may hold images and files; where not, they follow in a message of the user.</summary>
    /// <value>Default: <see langword="false"/>: OpenAI's chat wire takes only text there.</value>
    public bool TakesMediaInResults { get; init; }

    /// <summary>
    /// What the endpoint takes for the signature of a call that another model made, where it wants one: it is written as
    /// <c>extra_content.google.thought_signature</c> on the first call of a message, unless there is a signature.
    /// </summary>
    /// <value>Default: <see langword="null"/>, no signature is wanted; Gemini 3 wants one.</value>
    public string? SignatureStandIn { get; init; }
}

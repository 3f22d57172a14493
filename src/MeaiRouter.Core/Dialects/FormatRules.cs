using System.Collections.Frozen;

namespace MeaiRouter.Dialects;

/// <summary>The formats of answers an endpoint can be held to.</summary>
public sealed record FormatRules
{
    /// <summary>What most endpoints take.</summary>
    public static FormatRules Default { get; } = new();

    /// <summary>Whether <c>json_object</c> is taken.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool TakesJsonObject { get; init; } = true;

    /// <summary>Whether <c>json_schema</c> is taken; where not, the schema is put into the instructions.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool TakesJsonSchema { get; init; } = true;

    /// <summary>Whether an answer in a format is streamed; where not, the format is put into the instructions of requests for a stream.</summary>
    /// <value>Default: <see langword="true"/>; Groq refuses it.</value>
    public bool MayBeStreamed { get; init; } = true;

    /// <summary>Whether <c>json_object</c> is refused unless a message holds the word JSON.</summary>
    /// <value>Default: <see langword="false"/>; OpenAI and DeepSeek refuse it.</value>
    public bool JsonObjectNeedsTheWord { get; init; }

    /// <summary>Keywords of JSON Schema that the endpoint refuses in <c>json_schema</c>. The answer is checked against them all the same.</summary>
    /// <value>Default: none.</value>
    public IReadOnlySet<string> RefusedSchemaKeywords { get; init; } = FrozenSet<string>.Empty;
}

using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.Dialects;

/// <summary>A request as a user of Microsoft.Extensions.AI writes it who thinks of no provider in particular.</summary>
/// <param name="Messages">Makes its messages.</param>
/// <param name="Options">Makes its options.</param>
/// <param name="Answer">What the model answers.</param>
/// <param name="Capability">
/// The word that must be in the message where an endpoint cannot take the request; <see langword="null"/> if every one has to.
/// </param>
internal sealed record PlainRequest(Func<ChatMessage[]> Messages, Func<ChatOptions> Options, string Answer = "Fine.", string? Capability = null)
{
    private const string JsonAnswer = """{"city":"Rome","days":3}""";
    private const string ForeignId = "toolu_01VpEm654HvfMoRcrE3Hgdc6.abc/def:0123456789-0123456789";
    private const string ForeignName = "weather.get v2/now";

    // Keywords that one provider or another does not take, with references and constants as generators of schemas write them.
    private static readonly JsonElement UnusualSchema = JsonElement.Parse(
        """
        {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","title":"Trip","additionalProperties":false,"required":["city","days"],
         "properties":{"city":{"$ref":"#/$defs/City"},"days":{"type":"integer","exclusiveMinimum":0,"maximum":30},
          "kind":{"const":"trip"},"site":{"type":["string","null"],"format":"uri"},"tags":{"type":"array","items":{"type":"string","pattern":"^[a-z]+$"},"uniqueItems":true},
          "extra":{"oneOf":[{"type":"string"},{"type":"number"}]},"notes":{"type":"object","patternProperties":{"^x":{"type":"string"}}}},
         "$defs":{"City":{"type":"string","minLength":1}}}
        """);

    private static readonly JsonElement PlainSchema = JsonElement.Parse(
        """{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city","days"],"additionalProperties":false}""");

    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    public static IReadOnlyDictionary<string, PlainRequest> All { get; } = new Dictionary<string, PlainRequest>
    {
        ["every option"] = new(Hello, static () => new()
        {
            Temperature = 1.7f, TopP = 0.5f, TopK = 40, FrequencyPenalty = 1.5f, PresencePenalty = -1.5f, MaxOutputTokens = 500, Seed = 7, StopSequences = ["END"],
            Instructions = "Be kind.", ResponseFormat = ChatResponseFormat.Text, AdditionalProperties = new() { ["mine"] = "not for the wire" },
            Reasoning = new() { Effort = ReasoningEffort.Medium, Output = ReasoningOutput.Full },
        }),
        ["every option of tools"] = new(
            Hello, static () => new() { AllowMultipleToolCalls = true, ToolMode = ChatToolMode.Auto, Tools = [Weather()] }, Capability: "tool"),
        ["system in the middle"] = new(
            static () => [User("Hi"), Assistant("Hello."), new(ChatRole.System, "From now on in rhymes."), User("Go on")], static () => new() { Instructions = "Be kind." }),
        ["two messages of the system"] = new(static () => [new(ChatRole.System, "Be kind."), new(ChatRole.System, "Be brief."), User("Hi")], Plain),
        ["developer"] = new(static () => [new(new ChatRole("developer"), "Be kind."), User("Hi")], Plain),
        ["two users in a row"] = new(static () => [User("Hi"), User("there")], Plain),
        ["begins with the assistant"] = new(static () => [Assistant("Hello, I am here."), User("Hi")], Plain),
        ["author names"] = new(static () => [User("Hi", author: "Ann Lee"), Assistant("Hello.", author: "Bot <1>"), User("Go on", author: "Bob")], Plain),
        ["foreign ids and names"] = new(
            static () => [User("Weather?"), Calls((ForeignId, ForeignName)), Results((ForeignId, "Sun"))], static () => new() { Tools = [Weather(ForeignName)] }, Capability: "tool"),
        ["results reordered"] = new(
            static () => [User("Weather?"), Calls(("call_a", "weather"), ("call_b", "weather")), Results(("call_b", "Rain"), ("call_a", "Sun"))], WithWeather, Capability: "tool"),
        ["results in two messages, the user between"] = new(
            static () => [User("Weather?"), Calls(("call_a", "weather"), ("call_b", "weather")), Results(("call_a", "Sun")), User("Quick!"), Results(("call_b", "Rain"))],
            WithWeather, Capability: "tool"),
        ["a result without a call"] = new(static () => [User("Weather?"), Results(("call_x", "Sun")), User("So?")], WithWeather, Capability: "tool"),
        ["a call without a result"] = new(static () => [User("Weather?"), Calls(("call_a", "weather")), User("Never mind.")], WithWeather, Capability: "tool"),
        ["the user after a result"] = new(static () => [User("Weather?"), Calls(("call_a", "weather")), Results(("call_a", "Sun")), User("In short?")], WithWeather, Capability: "tool"),
        ["empty texts"] = new(static () => [User(""), Assistant(""), new(ChatRole.User, [new TextContent("Hi"), new TextContent("")])], Plain),
        ["image by address"] = new(
            static () => [new(ChatRole.User, [new TextContent("Look"), new UriContent("https://images.test/cat.png", "image/png")])], Plain, Capability: "image"),
        ["image inline"] = new(static () => [new(ChatRole.User, [new TextContent("Look"), new DataContent(Png, "image/png")])], Plain, Capability: "image"),
        ["json"] = new(Hello, static () => new() { ResponseFormat = ChatResponseFormat.Json }, JsonAnswer),
        ["json schema"] = new(Hello, static () => new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(PlainSchema, "trip") }, JsonAnswer),
        ["unusual json schema"] = new(Hello, static () => new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(UnusualSchema, "trip") }, JsonAnswer),
        ["unusual tool schema"] = new(Hello, static () => new() { Tools = [new Declaration("plan", UnusualSchema)] }, Capability: "tool"),
        ["a choice as tool schema"] = new(
            Hello, static () => new() { Tools = [new Declaration("plan", JsonElement.Parse("""{"anyOf":[{"type":"object"},{"type":"null"}]}"""))] }, Capability: "tool"),
        ["tools and json schema"] = new(
            Hello, static () => new() { Tools = [Weather()], ResponseFormat = ChatResponseFormat.ForJsonSchema(PlainSchema, "trip") }, JsonAnswer, "tool"),
        ["no tool"] = new(Hello, static () => new() { Tools = [Weather()], ToolMode = ChatToolMode.None }, Capability: "tool"),
        ["any tool"] = new(Hello, static () => new() { Tools = [Weather()], ToolMode = ChatToolMode.RequireAny }, Capability: "tool"),
        ["one tool"] = new(Hello, static () => new() { Tools = [Weather()], ToolMode = ChatToolMode.RequireSpecific("weather") }, Capability: "tool"),
        ["many tools"] = new(
            Hello, static () => new() { Tools = [.. Enumerable.Range(0, 130).Select(static i => (AITool)Weather($"weather_{i}"))] }, Capability: "tool"),
        ["effort none"] = Effort(ReasoningEffort.None),
        ["effort low"] = Effort(ReasoningEffort.Low),
        ["effort high"] = Effort(ReasoningEffort.High),
        ["effort extra high"] = Effort(ReasoningEffort.ExtraHigh),
        ["ten stops"] = new(Hello, static () => new() { StopSequences = [.. Enumerable.Range(0, 10).Select(static i => $"STOP{i}")] }),
        ["a stop of white space"] = new(Hello, static () => new() { StopSequences = ["\n\n", "END"] }),
        ["prefill"] = new(static () => [User("Count."), Assistant("One, two, ")], Plain, Capability: "assistant"),
        ["reasoning of another provider"] = new(static () => [User("Weather?"), Thought(), Results(("call_a", "Sun"))], WithWeather, Capability: "tool"),
        ["old reasoning of another provider"] = new(static () => [User("Weather?"), Thought(), Results(("call_a", "Sun")), Assistant("Sunny."), User("Thanks.")], WithWeather, Capability: "tool"),
    };

    private static ChatMessage[] Hello() => [User("Hi")];

    private static ChatOptions Plain() => new();

    private static ChatOptions WithWeather() => new() { Tools = [Weather()] };

    private static PlainRequest Effort(ReasoningEffort effort) => new(Hello, () => new() { Reasoning = new() { Effort = effort } }, Capability: "reason");

    private static ChatMessage User(string text, string? author = null) => new(ChatRole.User, text) { AuthorName = author };

    private static ChatMessage Assistant(string text, string? author = null) => new(ChatRole.Assistant, text) { AuthorName = author };

    private static ChatMessage Calls(params IEnumerable<(string Id, string Name)> calls) =>
        new(ChatRole.Assistant, [.. calls.Select(static call => new FunctionCallContent(call.Id, call.Name, new Dictionary<string, object?> { ["city"] = "Rome" }))]);

    private static ChatMessage Results(params IEnumerable<(string Id, string Result)> results) =>
        new(ChatRole.Tool, [.. results.Select(static result => new FunctionResultContent(result.Id, result.Result))]);

    // As it comes from a gateway whose reasoning is signed, after the layer has told whose it is.
    private static ChatMessage Thought() => new(ChatRole.Assistant,
    [
        new TextReasoningContent("Let me see.")
        {
            ProtectedData = """[{"type":"reasoning.text","text":"Let me see.","signature":"sig-elsewhere","format":"anthropic-claude-v1","index":0}]""",
            AdditionalProperties = new() { ["reasoning_origin"] = "elsewhere", ["reasoning_field"] = "reasoning" },
        },
        new FunctionCallContent("call_a", "weather", new Dictionary<string, object?> { ["city"] = "Rome" })
        {
            AdditionalProperties = new() { ["extra_content"] = JsonElement.Parse("""{"google":{"thought_signature":"sig-elsewhere"}}""") },
        },
    ]);

    private static Declaration Weather(string name = "weather") =>
        new(name, JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

    private sealed class Declaration(string name, JsonElement schema) : AIFunctionDeclaration
    {
        public override string Name => name;

        public override string Description => "Tells something.";

        public override JsonElement JsonSchema => schema;
    }
}

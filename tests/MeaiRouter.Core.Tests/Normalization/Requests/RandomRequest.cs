using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Catalog;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Requests;

/// <summary>Requests and endpoints made up at random, the same for the same seed.</summary>
internal sealed class RandomRequest(int seed)
{
    private static readonly string[] Listed =
    [
        "temperature", "top_p", "top_k", "frequency_penalty", "seed", "stop", "tools", "tool_choice", "parallel_tool_calls", "reasoning", "response_format",
        "structured_outputs", "min_p", "logit_bias", "top_logprobs", "max_tokens",
    ];

    private static readonly string[] Efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
    private static readonly string[] Keywords = ["minimum", "pattern", "$ref", "$defs", "oneOf", "anyOf", "allOf", "const", "additionalProperties", "title", "default"];
    private static readonly string[] Combinations = ["oneOf", "anyOf", "allOf"];
    private static readonly string[] ToolNames = ["get", "a.b", "1st", "größe", "with space", "get_weather", "a_b", new string('x', 80)];

    private readonly Random _random = new(seed);

    public ModelEndpoint Endpoint() => new("acme", "m")
    {
        MaxOutputTokens = Chance(3) ? _random.Next(2_000, 20_000) : null,
        SupportedParameters = Chance(3) ? [.. Some(Listed), "tools"] : [],
        Dialect = new Dialect("random")
        {
            Parameters = Some(Listed).Where(name => name is not ("tools" or "max_tokens")).Append("user").ToDictionary(name => name, Rule),
            Tools = new()
            {
                Choices = (ToolChoiceForms)_random.Next(8), MayBeUsedWithFormat = Chance(2), MaxNameLength = Chance(2) ? 64 : 20, NamesBeginWithLetter = Chance(2),
                TakesStrict = Chance(2), MaxCount = Chance(4) ? 2 : null, RefusedSchemaKeywords = Some(Keywords).ToHashSet(),
                RefusedTopKeywords = Some(Combinations).ToHashSet(), ChoicesWhileReasoning = (ToolChoiceForms)_random.Next(8),
            },
            Formats = new()
            {
                MayBeStreamed = Chance(2), TakesJsonObject = Chance(2), TakesJsonSchema = Chance(2), JsonObjectNeedsTheWord = Chance(2), RefusedSchemaKeywords = Some(Keywords).ToHashSet(),
            },
            Reasoning = new()
            {
                Control = (ReasoningControl)_random.Next(5), Efforts = [.. Some(Efforts), "high"], IsMandatory = Chance(4), BudgetIsWithinOutput = Chance(2),
                MinBudget = Chance(2) ? 1_024 : 1, MaxBudget = Chance(2) ? 128_000 : 4_000, TakesOtherMembers = Chance(2),
            },
        },
    };

    public ChatOptions Options()
    {
        var options = new ChatOptions
        {
            Temperature = Maybe(() => _random.Next(0, 20) / 10f), TopP = Maybe(() => _random.Next(0, 10) / 10f), TopK = Maybe(() => _random.Next(0, 100)),
            FrequencyPenalty = Maybe(() => _random.Next(-20, 20) / 10f), Seed = Maybe(() => _random.NextInt64(0, 10_000_000_000)),
            MaxOutputTokens = Maybe(() => _random.Next(1, 2_000)), AllowMultipleToolCalls = Maybe(() => Chance(2)),
            StopSequences = Chance(2) ? [.. Enumerable.Range(0, _random.Next(1, 6)).Select(i => Chance(4) ? "\n" : $"s{i}")] : null,
            Tools = Chance(2) ? [.. Some(ToolNames).Select(name => Adapting.Tool(name, Schema(0), Maybe(() => Chance(2))))] : null,
            ToolMode = _random.Next(5) switch { 0 => ChatToolMode.None, 1 => ChatToolMode.RequireAny, 2 => ChatToolMode.RequireSpecific("a.b"), 3 => ChatToolMode.Auto, _ => null },
            Reasoning = Chance(2) ? new() { Effort = Chance(4) ? null : (ReasoningEffort)_random.Next(5) } : null,
            Instructions = Chance(3) ? "Be brief." : null,
            ResponseFormat = _random.Next(4) switch
            {
                0 => ChatResponseFormat.Json, 1 => ChatResponseFormat.ForJsonSchema(JsonElement.Parse(Schema(0)), "answer"), 2 => ChatResponseFormat.Text, _ => null,
            },
        };
        if (Chance(2))
            options.AdditionalProperties = new() { ["extra_body"] = Chance(2) ? Extra() : JsonSerializer.SerializeToElement(Extra()) };
        return options;
    }

    public ChatMessage[] Messages() =>
    [
        new(ChatRole.System, "You are terse."), new(ChatRole.User, Chance(3) ? "As JSON, please." : "Hi"),
        .. Chance(2)
            ? (ChatMessage[])[new(ChatRole.Assistant, [new FunctionCallContent("c1", "old.tool")]), new(ChatRole.Tool, [new FunctionResultContent("c1", "r")])]
            : [],
    ];

    private ParameterRule Rule(string name) => _random.Next(4) switch
    {
        0 => ParameterRule.Refused,
        1 => new() { RefusedWhileReasoning = true },
        _ => name is "logit_bias" or "stop" ? new() { MaxCount = _random.Next(1, 4), RefusesBlank = Chance(2) } : new() { Minimum = Chance(2) ? 0 : null, Maximum = Chance(2) ? 1 : null },
    };

    private JsonObject Extra()
    {
        var extra = new JsonObject();
        Add("min_p", () => _random.NextDouble() * 2);
        Add("top_logprobs", () => _random.Next(0, 20));
        Add("user", () => "somebody");
        Add("logit_bias", () => new JsonObject { ["1"] = 1, ["2"] = 2, ["3"] = 3, ["4"] = 4 });
        Add("stop", () => Chance(2) ? "one" : new JsonArray("x", "y", "z"));
        Add("temperature", () => _random.Next(0, 3));
        Add("max_completion_tokens", () => _random.Next(1, 40_000));
        Add("tool_choice", () => "required");
        Add("reasoning", () => _random.Next(5) switch
        {
            0 => new JsonObject { ["enabled"] = Chance(2) }, 1 => new JsonObject { ["max_tokens"] = _random.Next(0, 40_000) }, 2 => new JsonObject { ["exclude"] = true },
            3 => new JsonObject { ["summary"] = "auto" }, _ => new JsonObject { ["effort"] = Efforts[_random.Next(Efforts.Length)] },
        });
        return extra;

        void Add(string name, Func<JsonNode> value)
        {
            if (Chance(3))
                extra[name] = value();
        }
    }

    private string Schema(int depth)
    {
        var schema = new JsonObject { ["type"] = "object" };
        if (depth == 0)
            schema["$defs"] = new JsonObject { ["A"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["again"] = new JsonObject { ["$ref"] = "#/$defs/A" } } } };
        foreach (var keyword in Some(Keywords))
        {
            schema[keyword] = keyword switch
            {
                "minimum" => 1, "pattern" => "^a+$", "$ref" => "#/$defs/A", "const" => "a", "additionalProperties" => Chance(2), "title" => "t", "default" => "d",
                "$defs" => schema["$defs"]?.DeepClone(),
                _ when depth < 2 => new JsonArray(JsonNode.Parse(Schema(depth + 1)), JsonNode.Parse(Schema(depth + 1))),
                _ => new JsonArray(new JsonObject()),
            };
        }

        if (depth < 2)
            schema["properties"] = new JsonObject { ["minimum"] = JsonNode.Parse(Schema(depth + 1)), ["b"] = JsonNode.Parse(Schema(depth + 1)) };
        return schema.ToJsonString();
    }

    private bool Chance(int of) => _random.Next(of) == 0;

    private IEnumerable<string> Some(string[] from) => [.. from.Where(_ => Chance(3))];

    private T? Maybe<T>(Func<T> value)
        where T : struct =>
        Chance(2) ? value() : null;
}

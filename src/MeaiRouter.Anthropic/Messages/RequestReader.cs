using System.Text.Json;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>From a request on the wire to messages and options. Strict: what is wrong is said, with the field and the remedy.</summary>
internal static class RequestReader
{
    private const int MinBudget = 1_024;

    // For whoever routes; they stay behind in the request.
    private static readonly string[] Terms =
        ["models", "fallbacks", "provider", "preset", "route", "session_id", "plugins", "transforms", "trace", "stop_server_tools_when", "usage"];

    // What only Anthropic's own servers can do, and an answer without it would be another one.
    private static readonly string[] Refused = ["mcp_servers", "container"];

    /// <summary>Parses the body of a request.</summary>
    /// <exception cref="RouterException">It is no JSON object, or a known field has the wrong type.</exception>
    public static MessagesRequest Parse(ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8Json, MessagesJson.Wire.MessagesRequest) ?? throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw InvalidRequests.From(exception, utf8Json);
        }
    }

    /// <summary>Maps a request to what an <see cref="IChatClient"/> takes.</summary>
    /// <param name="request">The request, which is not changed.</param>
    /// <param name="isCount">Whether it only asks for the number of its tokens, which needs no limit.</param>
    /// <exception cref="RouterException">A field is missing or cannot be understood.</exception>
    public static (List<ChatMessage> Messages, ChatOptions Options) Read(MessagesRequest request, bool isCount = false)
    {
        if (request.Messages is null or { Count: 0 })
            throw InvalidRequests.Field("messages", request.Messages is null ? "is missing" : "is empty");
        if (request.MaxTokens is null && !isCount)
            throw InvalidRequests.Field("max_tokens", "is missing");
        if (request.MaxTokens < 1)
            throw InvalidRequests.Field("max_tokens", $"is {request.MaxTokens}");

        var messages = new List<ChatMessage>(request.Messages.Count + 1);
        if (request.System is { } system)
            messages.Add(new ChatMessage(ChatRole.System, InputBlocks.ReadTexts(system, "system")));
        for (var i = 0; i < request.Messages.Count; i++)
            InputBlocks.ReadTurn(request.Messages[i], $"messages[{i}]", messages);
        return (messages, ReadOptions(request));
    }

    private static ChatOptions ReadOptions(MessagesRequest request)
    {
        var extra = new Dictionary<string, object?>();
        foreach (var (name, value) in request.Extra ?? new Dictionary<string, JsonElement>())
        {
            if (Refused.Contains(name) && value.ValueKind != JsonValueKind.Null)
                throw new RouterException(FailureKind.InvalidRequest, $"`{name}` is not supported by this gateway and would have no effect. Remove it.");
            if (!Terms.Contains(name))
                extra[name] = value;
        }

        var options = new ChatOptions
        {
            ModelId = request.Model,
            MaxOutputTokens = request.MaxTokens,
            Temperature = Finite(request.Temperature, "temperature"),
            TopP = Finite(request.TopP, "top_p"),
            TopK = request.TopK,
            StopSequences = request.StopSequences is { Count: > 0 } stops ? [.. stops] : null,
        };
        ReadTools(request, options);
        ReadThinking(request, options, extra);
        if (request.OutputConfig?.Format is { } format)
            options.ResponseFormat = ReadFormat(format);
        if (request.Metadata?.UserId is { Length: > 0 } user)
            extra["user"] = user;
        if (request.ServiceTier is { } tier)
            extra["service_tier"] = tier == "standard_only" ? "default" : tier;
        if (extra.Count > 0)
            (options.AdditionalProperties ??= [])[ContentProperties.ExtraBody] = JsonSerializer.SerializeToElement(extra, MessagesJson.Wire.DictionaryStringObject);
        return options;
    }

    private static void ReadTools(MessagesRequest request, ChatOptions options)
    {
        for (var i = 0; i < request.Tools?.Count; i++)
            (options.Tools ??= []).Add(ReadTool(request.Tools[i], $"tools[{i}]"));
        if (request.ToolChoice is not { } choice)
            return;

        options.ToolMode = choice.Type switch
        {
            "auto" => ChatToolMode.Auto,
            "any" => ChatToolMode.RequireAny,
            "none" => ChatToolMode.None,
            "tool" => ChatToolMode.RequireSpecific(string.IsNullOrEmpty(choice.Name) ? throw InvalidRequests.Field("tool_choice.name", "is missing") : choice.Name),
            _ => throw InvalidRequests.Field("tool_choice", choice.Type is null ? "has no type" : $"has the type \"{choice.Type}\""),
        };
        if (choice.DisableParallelToolUse is { } single)
            options.AllowMultipleToolCalls = !single;
    }

    private static DeclaredTool ReadTool(MessagesTool? tool, string path)
    {
        if (tool?.Type is { } type && type != "custom")
        {
            throw new RouterException(
                FailureKind.InvalidRequest, $"`{path}` is the tool {type} of the provider's own, which this gateway does not offer. Remove it, or declare a tool of the type custom.");
        }

        if (string.IsNullOrEmpty(tool?.Name))
            throw InvalidRequests.Field(path + ".name", "is missing");
        return tool.InputSchema is { ValueKind: JsonValueKind.Object } schema
            ? new DeclaredTool(tool, schema)
            : throw InvalidRequests.Field(path + ".input_schema", tool.InputSchema is { } other ? "is " + InvalidRequests.Describe(other) : "is missing");
    }

    // The canonical form: efforts that Microsoft.Extensions.AI has a word for there, all else under extra_body.reasoning.
    private static void ReadThinking(MessagesRequest request, ChatOptions options, Dictionary<string, object?> extra)
    {
        var reasoning = new Dictionary<string, object?>();
        var effort = request.OutputConfig?.Effort;
        if (ReadEffort(effort) is { } known)
            options.Reasoning = new ReasoningOptions { Effort = known };
        else if (effort == "max")
            reasoning["effort"] = effort;
        else if (effort is not null)
            throw InvalidRequests.Field("output_config.effort", $"is \"{effort}\"");

        switch (request.Thinking?.Type)
        {
            case null when request.Thinking is null:
                break;
            case "disabled":
                (options.Reasoning, reasoning) = (new ReasoningOptions { Effort = ReasoningEffort.None }, []);
                break;
            case "adaptive":
                if (effort is null)
                    reasoning["enabled"] = true;
                break;
            case "enabled":
                var budget = request.Thinking.BudgetTokens ?? throw InvalidRequests.Field("thinking.budget_tokens", "is missing");
                if (budget < MinBudget || budget >= request.MaxTokens)
                    throw InvalidRequests.Field("thinking.budget_tokens", $"is {budget}");
                (options.Reasoning, reasoning) = (null, new() { ["max_tokens"] = budget });
                break;
            default:
                throw InvalidRequests.Field("thinking", $"has the type \"{request.Thinking.Type}\"");
        }

        if (request.Thinking?.Display is { } display and not ("summarized" or "omitted"))
            throw InvalidRequests.Field("thinking.display", $"is \"{display}\"");
        if (reasoning.Count > 0)
            extra["reasoning"] = reasoning;
    }

    private static ReasoningEffort? ReadEffort(string? effort) => effort switch
    {
        "low" => ReasoningEffort.Low,
        "medium" => ReasoningEffort.Medium,
        "high" => ReasoningEffort.High,
        "xhigh" => ReasoningEffort.ExtraHigh,
        _ => null,
    };

    private static ChatResponseFormatJson ReadFormat(OutputFormat format)
    {
        if (format.Type != "json_schema")
            throw InvalidRequests.Field("output_config.format", format.Type is null ? "has no type" : $"has the type \"{format.Type}\"");
        return format.Schema is { ValueKind: JsonValueKind.Object } schema
            ? ChatResponseFormat.ForJsonSchema(schema)
            : throw InvalidRequests.Field("output_config.format.schema", "is missing or no object");
    }

    // A number such as 1e400 is read as infinity, which cannot be written again.
    private static float? Finite(float? number, string path) =>
        number is { } given && !float.IsFinite(given) ? throw InvalidRequests.Field(path, "is out of range") : number;

    /// <summary>A tool that a caller declared over the wire: the model may call it, nobody here can run it.</summary>
    private sealed class DeclaredTool(MessagesTool tool, JsonElement schema) : AIFunctionDeclaration
    {
        public override string Name => tool.Name!;

        public override string Description => tool.Description ?? "";

        public override JsonElement JsonSchema => schema;

        public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } = Properties(tool);

        // Null rather than absent: a tool that does not say must not inherit what the options say.
        private static AdditionalPropertiesDictionary Properties(MessagesTool tool)
        {
            var properties = InputBlocks.Fields(tool.Extra) ?? [];
            properties[ContentProperties.Strict] = tool.Strict;
            return properties;
        }
    }
}

using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>From a request on the wire to messages and options. Strict: what is wrong is said, with the field and the remedy.</summary>
public static class RequestReader
{
    private static readonly ChatRole[] Roles = [ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.System, new("developer")];

    /// <summary>Parses the body of a request.</summary>
    /// <param name="utf8Json">The body.</param>
    /// <exception cref="RouterException">
    /// It is no JSON object, or a known field has the wrong type (<see cref="FailureKind.InvalidRequest"/>).
    /// </exception>
    public static ChatCompletionRequest Parse(ReadOnlySpan<byte> utf8Json)
    {
        utf8Json = BrokenText.Repair(utf8Json, out _);
        try
        {
            return JsonSerializer.Deserialize(utf8Json, WireJson.Strict.ChatCompletionRequest) ?? throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw InvalidRequests.From(exception, utf8Json);
        }
    }

    /// <summary>Maps a request to what an <see cref="IChatClient"/> takes.</summary>
    /// <param name="request">The request, which is not changed.</param>
    /// <returns>
    /// New messages and options. Fields without a word in Microsoft.Extensions.AI are under <see cref="RequestProperties.ExtraBody"/>;
    /// the routing fields stay behind in <paramref name="request"/>.
    /// </returns>
    /// <exception cref="RouterException">A field is missing or cannot be understood (<see cref="FailureKind.InvalidRequest"/>).</exception>
    public static (List<ChatMessage> Messages, ChatOptions Options) Read(ChatCompletionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Messages is null or { Count: 0 })
            throw InvalidRequests.Field("messages", request.Messages is null ? "is missing" : "is empty");

        var messages = new List<ChatMessage>(request.Messages.Count);
        for (var i = 0; i < request.Messages.Count; i++)
            messages.Add(ReadMessage(request.Messages[i], i));
        return (messages, ReadOptions(request));
    }

    private static ChatMessage ReadMessage(RequestMessage? message, int index)
    {
        if (message is null)
            throw InvalidRequests.Field(PathOf(index), "is null");
        if (string.IsNullOrWhiteSpace(message.Role))
            throw InvalidRequests.Field(PathOf(index) + ".role", "is missing");

        var role = new ChatRole(message.Role);
        if (!Roles.Contains(role))
            throw InvalidRequests.Field(PathOf(index) + ".role", $"is \"{InvalidRequests.Shortened(message.Role)}\"");

        var contents = new List<AIContent>(1);
        if (role == ChatRole.Tool)
            contents.Add(ReadResult(message, index));
        else
            ReadContents(message, index, contents);

        return new ChatMessage(role, contents)
        {
            AuthorName = string.IsNullOrEmpty(message.Name) ? null : message.Name,
            AdditionalProperties = role == ChatRole.Tool ? null : Verbatim.Bundle(message.Extra),
        };
    }

    private static void ReadContents(RequestMessage message, int index, List<AIContent> contents)
    {
        if (ReasoningFields.Read(message.Reasoning, message.ReasoningContent, message.ReasoningDetails) is { } reasoning)
            contents.Add(reasoning);

        if (message.Content is { Text: { } text })
            contents.Add(new TextContent(text));
        else if (message.Content is { Parts: { } parts })
            contents.AddRange(ReadParts(parts, index));
        else if (message.Role != ChatRole.Assistant.Value)
            throw InvalidRequests.Field(PathOf(index) + ".content", "is missing");

        for (var i = 0; i < message.ToolCalls?.Count; i++)
        {
            var call = message.ToolCalls[i];
            if (string.IsNullOrEmpty(call?.Function?.Name))
                throw InvalidRequests.Field($"{PathOf(index)}.tool_calls[{i}].function", "is missing or has no name");
            contents.Add(ToolCallArguments.Read(call));
        }

        if (!string.IsNullOrEmpty(message.Refusal))
            contents.Add(Refusals.Read(message.Refusal));
    }

    private static FunctionResultContent ReadResult(RequestMessage message, int index)
    {
        if (string.IsNullOrEmpty(message.ToolCallId))
            throw InvalidRequests.Field(PathOf(index) + ".tool_call_id", "is missing");

        object? result = message.Content switch
        {
            { Parts: [{ Type: "text", Extra: null } single] } => single.Text,
            { Parts: { } parts } => ReadParts(parts, index),
            { Text: var text } => text,
            null => "",
        };
        return new FunctionResultContent(message.ToolCallId, result) { AdditionalProperties = Verbatim.Bundle(message.Extra) };
    }

    private static List<AIContent> ReadParts(IList<ContentPart> parts, int index)
    {
        var contents = new List<AIContent>(parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            var partPath = $"{PathOf(index)}.content[{i}]";
            contents.Add(ContentParts.Read(parts[i] ?? throw InvalidRequests.Field(partPath, "is null"), partPath));
        }

        return contents;
    }

    // Put together only where it is needed: nearly every message is right.
    private static string PathOf(int index) => $"messages[{index}]";

    private static int? Positive(int? number, string path) => number < 1 ? throw InvalidRequests.Field(path, $"is {number}") : number;

    /// <summary>The options of a request, whatever its messages are.</summary>
    internal static ChatOptions ReadOptions(ChatCompletionRequest request)
    {
        var extra = request.Extra is null ? null : new Dictionary<string, JsonElement>(request.Extra);
        if (extra is not null && extra.Remove("n", out var answers) && answers.GetRawText() is not ("1" or "null"))
            throw new RouterException(FailureKind.InvalidRequest, "`n` must be 1: ask several times for several answers.");

        var options = new ChatOptions
        {
            ModelId = request.Model,
            Temperature = Finite(request.Temperature, "temperature"),
            TopP = Finite(request.TopP, "top_p"),
            TopK = request.TopK,
            FrequencyPenalty = Finite(request.FrequencyPenalty, "frequency_penalty"),
            PresencePenalty = Finite(request.PresencePenalty, "presence_penalty"),
            Seed = request.Seed,
            MaxOutputTokens = Positive(request.MaxCompletionTokens, "max_completion_tokens") ?? Positive(request.MaxTokens, "max_tokens"),
            StopSequences = request.Stop is { Count: > 0 } stops ? [.. stops] : null,
            AllowMultipleToolCalls = request.ParallelToolCalls,
        };
        ReadFormat(request.ResponseFormat, options, ref extra);
        ReadTools(request, options, ref extra);
        ReadReasoning(request, options, ref extra);
        if (Verbatim.Bundle(extra) is { } bundle)
        {
            foreach (var (key, value) in bundle)
                (options.AdditionalProperties ??= [])[key] = value;
        }

        return options;
    }

    // A number such as 1e400 is read as infinity, which cannot be written again.
    private static float? Finite(float? number, string path) =>
        number is { } given && !float.IsFinite(given) ? throw InvalidRequests.Field(path, "is out of range") : number;

    private static void ReadFormat(ResponseFormat? format, ChatOptions options, ref Dictionary<string, JsonElement>? extra)
    {
        switch (format?.Type)
        {
            case null when format is null:
                break;
            case null or "":
                throw InvalidRequests.Field("response_format.type", "is missing");
            case "text":
                options.ResponseFormat = ChatResponseFormat.Text;
                break;
            case "json_object":
                options.ResponseFormat = ChatResponseFormat.Json;
                break;
            case "json_schema":
                var schema = format.JsonSchema ?? throw InvalidRequests.Field("response_format.json_schema", "is missing");
                if (schema.Schema is not { ValueKind: JsonValueKind.Object } json)
                    throw InvalidRequests.Field("response_format.json_schema", "has no schema");
                options.ResponseFormat = ChatResponseFormat.ForJsonSchema(json, schema.Name, schema.Description);
                if (schema.Strict is { } strict)
                    (options.AdditionalProperties ??= [])[RequestProperties.Strict] = strict;
                KeepVerbatim(format, ref extra);
                break;
            default:
                KeepVerbatim(format, ref extra);
                break;
        }
    }

    // The caller's schema goes on as he wrote it, to the letter.
    private static void KeepVerbatim(ResponseFormat format, ref Dictionary<string, JsonElement>? extra) =>
        (extra ??= [])["response_format"] = JsonSerializer.SerializeToElement(format, WireJson.Strict.ResponseFormat);

    private static void ReadTools(ChatCompletionRequest request, ChatOptions options, ref Dictionary<string, JsonElement>? extra)
    {
        for (var i = 0; i < request.Tools?.Count; i++)
            (options.Tools ??= []).Add(ReadTool(request.Tools[i], $"tools[{i}]"));

        switch (request.ToolChoice)
        {
            case null:
                break;
            case { Other: { } }:
                (extra ??= [])["tool_choice"] = JsonSerializer.SerializeToElement(request.ToolChoice, WireJson.Strict.ToolChoice);
                break;
            case { Function: { } name }:
                options.ToolMode = ChatToolMode.RequireSpecific(name);
                break;
            case { Mode: var mode }:
                options.ToolMode = mode switch
                {
                    "auto" => ChatToolMode.Auto,
                    "none" => ChatToolMode.None,
                    "required" => ChatToolMode.RequireAny,
                    _ => throw InvalidRequests.Field("tool_choice", "is not a known word"),
                };
                break;
        }
    }

    private static AITool ReadTool(ToolDefinition? tool, string path)
    {
        if (string.IsNullOrEmpty(tool?.Type))
            throw InvalidRequests.Field(path + ".type", "is missing");
        if (tool.Type != "function")
            return new VerbatimTool(tool);
        if (tool.Function is not { Name: { Length: > 0 } name } definition)
            throw InvalidRequests.Field(path + ".function", "is missing or has no name");

        // Null rather than absent: a tool that does not say must not inherit what the response format says.
        var properties = Verbatim.Bundle(tool.Extra) ?? [];
        properties[RequestProperties.Strict] = definition.Strict;
        return new DeclaredFunction(name, definition, properties);
    }

    private static void ReadReasoning(ChatCompletionRequest request, ChatOptions options, ref Dictionary<string, JsonElement>? extra)
    {
        var effort = request.ReasoningEffort;
        if (request.Reasoning is { } reasoning && reasoning.ValueKind != JsonValueKind.Null)
        {
            if (reasoning.ValueKind != JsonValueKind.Object)
                throw new RouterException(FailureKind.InvalidRequest, "`reasoning` must be an object such as {\"effort\":\"low\"}.");

            if (reasoning.TryGetProperty("effort", out var named) && named.ValueKind == JsonValueKind.String)
                effort ??= named.GetString();
            if (reasoning.EnumerateObject().Any(static field => field.Name != "effort"))
                (extra ??= [])["reasoning"] = reasoning;
        }

        if (ReadEffort(effort) is { } known)
            options.Reasoning = new ReasoningOptions { Effort = known };
        else if (effort is not null)
            (extra ??= [])["reasoning_effort"] = JsonSerializer.SerializeToElement(effort, WireJson.Strict.String);
    }

    private static ReasoningEffort? ReadEffort(string? effort) => effort switch
    {
        "none" => ReasoningEffort.None,
        "low" => ReasoningEffort.Low,
        "medium" => ReasoningEffort.Medium,
        "high" => ReasoningEffort.High,
        "xhigh" => ReasoningEffort.ExtraHigh,
        _ => null,
    };
}

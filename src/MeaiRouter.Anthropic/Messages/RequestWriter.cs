using System.Text.Json;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Attempts;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>From messages and options to the fields of a request's body.</summary>
internal static class RequestWriter
{
    // Fields of the chat wire that callers of a gateway set and Anthropic refuses; what they mean is said elsewhere or cannot be said.
    private static readonly string[] NotOurs =
    [
        "user", "metadata", "reasoning", "reasoning_effort", "include_reasoning", "verbosity", "response_format", "tool_choice", "parallel_tool_calls",
        "service_tier", "logit_bias", "logprobs", "top_logprobs", "n", "prediction", "modalities", "web_search_options", "store", "stream_options", "seed",
        "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options", "safety_identifier", "min_p", "top_a", "repetition_penalty", "image_config",
        "usage", "trace", "debug", "plugins", "transforms", "max_tool_calls", "stop_server_tools_when",
    ];

    /// <summary>Writes a request.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options; never changed.</param>
    /// <param name="dialect">What the model takes.</param>
    /// <param name="defaultModel">The model where the options name none.</param>
    /// <param name="defaultOutput">The output limit where the options set none.</param>
    /// <exception cref="RouterException">The request holds what cannot be said on this wire.</exception>
    public static Dictionary<string, JsonElement> Write(
        IEnumerable<ChatMessage> messages, ChatOptions? options, Dialect dialect, string? defaultModel, int defaultOutput)
    {
        var extra = ContentProperties.Fields(options?.AdditionalProperties);
        var (system, turns) = MessageWriter.Write(messages, options?.Instructions);
        var model = options?.ModelId ?? defaultModel
            ?? throw new RouterException(FailureKind.InvalidRequest, "The options name no model, and the client has no default.");
        var tools = ToolWriter.Write(options);
        dialect = dialect.For(model);
        var request = new MessagesRequest
        {
            Model = model,
            MaxTokens = options?.MaxOutputTokens ?? defaultOutput,
            System = system.Count > 0 ? new BlockList(null, system) : null,
            Messages = turns,
            Tools = tools,
            ToolChoice = tools is null ? null : ToolWriter.WriteChoice(options),
            StopSequences = options?.StopSequences is { Count: > 0 } stops ? [.. stops] : null,
            Metadata = UserOf(extra) is { } user ? new RequestMetadata { UserId = user } : null,
            ServiceTier = TierOf(extra?.Text("service_tier")),
            OutputConfig = FormatOf(options?.ResponseFormat),
        };
        ThinkingWriter.Write(request, options, extra, dialect.Reasoning);
        WriteSampling(request, options, dialect);

        var body = new Dictionary<string, JsonElement>();
        foreach (var field in JsonSerializer.SerializeToElement(request, MessagesJson.Wire.MessagesRequest).EnumerateObject())
            body[field.Name] = field.Value;
        foreach (var field in extra?.EnumerateObject() ?? default)
        {
            if (!NotOurs.Contains(field.Name))
                body[field.Name] = field.Value;
        }

        return body;
    }

    // Anthropic: none of them while the model thinks, and none at all since Opus 4.7.
    private static void WriteSampling(MessagesRequest request, ChatOptions? options, Dialect dialect)
    {
        var thinks = request.Thinking is { Type: not "disabled" };
        request.Temperature = Taken("temperature") ? options?.Temperature : null;
        request.TopP = Taken("top_p") ? options?.TopP : null;
        request.TopK = Taken("top_k") ? options?.TopK : null;

        bool Taken(string name) => !dialect.Parameters.TryGetValue(name, out var rule) || (rule.IsTaken && !(thinks && rule.RefusedWhileReasoning));
    }

    private static OutputConfig? FormatOf(ChatResponseFormat? format) => format is ChatResponseFormatJson { Schema: not null } json && ClosedSchemas.Of(json) is { } schema
        ? new OutputConfig { Format = new OutputFormat { Type = "json_schema", Schema = schema } }
        : null;

    // OpenAI's and OpenRouter's words beside Anthropic's own.
    private static string? TierOf(string? tier) => tier switch
    {
        "auto" or "priority" or "fast" => "auto",
        "default" or "standard" or "standard_only" => "standard_only",
        _ => null,
    };

    private static string? UserOf(JsonElement? extra) =>
        extra is { } fields ? fields.Object("metadata")?.Text("user_id") ?? fields.Text("user") ?? fields.Text("safety_identifier") : null;
}

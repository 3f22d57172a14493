using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>Which parameters a request sends, in the words of the catalogue's <c>supported_parameters</c>.</summary>
internal static class RequestParameters
{
    public const string Tools = "tools";
    public const string ResponseFormat = "response_format";
    public const string StructuredOutputs = "structured_outputs";
    public const string Verbosity = "verbosity";

    // Where the OpenAI-compatible client looks for fields that Microsoft.Extensions.AI has no word for.
    private const string ExtraBody = "extra_body";
    private const string ServiceTier = "service_tier";

    // OpenRouter's list, less those that ChatOptions has a property for. Other fields, such as user, are not parameters of the model.
    private static readonly string[] OnlyInExtraBody =
    [
        "min_p", "top_a", "repetition_penalty", "logit_bias", "logprobs", "top_logprobs", "prediction", "reasoning", "reasoning_effort",
        "include_reasoning", "web_search_options", Verbosity, ResponseFormat, StructuredOutputs,
    ];

    /// <summary>Every parameter the request sends.</summary>
    public static IReadOnlyList<string> Of(ChatOptions? options)
    {
        if (options is null)
            return [];

        var names = new List<string>();
        AddIf(options.Temperature is not null, "temperature");
        AddIf(options.TopP is not null, "top_p");
        AddIf(options.TopK is not null, "top_k");
        AddIf(options.FrequencyPenalty is not null, "frequency_penalty");
        AddIf(options.PresencePenalty is not null, "presence_penalty");
        AddIf(options.MaxOutputTokens is not null, "max_tokens");
        AddIf(options.Seed is not null, "seed");
        AddIf(options.StopSequences is { Count: > 0 }, "stop");
        AddIf(options.Tools is { Count: > 0 }, Tools);
        AddIf(options.ToolMode is not (null or AutoChatToolMode), "tool_choice");
        AddIf(options.AllowMultipleToolCalls is not null, "parallel_tool_calls");
        AddIf(options.Reasoning is not null, "reasoning");
        AddIf(Format(options) is not null, Format(options)!);
        foreach (var name in OnlyInExtraBody)
            AddIf(HasExtra(options, name) && !names.Contains(name), name);
        return names;

        void AddIf(bool isSent, string name)
        {
            if (isSent)
                names.Add(name);
        }
    }

    /// <summary>What the request needs for the format it wants its answer in; <see langword="null"/> for plain text.</summary>
    public static string? Format(ChatOptions? options) => options?.ResponseFormat switch
    {
        ChatResponseFormatJson { Schema: not null } => StructuredOutputs,
        ChatResponseFormatJson => ResponseFormat,
        _ => null,
    };

    /// <summary>Whether the request sends the field although <see cref="ChatOptions"/> has no property for it.</summary>
    public static bool HasExtra(ChatOptions? options, string name) => Extra(options) switch
    {
        JsonElement { ValueKind: JsonValueKind.Object } json =>
            json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null,
        JsonObject json => json.TryGetPropertyValue(name, out var value) && value is not null,
        _ => false,
    };

    /// <summary>The service tier the request asks for.</summary>
    public static ServiceTiers TierOf(ChatOptions? options) => EndpointSlugs.TierOf(Extra(options) switch
    {
        JsonElement { ValueKind: JsonValueKind.Object } json
            when json.TryGetProperty(ServiceTier, out var tier) && tier.ValueKind == JsonValueKind.String => tier.GetString(),
        JsonObject json when json[ServiceTier] is JsonValue tier && tier.TryGetValue<string>(out var name) => name,
        _ => null,
    });

    /// <summary>Whether a catalogue's list holds the parameter, under this name or another of the same meaning.</summary>
    public static bool Includes(IReadOnlyList<string> supported, string parameter)
    {
        for (var i = 0; i < supported.Count; i++)
        {
            if (supported[i].Equals(parameter, StringComparison.OrdinalIgnoreCase) || IsSynonym(supported[i], parameter))
                return true;
        }

        return false;
    }

    private static bool IsSynonym(string supported, string parameter) => (parameter, supported) switch
    {
        ("max_tokens", "max_completion_tokens") => true,
        ("reasoning", "reasoning_effort") => true,
        _ => false,
    };

    private static object? Extra(ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(ExtraBody, out var extra) == true ? extra : null;
}

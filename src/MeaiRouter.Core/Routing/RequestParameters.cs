using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>Which parameters a request sends, in the words of the catalogue's <c>supported_parameters</c>, and where each of them sits.</summary>
internal static class RequestParameters
{
    public const string MaxTokens = "max_tokens";
    public const string Stop = "stop";
    public const string Tools = "tools";
    public const string ToolChoice = "tool_choice";
    public const string ParallelToolCalls = "parallel_tool_calls";
    public const string Reasoning = "reasoning";
    public const string ReasoningEffort = "reasoning_effort";
    public const string IncludeReasoning = "include_reasoning";
    public const string ResponseFormat = "response_format";
    public const string StructuredOutputs = "structured_outputs";
    public const string Verbosity = "verbosity";

    private const string MaxCompletionTokens = "max_completion_tokens";
    private const string ServiceTier = "service_tier";

    /// <summary>OpenRouter's list. Other fields, such as <c>user</c>, are not parameters of the model.</summary>
    public static IReadOnlyList<RequestParameter> All { get; } =
    [
        RequestParameter.OfSingle("temperature", static options => options.Temperature, static (options, value) => options.Temperature = value),
        RequestParameter.OfSingle("top_p", static options => options.TopP, static (options, value) => options.TopP = value),
        RequestParameter.OfWhole("top_k", static options => options.TopK, static (options, value) => options.TopK = (int?)value),
        RequestParameter.OfSingle(
            "frequency_penalty", static options => options.FrequencyPenalty, static (options, value) => options.FrequencyPenalty = value),
        RequestParameter.OfSingle(
            "presence_penalty", static options => options.PresencePenalty, static (options, value) => options.PresencePenalty = value),
        RequestParameter.OfWhole(
            MaxTokens, static options => options.MaxOutputTokens, static (options, value) => options.MaxOutputTokens = (int?)value, MaxCompletionTokens),
        RequestParameter.OfWhole("seed", static options => options.Seed, static (options, value) => options.Seed = value),
        new(Stop) { IsSet = static options => options.StopSequences is { Count: > 0 }, Clear = static options => options.StopSequences = null },
        new(Tools) { IsSet = static options => options.Tools is { Count: > 0 } },
        new(ToolChoice) { IsSet = static options => options.ToolMode is not (null or AutoChatToolMode) },
        new(ParallelToolCalls)
        {
            IsSet = static options => options.AllowMultipleToolCalls is not null, Clear = static options => options.AllowMultipleToolCalls = null,
        },
        new(Reasoning) { IsSet = static options => options.Reasoning is not null },
        new(ResponseFormat) { IsSet = static options => Format(options) == ResponseFormat },
        new(StructuredOutputs) { IsSet = static options => Format(options) == StructuredOutputs },
        new("min_p"), new("top_a"), new("repetition_penalty"), new("logit_bias"), new("logprobs"), new("top_logprobs"), new("prediction"),
        new(ReasoningEffort), new(IncludeReasoning), new("web_search_options"), new(Verbosity),
    ];

    /// <summary>The output limit.</summary>
    public static RequestParameter OutputLimit { get; } = All.First(static parameter => parameter.Name == MaxTokens);

    /// <summary>Every parameter the request sends.</summary>
    public static IReadOnlyList<string> Of(ChatOptions? options) =>
        options is null ? [] : [.. All.Where(parameter => parameter.IsSent(options)).Select(static parameter => parameter.Name)];

    /// <summary>What the request needs for the format it wants its answer in; <see langword="null"/> for plain text.</summary>
    public static string? Format(ChatOptions? options) => options?.ResponseFormat switch
    {
        ChatResponseFormatJson { Schema: not null } => StructuredOutputs,
        ChatResponseFormatJson => ResponseFormat,
        _ => null,
    };

    /// <summary>The service tier the request asks for.</summary>
    public static ServiceTiers TierOf(ChatOptions? options) => EndpointSlugs.TierOf(ExtraBody.Text(options, ServiceTier));

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
        (MaxTokens, MaxCompletionTokens) => true,
        (Reasoning, ReasoningEffort) => true,
        _ => false,
    };
}

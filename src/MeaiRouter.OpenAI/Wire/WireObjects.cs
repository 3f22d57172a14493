using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>The objects of the wire, field by field in the order in which they are written, for one of the two ways to read them.</summary>
/// <remarks>The metadata of the same types, which documentation is made of, has the same names; a test holds the two together.</remarks>
internal sealed class WireObjects
{
    /// <summary>Those in which a value of the wrong type is an error.</summary>
    public static readonly WireObjects Strict = new(WireScalars.Strict);

    /// <summary>Those in which it is not.</summary>
    public static readonly WireObjects Tolerant = new(WireScalars.Tolerant);

    // What some fields are written as where there is nothing to write.
    private const bool EvenIfNull = true;

    private readonly WireScalars _read;

    private WireObjects(WireScalars scalars)
    {
        _read = scalars;
        var (image, audio, file, function) = (ImageReference(), AudioClip(), FileReference(), CalledFunction());
        var (part, call) = (ContentPart(image, audio, file), ToolCall(function));
        var (definition, schema, stream, sent) = (FunctionDefinition(), JsonSchemaFormat(), StreamOptions(), RequestMessage(part, call));
        var (tool, format) = (ToolDefinition(definition), ResponseFormat(schema));
        var (input, output, cost, tools, error) = (PromptTokensDetails(), CompletionTokensDetails(), CostDetails(), ServerToolUse(), WireError());
        var (usage, message, vector) = (CompletionUsage(input, output, cost, tools), AnswerMessage(part, call, function), EmbeddingItem());
        var choice = Choice(message, error);
        Part = part;
        All =
        [
            ChatCompletionRequest(sent, stream, tool, format), sent, stream, tool, definition, format, schema, part, image, audio, file, call, function,
            ChatCompletion(choice, usage, error), choice, message, usage, input, output, cost, tools, error,
            EmbeddingList(vector, usage, error), vector,
        ];
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<JsonConverter> All { get; }

    /// <summary>Parts of messages.</summary>
    public WireObject<ContentPart> Part { get; }

    private WireObject<ChatCompletionRequest> ChatCompletionRequest(
        WireObject<RequestMessage> message, WireObject<StreamOptions> stream, WireObject<ToolDefinition> tool, WireObject<ResponseFormat> format) =>
        new(static () => new(), static o => o.Extra, static (o, value) => o.Extra = value)
        {
            { "model", static o => o.Model, static (o, value) => o.Model = value, _read.Text },
            { "messages", static o => o.Messages, static (o, value) => o.Messages = value, new WireList<RequestMessage>(message) },
            { "stream", static o => o.Stream, static (o, value) => o.Stream = value, _read.Boolean },
            { "stream_options", static o => o.StreamOptions, static (o, value) => o.StreamOptions = value, stream },
            { "max_tokens", static o => o.MaxTokens, static (o, value) => o.MaxTokens = value, _read.Integer },
            { "max_completion_tokens", static o => o.MaxCompletionTokens, static (o, value) => o.MaxCompletionTokens = value, _read.Integer },
            { "temperature", static o => o.Temperature, static (o, value) => o.Temperature = value, _read.Single },
            { "top_p", static o => o.TopP, static (o, value) => o.TopP = value, _read.Single },
            { "top_k", static o => o.TopK, static (o, value) => o.TopK = value, _read.Integer },
            { "frequency_penalty", static o => o.FrequencyPenalty, static (o, value) => o.FrequencyPenalty = value, _read.Single },
            { "presence_penalty", static o => o.PresencePenalty, static (o, value) => o.PresencePenalty = value, _read.Single },
            { "seed", static o => o.Seed, static (o, value) => o.Seed = value, _read.Long },
            { "stop", static o => o.Stop, static (o, value) => o.Stop = value, new StopSequencesConverter() },
            { "tools", static o => o.Tools, static (o, value) => o.Tools = value, new WireList<ToolDefinition>(tool) },
            { "tool_choice", static o => o.ToolChoice, static (o, value) => o.ToolChoice = value, new ToolChoiceConverter() },
            { "parallel_tool_calls", static o => o.ParallelToolCalls, static (o, value) => o.ParallelToolCalls = value, _read.Boolean },
            { "response_format", static o => o.ResponseFormat, static (o, value) => o.ResponseFormat = value, format },
            { "reasoning_effort", static o => o.ReasoningEffort, static (o, value) => o.ReasoningEffort = value, _read.Text },
            { "reasoning", static o => o.Reasoning, static (o, value) => o.Reasoning = value, _read.Json },
            { "models", static o => o.Models, static (o, value) => o.Models = value, new WireList<ModelEntry>(new ModelEntryConverter()) },
            { "provider", static o => o.Provider, static (o, value) => o.Provider = value, _read.Json },
            { "route", static o => o.Route, static (o, value) => o.Route = value, _read.Json },
            { "preset", static o => o.Preset, static (o, value) => o.Preset = value, _read.Json },
            { "plugins", static o => o.Plugins, static (o, value) => o.Plugins = value, _read.Json },
            { "session_id", static o => o.SessionId, static (o, value) => o.SessionId = value, _read.Json },
            { "trace", static o => o.Trace, static (o, value) => o.Trace = value, _read.Json },
            { "usage", static o => o.Usage, static (o, value) => o.Usage = value, _read.Json },
            { "transforms", static o => o.Transforms, static (o, value) => o.Transforms = value, _read.Json },
            { "debug", static o => o.Debug, static (o, value) => o.Debug = value, _read.Json },
        };

    private WireObject<StreamOptions> StreamOptions() => new(static () => new())
    {
        { "include_usage", static o => o.IncludeUsage, static (o, value) => o.IncludeUsage = value, _read.Boolean },
    };

    private WireObject<RequestMessage> RequestMessage(WireObject<ContentPart> part, WireObject<ToolCall> call) =>
        new(static () => new(), static o => o.Extra, static (o, value) => o.Extra = value)
        {
            { "role", static o => o.Role, static (o, value) => o.Role = value, _read.Text },
            { "content", static o => o.Content, static (o, value) => o.Content = value, new Optional<MessageContent>(new MessageContentConverter(part)), EvenIfNull },
            { "name", static o => o.Name, static (o, value) => o.Name = value, _read.Text },
            { "tool_calls", static o => o.ToolCalls, static (o, value) => o.ToolCalls = value, new WireList<ToolCall>(call) },
            { "tool_call_id", static o => o.ToolCallId, static (o, value) => o.ToolCallId = value, _read.Text },
            { "refusal", static o => o.Refusal, static (o, value) => o.Refusal = value, _read.Text },
            { "reasoning", static o => o.Reasoning, static (o, value) => o.Reasoning = value, _read.Text },
            { "reasoning_content", static o => o.ReasoningContent, static (o, value) => o.ReasoningContent = value, _read.Text },
            { "reasoning_details", static o => o.ReasoningDetails, static (o, value) => o.ReasoningDetails = value, _read.Json },
        };

    private WireObject<ContentPart> ContentPart(WireObject<ImageReference> image, WireObject<AudioClip> audio, WireObject<FileReference> file) =>
        new(static () => new(), static o => o.Extra, static (o, value) => o.Extra = value)
        {
            { "type", static o => o.Type, static (o, value) => o.Type = value, _read.Text },
            { "text", static o => o.Text, static (o, value) => o.Text = value, _read.Text },
            { "image_url", static o => o.ImageUrl, static (o, value) => o.ImageUrl = value, new TolerantObject<ImageReference>(image) },
            { "input_audio", static o => o.InputAudio, static (o, value) => o.InputAudio = value, new TolerantObject<AudioClip>(audio) },
            { "file", static o => o.File, static (o, value) => o.File = value, new TolerantObject<FileReference>(file) },
        };

    private WireObject<ImageReference> ImageReference() => new(static () => new())
    {
        { "url", static o => o.Url, static (o, value) => o.Url = value, _read.Text },
        { "detail", static o => o.Detail, static (o, value) => o.Detail = value, _read.Text },
    };

    private WireObject<AudioClip> AudioClip() => new(static () => new())
    {
        { "data", static o => o.Data, static (o, value) => o.Data = value, _read.Text },
        { "format", static o => o.Format, static (o, value) => o.Format = value, _read.Text },
    };

    private WireObject<FileReference> FileReference() => new(static () => new())
    {
        { "filename", static o => o.Filename, static (o, value) => o.Filename = value, _read.Text },
        { "file_data", static o => o.FileData, static (o, value) => o.FileData = value, _read.Text },
        { "file_id", static o => o.FileId, static (o, value) => o.FileId = value, _read.Text },
    };

    private WireObject<ToolCall> ToolCall(WireObject<CalledFunction> function) =>
        new(static () => new(), static o => o.Extra, static (o, value) => o.Extra = value)
        {
            { "index", static o => o.Index, static (o, value) => o.Index = value, _read.Integer },
            { "id", static o => o.Id, static (o, value) => o.Id = value, _read.Text },
            { "type", static o => o.Type, static (o, value) => o.Type = value, _read.Word },
            { "function", static o => o.Function, static (o, value) => o.Function = value, new TolerantObject<CalledFunction>(function) },
        };

    private WireObject<CalledFunction> CalledFunction() => new(static () => new())
    {
        { "name", static o => o.Name, static (o, value) => o.Name = value, _read.Text },
        { "arguments", static o => o.Arguments, static (o, value) => o.Arguments = value, new JsonTextConverter() },
    };

    private WireObject<ToolDefinition> ToolDefinition(WireObject<FunctionDefinition> function) =>
        new(static () => new(), static o => o.Extra, static (o, value) => o.Extra = value)
        {
            { "type", static o => o.Type, static (o, value) => o.Type = value, _read.Text },
            { "function", static o => o.Function, static (o, value) => o.Function = value, function },
        };

    private WireObject<FunctionDefinition> FunctionDefinition() => new(static () => new())
    {
        { "name", static o => o.Name, static (o, value) => o.Name = value, _read.Text },
        { "description", static o => o.Description, static (o, value) => o.Description = value, _read.Text },
        { "parameters", static o => o.Parameters, static (o, value) => o.Parameters = value, _read.Json },
        { "strict", static o => o.Strict, static (o, value) => o.Strict = value, _read.Boolean },
    };

    private WireObject<ResponseFormat> ResponseFormat(WireObject<JsonSchemaFormat> schema) =>
        new(static () => new(), static o => o.Extra, static (o, value) => o.Extra = value)
        {
            { "type", static o => o.Type, static (o, value) => o.Type = value, _read.Text },
            { "json_schema", static o => o.JsonSchema, static (o, value) => o.JsonSchema = value, schema },
        };

    private WireObject<JsonSchemaFormat> JsonSchemaFormat() => new(static () => new())
    {
        { "name", static o => o.Name, static (o, value) => o.Name = value, _read.Text },
        { "description", static o => o.Description, static (o, value) => o.Description = value, _read.Text },
        { "schema", static o => o.Schema, static (o, value) => o.Schema = value, _read.Json },
        { "strict", static o => o.Strict, static (o, value) => o.Strict = value, _read.Boolean },
    };

    private WireObject<ChatCompletion> ChatCompletion(
        WireObject<Choice> choice, WireObject<CompletionUsage> usage, WireObject<WireError> error) =>
        new(static () => new(), static o => o.Extra, static (o, value) => o.Extra = value)
        {
            { "id", static o => o.Id, static (o, value) => o.Id = value, _read.Text },
            { "object", static o => o.Kind, static (o, value) => o.Kind = value, _read.Word },
            { "created", static o => o.Created, static (o, value) => o.Created = value, _read.Long },
            { "model", static o => o.Model, static (o, value) => o.Model = value, _read.Text },
            { "provider", static o => o.Provider, static (o, value) => o.Provider = value, _read.Text },
            { "system_fingerprint", static o => o.SystemFingerprint, static (o, value) => o.SystemFingerprint = value, _read.Text },
            { "service_tier", static o => o.ServiceTier, static (o, value) => o.ServiceTier = value, _read.Text },
            { "choices", static o => o.Choices, static (o, value) => o.Choices = value, new TolerantList<Choice>(choice) },
            { "usage", static o => o.Usage, static (o, value) => o.Usage = value, new TolerantObject<CompletionUsage>(usage) },
            { "error", static o => o.Error, static (o, value) => o.Error = value, new WireErrorConverter(error) },
            { "openrouter_metadata", static o => o.OpenRouterMetadata, static (o, value) => o.OpenRouterMetadata = value, _read.Json },

            // OpenAI: random padding of each chunk against traffic analysis; read and dropped.
            { "obfuscation", static _ => null, static (_, _) => { }, new DiscardingConverter() },
        };

    private WireObject<Choice> Choice(WireObject<AnswerMessage> message, WireObject<WireError> error) =>
        new(static () => new(), static o => o.Extra, static (o, value) => o.Extra = value)
        {
            { "index", static o => o.Index, static (o, value) => o.Index = value, _read.Integer },
            { "message", static o => o.Message, static (o, value) => o.Message = value, new TolerantObject<AnswerMessage>(message) },
            { "delta", static o => o.Delta, static (o, value) => o.Delta = value, new TolerantObject<AnswerMessage>(message) },
            { "finish_reason", static o => o.FinishReason, static (o, value) => o.FinishReason = value, _read.Word, EvenIfNull },
            { "native_finish_reason", static o => o.NativeFinishReason, static (o, value) => o.NativeFinishReason = value, _read.Word },
            { "logprobs", static o => o.Logprobs, static (o, value) => o.Logprobs = value, _read.Json },
            { "error", static o => o.Error, static (o, value) => o.Error = value, new WireErrorConverter(error) },
        };

    private WireObject<AnswerMessage> AnswerMessage(WireObject<ContentPart> part, WireObject<ToolCall> call, WireObject<CalledFunction> function) =>
        new(static () => new(), static o => o.Extra, static (o, value) => o.Extra = value)
        {
            { "role", static o => o.Role, static (o, value) => o.Role = value, _read.Word },
            { "content", static o => o.Content, static (o, value) => o.Content = value, new Optional<MessageContent>(new TolerantMessageContentConverter(part)) },
            { "refusal", static o => o.Refusal, static (o, value) => o.Refusal = value, _read.Text },
            { "reasoning", static o => o.Reasoning, static (o, value) => o.Reasoning = value, _read.Text },
            { "reasoning_content", static o => o.ReasoningContent, static (o, value) => o.ReasoningContent = value, _read.Text },
            { "reasoning_details", static o => o.ReasoningDetails, static (o, value) => o.ReasoningDetails = value, _read.Json },
            { "tool_calls", static o => o.ToolCalls, static (o, value) => o.ToolCalls = value, new TolerantList<ToolCall>(call) },
            { "function_call", static o => o.FunctionCall, static (o, value) => o.FunctionCall = value, new TolerantObject<CalledFunction>(function) },
            { "annotations", static o => o.Annotations, static (o, value) => o.Annotations = value, _read.Json },
            { "images", static o => o.Images, static (o, value) => o.Images = value, new TolerantList<ContentPart>(part) },
        };

    private WireObject<CompletionUsage> CompletionUsage(
        WireObject<PromptTokensDetails> input, WireObject<CompletionTokensDetails> output, WireObject<CostDetails> cost, WireObject<ServerToolUse> tools) =>
        new(static () => new(), static o => o.Extra, static (o, value) => o.Extra = value)
        {
            { "prompt_tokens", static o => o.PromptTokens, static (o, value) => o.PromptTokens = value, _read.Long },
            { "completion_tokens", static o => o.CompletionTokens, static (o, value) => o.CompletionTokens = value, _read.Long },
            { "total_tokens", static o => o.TotalTokens, static (o, value) => o.TotalTokens = value, _read.Long },
            { "prompt_tokens_details", static o => o.PromptTokensDetails, static (o, value) => o.PromptTokensDetails = value, new TolerantObject<PromptTokensDetails>(input) },
            { "completion_tokens_details", static o => o.CompletionTokensDetails, static (o, value) => o.CompletionTokensDetails = value, new TolerantObject<CompletionTokensDetails>(output) },
            { "prompt_cache_hit_tokens", static o => o.PromptCacheHitTokens, static (o, value) => o.PromptCacheHitTokens = value, _read.Long },
            { "cost", static o => o.Cost, static (o, value) => o.Cost = value, new CostConverter() },
            { "cost_details", static o => o.CostDetails, static (o, value) => o.CostDetails = value, new TolerantObject<CostDetails>(cost) },
            { "is_byok", static o => o.IsByok, static (o, value) => o.IsByok = value, _read.Boolean },
            { "server_tool_use_details", static o => o.ServerToolUseDetails, static (o, value) => o.ServerToolUseDetails = value, new TolerantObject<ServerToolUse>(tools) },
            { "server_tool_use", static o => o.ServerToolUse, static (o, value) => o.ServerToolUse = value, new TolerantObject<ServerToolUse>(tools) },
        };

    private WireObject<PromptTokensDetails> PromptTokensDetails() =>
        new(static () => new(), static o => o.Extra, static (o, value) => o.Extra = value)
        {
            { "cached_tokens", static o => o.CachedTokens, static (o, value) => o.CachedTokens = value, _read.Long },
            { "cache_write_tokens", static o => o.CacheWriteTokens, static (o, value) => o.CacheWriteTokens = value, _read.Long },
            { "audio_tokens", static o => o.AudioTokens, static (o, value) => o.AudioTokens = value, _read.Long },
            { "image_tokens", static o => o.ImageTokens, static (o, value) => o.ImageTokens = value, _read.Long },
            { "video_tokens", static o => o.VideoTokens, static (o, value) => o.VideoTokens = value, _read.Long },
        };

    private WireObject<CompletionTokensDetails> CompletionTokensDetails() =>
        new(static () => new(), static o => o.Extra, static (o, value) => o.Extra = value)
        {
            { "reasoning_tokens", static o => o.ReasoningTokens, static (o, value) => o.ReasoningTokens = value, _read.Long },
            { "audio_tokens", static o => o.AudioTokens, static (o, value) => o.AudioTokens = value, _read.Long },
            { "image_tokens", static o => o.ImageTokens, static (o, value) => o.ImageTokens = value, _read.Long },
            { "accepted_prediction_tokens", static o => o.AcceptedPredictionTokens, static (o, value) => o.AcceptedPredictionTokens = value, _read.Long },
            { "rejected_prediction_tokens", static o => o.RejectedPredictionTokens, static (o, value) => o.RejectedPredictionTokens = value, _read.Long },
        };

    private WireObject<CostDetails> CostDetails() => new(static () => new(), static o => o.Extra, static (o, value) => o.Extra = value)
    {
        { "upstream_inference_cost", static o => o.UpstreamInferenceCost, static (o, value) => o.UpstreamInferenceCost = value, _read.Decimal, EvenIfNull },
        { "upstream_inference_prompt_cost", static o => o.UpstreamInferencePromptCost, static (o, value) => o.UpstreamInferencePromptCost = value, _read.Decimal },
        { "upstream_inference_completions_cost", static o => o.UpstreamInferenceCompletionsCost, static (o, value) => o.UpstreamInferenceCompletionsCost = value, _read.Decimal },
    };

    private WireObject<ServerToolUse> ServerToolUse() => new(static () => new(), static o => o.Extra, static (o, value) => o.Extra = value)
    {
        { "tool_calls_requested", static o => o.ToolCallsRequested, static (o, value) => o.ToolCallsRequested = value, _read.Long },
        { "tool_calls_executed", static o => o.ToolCallsExecuted, static (o, value) => o.ToolCallsExecuted = value, _read.Long },
        { "web_search_requests", static o => o.WebSearchRequests, static (o, value) => o.WebSearchRequests = value, _read.Long },
    };

    private WireObject<WireError> WireError() => new(static () => new(), static o => o.Extra, static (o, value) => o.Extra = value)
    {
        { "message", static o => o.Message, static (o, value) => o.Message = value, _read.Text },
        { "type", static o => o.Type, static (o, value) => o.Type = value, _read.Text },
        { "param", static o => o.Param, static (o, value) => o.Param = value, _read.Text },
        { "code", static o => o.Code, static (o, value) => o.Code = value, new ErrorCodeConverter() },
        { "metadata", static o => o.Metadata, static (o, value) => o.Metadata = value, _read.Json },
    };

    private WireObject<EmbeddingList> EmbeddingList(
        WireObject<EmbeddingItem> item, WireObject<CompletionUsage> usage, WireObject<WireError> error) =>
        new(static () => new())
        {
            { "id", static o => o.Id, static (o, value) => o.Id = value, _read.Text },
            { "object", static o => o.Kind, static (o, value) => o.Kind = value, _read.Text },
            { "data", static o => o.Data, static (o, value) => o.Data = value, new WireList<EmbeddingItem>(item) },
            { "model", static o => o.Model, static (o, value) => o.Model = value, _read.Text },
            { "provider", static o => o.Provider, static (o, value) => o.Provider = value, _read.Text },
            { "usage", static o => o.Usage, static (o, value) => o.Usage = value, new TolerantObject<CompletionUsage>(usage) },
            { "openrouter_metadata", static o => o.OpenRouterMetadata, static (o, value) => o.OpenRouterMetadata = value, _read.Json },
            { "error", static o => o.Error, static (o, value) => o.Error = value, new TolerantObject<WireError>(error) },
        };

    private WireObject<EmbeddingItem> EmbeddingItem() => new(static () => new())
    {
        { "object", static o => o.Kind, static (o, value) => o.Kind = value, _read.Text },
        { "index", static o => o.Index, static (o, value) => o.Index = value, _read.Integer },
        { "embedding", static o => o.Embedding, static (o, value) => o.Embedding = value, new WireVector.Converter() },
    };
}

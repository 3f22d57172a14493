using System.Text;
using System.Text.Json;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>From messages and options to a request on the wire.</summary>
public static class RequestWriter
{
    private const string DefaultSchemaName = "json_schema";
    private const int MaxNameLength = 64;

    // What OpenAI demands of a schema before it takes "strict": true.
    private static readonly AIJsonSchemaTransformCache StrictSchemas = new(new AIJsonSchemaTransformOptions
    {
        ConvertBooleanSchemas = true,
        DisallowAdditionalProperties = true,
        MoveDefaultKeywordToDescription = true,
        RequireAllProperties = true,
    });

    /// <summary>Maps a call of an <see cref="IChatClient"/> to a request.</summary>
    /// <param name="messages">The conversation; enumerated once.</param>
    /// <param name="options">The options, which are not changed.</param>
    /// <param name="stream">Whether the answer is to be streamed; usage is then asked for.</param>
    /// <param name="client">The client passed to <c>RawRepresentationFactory</c>; without one the factory is not asked.</param>
    /// <param name="spelling">The provider's spelling; default <see cref="RequestSpelling.Default"/>.</param>
    /// <remarks>
    /// A <see cref="ChatCompletionRequest"/> from <c>RawRepresentationFactory</c>, then <see cref="RequestProperties.ExtraBody"/>, win over
    /// the options; stop sequences and tools are added to theirs. Content and hosted tools this wire has no form for are left out.
    /// </remarks>
    /// <exception cref="Attempts.RouterException">The extra body is no JSON object, or holds a known field of the wrong type.</exception>
    public static ChatCompletionRequest Write(
        IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream, IChatClient? client = null, RequestSpelling? spelling = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        spelling ??= RequestSpelling.Default;

        var request = Start(options, client);
        request.Messages = WriteMessages(messages, options?.Instructions, spelling);
        request.Stream = stream ? true : null;
        request.StreamOptions = stream ? new StreamOptions { IncludeUsage = true } : null;
        if (options is not null)
            Fill(request, options, spelling);
        return request;
    }

    private static ChatCompletionRequest Start(ChatOptions? options, IChatClient? client)
    {
        var raw = client is null ? null : options?.RawRepresentationFactory?.Invoke(client) as ChatCompletionRequest;
        if (Verbatim.Unbundle(options?.AdditionalProperties) is not { } extra)
            return raw ?? new ChatCompletionRequest();

        if (raw is not null)
        {
            foreach (var field in JsonSerializer.SerializeToElement(raw, WireJson.Strict.ChatCompletionRequest).EnumerateObject())
                extra[field.Name] = field.Value;
        }

        // Through the serializer, so that known fields land in their members and cannot be written twice.
        var merged = JsonSerializer.SerializeToUtf8Bytes(extra, WireJson.Strict.IDictionaryStringJsonElement);
        return RequestReader.Parse(merged);
    }

    private static void Fill(ChatCompletionRequest request, ChatOptions options, RequestSpelling spelling)
    {
        request.Model ??= options.ModelId;
        request.Temperature ??= options.Temperature;
        request.TopP ??= options.TopP;
        request.TopK ??= options.TopK;
        request.FrequencyPenalty ??= options.FrequencyPenalty;
        request.PresencePenalty ??= options.PresencePenalty;
        request.Seed ??= options.Seed;
        request.ResponseFormat ??= WriteFormat(options);

        if (request.MaxTokens is null && request.MaxCompletionTokens is null)
        {
            if (spelling.MaxCompletionTokens)
                request.MaxCompletionTokens = options.MaxOutputTokens;
            else
                request.MaxTokens = options.MaxOutputTokens;
        }

        // Whoever speaks OpenRouter's object has said it all there.
        if (request.Reasoning is null)
            request.ReasoningEffort ??= WriteEffort(options.Reasoning?.Effort);

        if (options.StopSequences is { Count: > 0 } stops)
            request.Stop = [.. request.Stop ?? [], .. stops];

        if (options.Tools is { Count: > 0 } tools)
            request.Tools = [.. request.Tools ?? [], .. WriteTools(tools, options)];

        if (request.Tools is { Count: > 0 })
        {
            request.ParallelToolCalls ??= options.AllowMultipleToolCalls;
            request.ToolChoice ??= WriteToolChoice(options.ToolMode);
        }
    }

    private static List<RequestMessage> WriteMessages(IEnumerable<ChatMessage> messages, string? instructions, RequestSpelling spelling)
    {
        var written = new List<RequestMessage>();
        if (!string.IsNullOrWhiteSpace(instructions))
            written.Add(new RequestMessage { Role = ChatRole.System.Value, Content = new(instructions) });

        foreach (var message in messages)
        {
            if (message.RawRepresentation is RequestMessage verbatim)
                written.Add(verbatim);
            else if (message.Role == ChatRole.Assistant)
                written.Add(WriteAssistant(message, spelling));
            else
                WriteOther(message, written);
        }

        return written;
    }

    private static RequestMessage WriteAssistant(ChatMessage message, RequestSpelling spelling)
    {
        var written = Begin(message);
        List<ContentPart>? parts = null;
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case FunctionCallContent call:
                    (written.ToolCalls ??= []).Add(ToolCallArguments.Write(call));
                    break;
                case ErrorContent error when Refusals.IsRefusal(error):
                    written.Refusal += error.Message;
                    break;
                case TextReasoningContent:
                    break;
                default:
                    if (ContentParts.Write(content) is { } part)
                        (parts ??= []).Add(part);
                    break;
            }
        }

        written.Content = parts is null && (written.ToolCalls ?? (object?)written.Refusal) is not null ? null : Content(parts, join: true);
        ReasoningFields.Write(message.Contents, written, spelling.Reasoning);
        return written;
    }

    // A message may hold several results, and some callers put the user's next words beside them.
    private static void WriteOther(ChatMessage message, List<RequestMessage> written)
    {
        List<ContentPart>? parts = null;
        var hasResults = false;
        foreach (var content in message.Contents)
        {
            if (content is FunctionResultContent result)
            {
                hasResults = true;
                written.Add(WriteResult(result));
            }
            else if (ContentParts.Write(content) is { } part)
            {
                (parts ??= []).Add(part);
            }
        }

        if (hasResults && parts is null)
            return;

        var other = Begin(message);
        other.Content = Content(parts, join: false);
        if (hasResults && message.Role == ChatRole.Tool)
            other.Role = ChatRole.User.Value;
        written.Add(other);
    }

    private static RequestMessage WriteResult(FunctionResultContent result) => new()
    {
        Role = ChatRole.Tool.Value,
        ToolCallId = result.CallId,
        Content = result.Result switch
        {
            AIContent content when ContentParts.Write(content) is { } part => Content([part], join: false),
            IEnumerable<AIContent> contents => Content([.. contents.Select(ContentParts.Write).OfType<ContentPart>()], join: false),
            var value => new MessageContent(ToolCallArguments.ResultText(value)),
        },
        Extra = Verbatim.Unbundle(result.AdditionalProperties),
    };

    private static RequestMessage Begin(ChatMessage message) => new()
    {
        Role = message.Role.Value,
        Name = Name(message.AuthorName),
        Extra = Verbatim.Unbundle(message.AdditionalProperties),
    };

    // A plain text is written as one: many providers take parts only from users. Pieces of one answer belong together.
    private static MessageContent Content(List<ContentPart>? parts, bool join)
    {
        if (parts is null or { Count: 0 })
            return new MessageContent("");
        if ((join || parts.Count == 1) && parts.TrueForAll(static part => part is { Type: "text", Extra: null }))
            return new MessageContent(string.Concat(parts.Select(static part => part.Text)));
        return new MessageContent(parts);
    }

    // OpenAI: letters, digits and underscore, at most 64.
    private static string? Name(string? author)
    {
        if (string.IsNullOrWhiteSpace(author))
            return null;

        var name = new StringBuilder(author.Length);
        foreach (var character in author)
        {
            if (char.IsAsciiLetterOrDigit(character) || character == '_')
                name.Append(character);
        }

        return name.Length == 0 ? null : name.ToString(0, Math.Min(name.Length, MaxNameLength));
    }

    private static IEnumerable<ToolDefinition> WriteTools(IList<AITool> tools, ChatOptions options)
    {
        foreach (var tool in tools)
        {
            if (tool is VerbatimTool verbatim)
                yield return verbatim.Definition;
            else if (tool is AIFunctionDeclaration function)
                yield return WriteFunction(function, options);
        }
    }

    private static ToolDefinition WriteFunction(AIFunctionDeclaration function, ChatOptions options)
    {
        // What a caller declared over the wire goes on as he wrote it; only schemas made here are brought into the strict form.
        var isVerbatim = function is DeclaredFunction;
        var own = Strict(function.AdditionalProperties, out var said);
        var strict = said || isVerbatim ? own : Strict(options.AdditionalProperties, out _);
        return new ToolDefinition
        {
            Type = "function",
            Function = new FunctionDefinition
            {
                Name = function.Name,
                Description = string.IsNullOrEmpty(function.Description) ? null : function.Description,
                Parameters = strict == true && !isVerbatim ? StrictSchemas.GetOrCreateTransformedSchema(function) : function.JsonSchema,
                Strict = strict,
            },
            Extra = Verbatim.Unbundle(function.AdditionalProperties),
        };
    }

    private static bool? Strict(IReadOnlyDictionary<string, object?>? properties, out bool said)
    {
        object? strict = null;
        said = properties is not null && properties.TryGetValue(RequestProperties.Strict, out strict);
        return strict as bool?;
    }

    private static ToolChoice? WriteToolChoice(ChatToolMode? mode) => mode switch
    {
        null => null,
        NoneChatToolMode => new ToolChoice { Mode = "none" },
        RequiredChatToolMode { RequiredFunctionName: { } name } => new ToolChoice { Function = name },
        RequiredChatToolMode => new ToolChoice { Mode = "required" },
        _ => new ToolChoice { Mode = "auto" },
    };

    private static ResponseFormat? WriteFormat(ChatOptions options)
    {
        switch (options.ResponseFormat)
        {
            case null:
                return null;
            case ChatResponseFormatText:
                return new ResponseFormat { Type = "text" };
            case ChatResponseFormatJson { Schema: { } schema } json:
                var strict = Strict(options.AdditionalProperties, out _);
                return new ResponseFormat
                {
                    Type = "json_schema",
                    JsonSchema = new JsonSchemaFormat
                    {
                        Name = json.SchemaName ?? DefaultSchemaName,
                        Description = json.SchemaDescription,
                        Schema = strict == true ? StrictSchemas.GetOrCreateTransformedSchema(json) : schema,
                        Strict = strict,
                    },
                };
            default:
                return new ResponseFormat { Type = "json_object" };
        }
    }

    private static string? WriteEffort(ReasoningEffort? effort) => effort switch
    {
        ReasoningEffort.None => "none",
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High => "high",
        ReasoningEffort.ExtraHigh => "xhigh",
        _ => null,
    };
}

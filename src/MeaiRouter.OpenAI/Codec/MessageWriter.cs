using System.Text;
using System.Text.Json;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>From messages to those of the wire, in the provider's spelling.</summary>
internal readonly struct MessageWriter(RequestSpelling spelling)
{
    private const int MaxNameLength = 64;
    private const string Prefix = "prefix";
    private const string CacheMark = "cache_control";

    private static readonly JsonElement True = JsonElement.Parse("true");
    private static readonly JsonElement False = JsonElement.Parse("false");

    public void Write(IEnumerable<ChatMessage> messages, string? instructions, ChatCompletionRequest request)
    {
        var written = new List<RequestMessage>();
        if (!string.IsNullOrWhiteSpace(instructions))
            written.Add(new RequestMessage { Role = ChatRole.System.Value, Content = new(instructions) });

        var lastIsVerbatim = false;
        foreach (var message in messages)
        {
            lastIsVerbatim = message.RawRepresentation is RequestMessage;
            if (message.RawRepresentation is RequestMessage verbatim)
                written.Add(verbatim);
            else if (message.Contents is [TextContent { AdditionalProperties: null } text])
                written.Add(WriteText(message, text.Text));
            else if (message.Role == ChatRole.Assistant)
                written.Add(WriteAssistant(message));
            else
                WriteOther(message, written);
        }

        request.Messages = written;
        if (spelling.Prefill != PrefillSpelling.Prefix && !lastIsVerbatim && written is [.., var last])
            SpellPrefill(last, request);
    }

    private void SpellPrefill(RequestMessage last, ChatCompletionRequest request)
    {
        if (last.Extra is not { } extra || !extra.TryGetValue(Prefix, out var mark) || mark.ValueKind != JsonValueKind.True)
            return;

        extra.Remove(Prefix);
        if (spelling.Prefill == PrefillSpelling.Partial)
        {
            extra["partial"] = True;
            return;
        }

        request.Extra ??= new Dictionary<string, JsonElement>();
        request.Extra.TryAdd("continue_final_message", True);
        request.Extra.TryAdd("add_generation_prompt", False);
    }

    // Nearly every message is one text, which needs no parts to be put together again.
    private static RequestMessage WriteText(ChatMessage message, string text)
    {
        var written = Begin(message);
        written.Content = new MessageContent(text);
        return written;
    }

    private RequestMessage WriteAssistant(ChatMessage message)
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
                    if (WritePart(content) is { } part)
                        (parts ??= []).Add(part);
                    break;
            }
        }

        written.Content = parts is null && (written.ToolCalls ?? (object?)written.Refusal) is not null ? null : Content(parts, join: true);
        ReasoningFields.Write(message.Contents, written, spelling.Reasoning);
        return written;
    }

    // A message may hold several results, and some callers put the user's next words beside them.
    private void WriteOther(ChatMessage message, List<RequestMessage> written)
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
            else if (WritePart(content) is { } part)
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

    private RequestMessage WriteResult(FunctionResultContent result)
    {
        var written = new RequestMessage
        {
            Role = ChatRole.Tool.Value,
            ToolCallId = result.CallId,
            Content = result.Result switch
            {
                AIContent content when WritePart(content) is { } part => Content([part], join: false),
                IEnumerable<AIContent> contents => Content(WriteParts(contents), join: false),
                var value => new MessageContent(ToolCallArguments.ResultText(value)),
            },
        };

        var extra = Verbatim.Unbundle(result.AdditionalProperties);
        if (extra?.Remove(CacheMark, out var mark) == true)
            written.Content = Marked(written.Content, mark);
        written.Extra = extra is { Count: > 0 } ? extra : null;
        return written;
    }

    // Marks for a prompt cache stand on parts; no provider looks for them on a message.
    private static MessageContent Marked(MessageContent? content, JsonElement mark)
    {
        var parts = content?.Parts ?? [new ContentPart { Type = "text", Text = content?.Text ?? "" }];
        if (parts is [.., var last])
            (last.Extra ??= new Dictionary<string, JsonElement>()).TryAdd(CacheMark, mark);
        return new MessageContent(parts);
    }

    private List<ContentPart> WriteParts(IEnumerable<AIContent> contents)
    {
        var parts = new List<ContentPart>();
        foreach (var content in contents)
        {
            if (WritePart(content) is { } part)
                parts.Add(part);
        }

        return parts;
    }

    private ContentPart? WritePart(AIContent content) =>
        ContentParts.Write(content) is not { } part ? null
        : ReferenceEquals(part, content.RawRepresentation) ? part
        : PartSpelling.Spell(part, spelling);

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
}

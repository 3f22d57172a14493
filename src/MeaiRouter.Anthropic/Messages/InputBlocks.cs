using System.Text;
using System.Text.Json;
using MeaiRouter.Anthropic.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>From the turns of a request to messages.</summary>
internal static class InputBlocks
{
    private const string Pdf = "application/pdf";

    /// <summary>Reads a turn. Results of tools become a message of their own, before what else the user says in the turn.</summary>
    public static void ReadTurn(InputMessage? turn, string path, List<ChatMessage> messages)
    {
        if (turn is null)
            throw InvalidRequests.Field(path, "is null");
        if (turn.Role is not ("user" or "assistant" or "system"))
            throw InvalidRequests.Field(path + ".role", turn.Role is null ? "is missing" : $"is \"{turn.Role}\"");
        if (turn.Content is not { } content)
            throw InvalidRequests.Field(path + ".content", "is missing");
        if (turn.Role == "system")
        {
            messages.Add(new ChatMessage(ChatRole.System, ReadTexts(content, path + ".content")));
            return;
        }

        var contents = Read(content, path + ".content");
        if (turn.Role == "assistant")
        {
            messages.Add(new ChatMessage(ChatRole.Assistant, contents));
            return;
        }

        List<AIContent> results = [.. contents.OfType<FunctionResultContent>()];
        if (results.Count > 0)
            messages.Add(new ChatMessage(ChatRole.Tool, results));
        if (contents.Count > results.Count)
            messages.Add(new ChatMessage(ChatRole.User, results.Count == 0 ? contents : [.. contents.Where(static content => content is not FunctionResultContent)]));
    }

    /// <summary>Reads what may hold nothing but text.</summary>
    public static List<AIContent> ReadTexts(BlockList list, string path)
    {
        var contents = Read(list, path);
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is not TextContent)
                throw InvalidRequests.Field($"{path}[{i}].type", "is no text");
        }

        return contents;
    }

    /// <summary>Fields without a word in Microsoft.Extensions.AI, under the key that carries them out again.</summary>
    public static AdditionalPropertiesDictionary? Fields(IDictionary<string, JsonElement>? extra)
    {
        Dictionary<string, object?>? fields = null;
        foreach (var (name, value) in extra ?? new Dictionary<string, JsonElement>())
        {
            if (value.ValueKind != JsonValueKind.Null)
                (fields ??= [])[name] = value;
        }

        return fields is null
            ? null
            : new AdditionalPropertiesDictionary { [ContentProperties.ExtraBody] = JsonSerializer.SerializeToElement(fields, MessagesJson.Wire.DictionaryStringObject) };
    }

    private static List<AIContent> Read(BlockList list, string path)
    {
        if (list.Text is { } text)
            return [new TextContent(text)];

        var contents = new List<AIContent>(list.Blocks!.Count);
        for (var i = 0; i < list.Blocks.Count; i++)
        {
            var block = list.Blocks[i] ?? throw InvalidRequests.Field($"{path}[{i}]", "is null");
            contents.Add(Read(block, $"{path}[{i}]"));
        }

        return contents;
    }

    private static AIContent Read(Block block, string path)
    {
        AIContent content = block.Type switch
        {
            null => throw InvalidRequests.Field(path + ".type", "is missing"),
            "text" => new TextContent(block.Text ?? throw InvalidRequests.Field(path + ".text", "is missing")),
            "image" => ReadSource(block, path, "image/*"),
            "document" => ReadSource(block, path, Pdf),
            "search_result" => new TextContent(SearchResult(block, path)) { RawRepresentation = block },
            "tool_use" => ToolInput.Read(Text(block.Id, path + ".id"), Text(block.Name, path + ".name"), Input(block, path)),
            "tool_result" => ReadResult(block, path),
            ThinkingBlocks.Thinking => ThinkingBlocks.Read(block.Thinking ?? throw InvalidRequests.Field(path + ".thinking", "is missing"), block.Signature),
            ThinkingBlocks.Redacted => ThinkingBlocks.ReadRedacted(Text(block.Data, path + ".data")),
            _ => throw InvalidRequests.Field(path + ".type", $"is \"{block.Type}\", which this gateway does not take"),
        };

        if (content.RawRepresentation is not Block && Fields(Unread(block)) is { } fields)
        {
            foreach (var (name, value) in fields)
                (content.AdditionalProperties ??= [])[name] = value;
        }

        return content;
    }

    // What an answer's text cites is ours to say, not the provider's to be told: Anthropic refuses it on the user's text, and others anywhere.
    private static IDictionary<string, JsonElement>? Unread(Block block)
    {
        if (block.Extra is null || block.Type is not ("text" or "tool_use"))
            return block.Extra;
        return block.Extra.Where(static field => field.Key is not ("citations" or "caller")).ToDictionary();
    }

    private static FunctionResultContent ReadResult(Block block, string path)
    {
        object? result = block.Content switch
        {
            null => null,
            { Text: { } text } => text,
            var list => Read(list, path + ".content"),
        };
        if (result is List<AIContent> and [TextContent { AdditionalProperties: null, RawRepresentation: null } only])
            result = only.Text;
        var read = new FunctionResultContent(Text(block.ToolUseId, path + ".tool_use_id"), result ?? "");
        if (block.IsError == true)
            (read.AdditionalProperties ??= [])[ContentProperties.IsError] = true;
        return read;
    }

    private static AIContent ReadSource(Block block, string path, string mediaType)
    {
        path += ".source";
        if (block.Source is not { ValueKind: JsonValueKind.Object } source)
            throw InvalidRequests.Field(path, block.Source is { } other ? "is " + InvalidRequests.Describe(other) : "is missing");

        switch (source.Text("type"))
        {
            case "base64":
                return Data(source, path, block.Title);
            case "url":
                return Uri.TryCreate(source.Text("url"), UriKind.Absolute, out var url)
                    ? new UriContent(url, mediaType)
                    : throw InvalidRequests.Field(path + ".url", "is missing or cannot be read");
            case "file":
                return new HostedFileContent(source.Text("file_id") is { Length: > 0 } id ? id : throw InvalidRequests.Field(path + ".file_id", "is missing"));
            case "text" when block.Type == "document":
                return new DataContent(Encoding.UTF8.GetBytes(source.Text("data") ?? throw InvalidRequests.Field(path + ".data", "is missing")), "text/plain") { Name = block.Title };
            case "content" when block.Type == "document":
                return new TextContent(source.Text("content") ?? string.Concat(source.Items("content").Select(static part => part.Text("text")))) { RawRepresentation = block };
            default:
                throw InvalidRequests.Field(path, $"has the type \"{source.Text("type")}\"");
        }
    }

    private static DataContent Data(JsonElement source, string path, string? name)
    {
        var mediaType = source.Text("media_type") ?? throw InvalidRequests.Field(path + ".media_type", "is missing");
        var data = source.Text("data") ?? throw InvalidRequests.Field(path + ".data", "is missing");
        try
        {
            return new DataContent($"data:{mediaType};base64,{data}") { Name = name };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw InvalidRequests.Field(path + ".data", "is no base64", exception);
        }
    }

    // Endpoints of other makers know no such block: for them it is the text that a person would quote.
    private static string SearchResult(Block block, string path)
    {
        var texts = (block.Content ?? throw InvalidRequests.Field(path + ".content", "is missing")).Text
            ?? string.Join("\n", block.Content.Blocks!.Select(static part => part.Text));
        var source = block.Source is { ValueKind: JsonValueKind.String } named ? named.GetString() : null;
        return $"{block.Title} ({source})\n{texts}";
    }

    private static JsonElement? Input(Block block, string path) => block.Input is null or { ValueKind: JsonValueKind.Object }
        ? block.Input
        : throw InvalidRequests.Field(path + ".input", "is " + InvalidRequests.Describe(block.Input.Value));

    private static string Text(string? text, string path) => string.IsNullOrEmpty(text) ? throw InvalidRequests.Field(path, "is missing") : text;

}

using System.Text.Json;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>
/// From items to messages. What a model made in one turn (reasoning, words, calls) is items here and one message there, and must be, because
/// providers check that signed reasoning stands with the calls it led to.
/// </summary>
internal static class ResponseItems
{
    // Of OpenAI's own tools; a provider of chat completions would refuse them.
    private static readonly string[] OwnCallFields = ["caller", "namespace"];

    public static void Read(ResponseInput? input, List<ChatMessage> messages)
    {
        if (input?.Text is { } text)
        {
            messages.Add(new ChatMessage(ChatRole.User, text));
            return;
        }

        if (input?.Items is not { Count: > 0 } items)
            throw InvalidResponseRequests.Field("input", input is null ? "is missing" : "is empty");

        var turn = default(ChatMessage);
        var details = 0;
        ChatMessage Turn(bool mayBeNext)
        {
            if (turn is null || (mayBeNext && HasEnded(turn)))
            {
                messages.Add(turn = new ChatMessage(ChatRole.Assistant, new List<AIContent>()));
                details = 0;
            }

            return turn;
        }

        for (var i = 0; i < items.Count; i++)
        {
            var path = $"input[{i}]";
            var item = items[i] ?? throw InvalidResponseRequests.Field(path, "is null");
            switch (item.Type)
            {
                case null or "" or ResponseItem.Message when item.Role != ChatRole.Assistant.Value:
                    turn = null;
                    messages.Add(ReadMessage(item, path));
                    break;
                case null or "" or ResponseItem.Message:
                    AddAll(ReadContent(item.Content, path + ".content"), Turn(mayBeNext: true));
                    break;
                case ResponseItem.ReasoningType:
                    var thinking = Turn(mayBeNext: true);
                    if (ReasoningItems.Read(item, ref details) is { } reasoning)
                        thinking.Contents.Add(reasoning);
                    break;
                case ResponseItem.FunctionCall:
                    Turn(mayBeNext: false).Contents.Add(ReadCall(item, path));
                    break;
                case ResponseItem.ImageGenerationCall:
                    Turn(mayBeNext: false).Contents.Add(ResponseParts.ReadMadeImage(item, path));
                    break;
                case ResponseItem.FunctionCallOutput:
                    turn = null;
                    messages.Add(ReadOutput(item, path));
                    break;
                case "item_reference":
                    throw InvalidResponseRequests.Refused($"{path}.type", "is \"item_reference\": nothing is kept here to refer to. Send the item itself.");
                default:
                    throw InvalidResponseRequests.Refused(
                        $"{path}.type", $"is \"{item.Type}\": it must be \"message\", \"reasoning\", \"function_call\", \"function_call_output\" or \"image_generation_call\".");
            }
        }
    }

    // After its last words, and with no call that a result must follow, whatever comes is another turn.
    private static bool HasEnded(ChatMessage turn)
    {
        var hasSpoken = false;
        foreach (var content in turn.Contents)
        {
            if (content is FunctionCallContent)
                return false;
            hasSpoken |= content is not TextReasoningContent;
        }

        return hasSpoken;
    }

    private static ChatMessage ReadMessage(ResponseItem item, string path)
    {
        if (string.IsNullOrEmpty(item.Role))
            throw InvalidResponseRequests.Field(path + ".role", "is missing");
        if (item.Role is not ("user" or "system" or "developer"))
            throw InvalidResponseRequests.Field(path + ".role", $"is \"{InvalidRequests.Shortened(item.Role)}\"");

        return new ChatMessage(new ChatRole(item.Role), ReadContent(item.Content, path + ".content"))
        {
            AdditionalProperties = Verbatim.Bundle(item.Extra),
        };
    }

    private static void AddAll(List<AIContent> contents, ChatMessage message)
    {
        foreach (var content in contents)
            message.Contents.Add(content);
    }

    private static FunctionCallContent ReadCall(ResponseItem item, string path)
    {
        if (string.IsNullOrEmpty(item.CallId))
            throw InvalidResponseRequests.Field(path + ".call_id", "is missing");
        if (string.IsNullOrEmpty(item.Name))
            throw InvalidResponseRequests.Field(path + ".name", "is missing");

        return ToolCallArguments.Read(new ToolCall
        {
            Id = item.CallId,
            Type = "function",
            Function = new CalledFunction { Name = item.Name, Arguments = item.Arguments },
            Extra = ForProviders(item.Extra),
        });
    }

    private static ChatMessage ReadOutput(ResponseItem item, string path)
    {
        if (string.IsNullOrEmpty(item.CallId))
            throw InvalidResponseRequests.Field(path + ".call_id", "is missing");

        object result = item.Output switch
        {
            { Text: { } text } => text,
            { Parts: [{ Type: "input_text" or "output_text", Text: { } single, Extra: null }] } => single,
            var output => ReadContent(output, path + ".output"),
        };
        return new ChatMessage(ChatRole.Tool, [new FunctionResultContent(item.CallId, result) { AdditionalProperties = Verbatim.Bundle(ForProviders(item.Extra)) }]);
    }

    private static Dictionary<string, JsonElement>? ForProviders(IDictionary<string, JsonElement>? extra) =>
        extra?.Where(static field => !OwnCallFields.Contains(field.Key)).ToDictionary();

    private static List<AIContent> ReadContent(ResponseContent? content, string path)
    {
        if (content?.Text is { } text)
            return [new TextContent(text)];
        if (content?.Parts is not { } parts)
            throw InvalidResponseRequests.Field(path, content is null ? "is missing" : "is an object");

        var contents = new List<AIContent>(parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            var partPath = $"{path}[{i}]";
            contents.Add(ResponseParts.Read(parts[i] ?? throw InvalidResponseRequests.Field(partPath, "is null"), partPath));
        }

        return contents;
    }
}

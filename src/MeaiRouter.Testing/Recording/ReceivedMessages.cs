using System.Text.Json;

namespace MeaiRouter.Testing;

/// <summary>Reads the texts of a request's messages, whose content is a string or a list of parts.</summary>
internal static class ReceivedMessages
{
    public static string LastUserText(JsonElement body)
    {
        var last = Messages(body).LastOrDefault(static m => m.TryGetProperty("role", out var role) && role.ValueEquals("user"));
        return last.ValueKind == JsonValueKind.Object ? string.Concat(Texts(last)) : "";
    }

    public static IEnumerable<string> AllTexts(JsonElement body) => Messages(body).SelectMany(Texts);

    private static IEnumerable<JsonElement> Messages(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object
        && body.TryGetProperty("messages", out var messages)
        && messages.ValueKind == JsonValueKind.Array
            ? messages.EnumerateArray().Where(static m => m.ValueKind == JsonValueKind.Object)
            : [];

    private static IEnumerable<string> Texts(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content))
            yield break;

        if (content.ValueKind == JsonValueKind.String)
        {
            yield return content.GetString()!;
        }
        else if (content.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray().Where(static p => p.ValueKind == JsonValueKind.Object))
            {
                if (part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
                    yield return text.GetString()!;
            }
        }
    }
}

using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Mending;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Answers;

/// <summary>Arguments of tool calls that are no clean JSON.</summary>
internal static class ToolArguments
{
    // A JSON string that holds JSON that holds a string is nobody's slip.
    private const int MostLayers = 2;

    /// <summary>The call with its arguments mended; the same call, with its error, if that cannot be done or its text is not known.</summary>
    public static FunctionCallContent Mend(FunctionCallContent call, RouteNotes notes)
    {
        if (call.Exception is null || RawText(call) is not { } raw || Read(raw, mayClose: false) is not { } arguments)
            return call;

        notes.Add($"The arguments of a call of '{call.Name}' were no clean JSON and were mended.");
        return new FunctionCallContent(call.CallId, call.Name, arguments)
        {
            InformationalOnly = call.InformationalOnly,
            Annotations = call.Annotations,
            RawRepresentation = call.RawRepresentation,
            AdditionalProperties = call.AdditionalProperties,
        };
    }

    /// <summary>The arguments in a text that should be a JSON object; <see langword="null"/> if there is no telling what they are.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mayClose">Whether the text is known to be whole, so that brackets missing at its end may be added.</param>
    public static Dictionary<string, object?>? Read(string text, bool mayClose)
    {
        for (var layer = 0; layer < MostLayers; layer++)
        {
            if (LooseJson.TryParse(text, out var json) && json.ValueKind == JsonValueKind.Object)
                return Read(json);
            if (json.ValueKind != JsonValueKind.String)
                break;
            text = LooseJson.Text(json);
        }

        return JsonMender.Find(text) is [{ } only] && (only.IsClosed || mayClose) && LooseJson.TryParse(only.Text, out var mended)
            && mended.ValueKind == JsonValueKind.Object ? Read(mended) : null;
    }

    /// <summary>The members of an object as arguments.</summary>
    public static Dictionary<string, object?> Read(JsonElement json)
    {
        var arguments = new Dictionary<string, object?>();
        foreach (var member in json.EnumerateObject())
            arguments[member.Name] = member.Value.Clone();
        return arguments;
    }

    private static string? RawText(FunctionCallContent call)
    {
        if (call.AdditionalProperties is { } properties && properties.TryGetValue(AnswerProperties.RawArguments, out var raw))
            return raw as string;

        // Clients written by hand keep the text itself, or the whole call as they read it.
        return call.RawRepresentation switch
        {
            string text => text,
            JsonElement { ValueKind: JsonValueKind.String } json => json.GetString(),
            _ => null,
        };
    }
}

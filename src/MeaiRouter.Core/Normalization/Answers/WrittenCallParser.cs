using System.Text.Json;
using MeaiRouter.Mending;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Answers;

/// <summary>Reads tool calls from the text in which a model wrote them.</summary>
/// <param name="names">The names of the tools that were declared; a call of any other is text.</param>
internal sealed class WrittenCallParser(IReadOnlySet<string> names)
{
    /// <summary>Calls that are objects with a name and arguments: one, several, or an array of them.</summary>
    /// <param name="body">The text, without the marks around it.</param>
    /// <param name="isWhole">Whether a mark ends it, so that brackets missing there were forgotten and not cut off.</param>
    /// <param name="needsArguments">Whether an object without arguments is no call.</param>
    /// <param name="isJson">Whether the text is JSON, so that more of it would not make it a call.</param>
    /// <returns>The calls; <see langword="null"/> if the text is not made of such calls alone.</returns>
    public List<FunctionCallContent>? Objects(string body, bool isWhole, bool needsArguments, out bool isJson)
    {
        isJson = LooseJson.TryParse(body, out _);
        var values = JsonMender.Find(body);
        var calls = new List<FunctionCallContent>(values.Count);
        var end = 0;
        foreach (var value in values)
        {
            if (!IsSeparator(body.AsSpan(end, value.Start - end)) || !(value.IsClosed || isWhole) || !Add(value.Text, needsArguments, calls))
                return null;
            end = value.End;
        }

        return calls.Count > 0 && IsSeparator(body.AsSpan(end)) ? calls : null;
    }

    /// <summary>A call whose name stands before its arguments: <c>name[CALL_ID]id[ARGS]{...}</c>, of which both marks may be missing.</summary>
    public FunctionCallContent? Named(string body)
    {
        const string IdMark = "[CALL_ID]", ArgumentsMark = "[ARGS]";
        var start = body.IndexOf('{', StringComparison.Ordinal);
        if (start <= 0)
            return null;

        var head = body[..start].Trim();
        if (head.EndsWith(ArgumentsMark, StringComparison.Ordinal))
            head = head[..^ArgumentsMark.Length];
        var mark = head.IndexOf(IdMark, StringComparison.Ordinal);
        var (name, id) = mark < 0 ? (head, "") : (head[..mark], head[(mark + IdMark.Length)..]);
        return names.Contains(name.Trim()) && ToolArguments.Read(body[start..], mayClose: false) is { } arguments
            ? new FunctionCallContent(id.Trim(), name.Trim(), arguments)
            : null;
    }

    private bool Add(string json, bool needsArguments, List<FunctionCallContent> calls)
    {
        if (!LooseJson.TryParse(json, out var value))
            return false;
        if (value.ValueKind != JsonValueKind.Array)
            return Add(value, needsArguments, calls);

        foreach (var item in value.EnumerateArray())
        {
            if (!Add(item, needsArguments, calls))
                return false;
        }

        return true;
    }

    private bool Add(JsonElement value, bool needsArguments, List<FunctionCallContent> calls)
    {
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object)
            return Add(function, needsArguments, calls);
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String
            || !names.Contains(name.GetString()!))
            return false;

        var hasArguments = value.TryGetProperty("arguments", out var written) || value.TryGetProperty("parameters", out written);
        if (!hasArguments && needsArguments)
            return false;
        if (Arguments(written) is not { } arguments)
            return false;

        var id = value.TryGetProperty("id", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        calls.Add(new FunctionCallContent(id, name.GetString()!, arguments));
        return true;
    }

    private static Dictionary<string, object?>? Arguments(JsonElement written) => written.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => [],
        JsonValueKind.Object => ToolArguments.Read(written),
        JsonValueKind.String => ToolArguments.Read(written.GetString()!, mayClose: false),
        _ => null,
    };

    private static bool IsSeparator(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c) && c is not (';' or ','))
                return false;
        }

        return true;
    }
}

using System.Buffers;
using System.Text.Json;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>Where in a document an error stands: each object and each list that the error passes on its way up adds its step.</summary>
internal static class WirePath
{
    private const string Root = "$";
    private const string Place = " LineNumber: ";

    // As the serializer decides which names need brackets.
    private static readonly SearchValues<char> Special = SearchValues.Create(". '/\"[]()\t\n\r\f\b\\\u0085\u2028\u2029");

    /// <summary>Whether the framework's reader, or a converter, found what it cannot read.</summary>
    public static bool IsOfReading(Exception exception) => exception is JsonException or FormatException or InvalidOperationException;

    /// <summary>The step to a field; none where the error stands between fields.</summary>
    public static string Step(string? name) => name is null ? "" : name.AsSpan().ContainsAny(Special) ? $"['{name}']" : "." + name;

    /// <summary>The error as it leaves an object or a list.</summary>
    /// <param name="cause">The error that came from within.</param>
    /// <param name="step">The step that leads there.</param>
    /// <param name="isRoot">Whether nothing is around the object.</param>
    public static JsonException Passing(Exception cause, string step, bool isRoot)
    {
        var inner = cause as JsonException;
        var path = (isRoot ? Root : "") + step + inner?.Path;
        return new JsonException(isRoot ? Message(cause.Message, path) : cause.Message, path, inner?.LineNumber, inner?.BytePositionInLine, inner?.InnerException ?? cause);
    }

    // As the serializer words it.
    private static string Message(string message, string path)
    {
        var place = message.LastIndexOf(Place, StringComparison.Ordinal);
        return place < 0 ? $"{message} Path: {path}." : $"{message[..place]} Path: {path} |{message[place..]}";
    }
}

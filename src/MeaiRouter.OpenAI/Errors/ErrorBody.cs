using System.Globalization;
using System.Text;
using System.Text.Json;
using MeaiRouter.Limits;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Errors;

/// <summary>Reads the bodies with which providers refuse, in all the forms they have.</summary>
internal static class ErrorBody
{
    private const int MaxTextBytes = 8 * 1024;

    public static WireError Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(BrokenText.Repair(body, out _));
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaxTextBytes)]);
            return new WireError { Message = text.TrimStart().StartsWith('<') ? "an HTML page instead of an error" : text };
        }
    }

    /// <summary>An error whose members stand where <c>error</c> would.</summary>
    public static WireError FromFields(IDictionary<string, JsonElement>? fields) =>
        fields is null ? new WireError() : Read(JsonSerializer.SerializeToElement(fields, WireJson.Strict.IDictionaryStringJsonElement));

    /// <summary>The provider's word for the error, the most telling first.</summary>
    public static string? Code(WireError error) =>
        Metadata(error, "error_type") ?? Field(error, "error_type") ?? NullIfEmpty(error.Code) ?? NullIfEmpty(error.Type);

    /// <summary>OpenRouter's <c>error_type</c> or another text in the error's metadata.</summary>
    public static string? Metadata(WireError error, string name) =>
        error.Metadata is { ValueKind: JsonValueKind.Object } metadata ? Text(metadata, name) : null;

    /// <summary>A text among the error's other fields.</summary>
    public static string? Field(WireError error, string name) =>
        error.Extra is { } extra && extra.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>How long the error asks to wait, in one of its fields or in its words.</summary>
    public static TimeSpan? RetryAfter(WireError error, DateTimeOffset now)
    {
        if (error.Metadata is { } metadata && RetryDelay.FromBody(metadata, now) is { } inMetadata)
            return inMetadata;

        foreach (var (name, value) in error.Extra ?? new Dictionary<string, JsonElement>())
        {
            if (RetryDelay.FromField(name, value, now) is { } delay)
                return delay;
        }

        return RetryDelay.FromMessage(error.Message);
    }

    private static WireError Read(JsonElement root)
    {
        switch (root.ValueKind)
        {
            // Gemini's compatible endpoint wraps its error in an array.
            case JsonValueKind.Array when root.GetArrayLength() > 0:
                return Read(root[0]);
            case JsonValueKind.String:
                return new WireError { Message = root.GetString() };
            case JsonValueKind.Object:
                break;
            default:
                return new WireError();
        }

        if (root.TryGetProperty("error", out var error))
        {
            if (error.ValueKind == JsonValueKind.Object)
                return error.Deserialize(WireJson.Tolerant.WireError) ?? new WireError();
            if (error.ValueKind == JsonValueKind.String)
            {
                var word = error.GetString();
                var rest = root.Deserialize(WireJson.Tolerant.WireError)?.Extra;
                return new WireError { Message = Text(root, "message") ?? word, Code = Text(root, "code"), Type = word, Extra = rest };
            }
        }

        // Mistral and others put the members at the top; FastAPI says "detail".
        var bare = root.Deserialize(WireJson.Tolerant.WireError) ?? new WireError();
        bare.Message ??= root.TryGetProperty("detail", out var detail)
            ? detail.ValueKind == JsonValueKind.String ? detail.GetString() : detail.GetRawText()
            : null;
        return bare;
    }

    private static string? Text(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value))
            return null;
        return value.ValueKind switch
        {
            JsonValueKind.String => NullIfEmpty(value.GetString()),
            JsonValueKind.Number => value.TryGetInt64(out var number) ? number.ToString(CultureInfo.InvariantCulture) : null,
            _ => null,
        };
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

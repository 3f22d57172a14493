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

    // Where a body names the request: Anthropic, Alibaba and Mistral; NVIDIA.
    private static readonly string[] RequestIds = ["request_id", "requestId"];

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

    /// <summary>The provider's word for the error, the most telling first; a number only where there is no word.</summary>
    public static string? Code(WireError error)
    {
        var said = Metadata(error, "error_type") ?? Field(error, "error_type") ?? NullIfEmpty(error.Code);
        return said is null || IsStatus(said) ? Field(error, "status") ?? NullIfEmpty(error.Type) ?? said : said;
    }

    /// <summary>The id by which the provider's support finds the request; <see langword="null"/> where the error does not say.</summary>
    public static string? RequestId(WireError error)
    {
        foreach (var name in RequestIds)
        {
            if (Field(error, name) is { Length: > 0 } id)
                return id;
        }

        return null;
    }

    /// <summary>OpenRouter's <c>error_type</c> or another text in the error's metadata.</summary>
    public static string? Metadata(WireError error, string name) =>
        error.Metadata is { ValueKind: JsonValueKind.Object } metadata ? Text(metadata, name) : null;

    /// <summary>A text among the error's other fields.</summary>
    public static string? Field(WireError error, string name) =>
        error.Extra is { } extra && extra.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>The error of whoever stands behind the provider, which OpenRouter passes on in its metadata as it came.</summary>
    public static WireError? Upstream(WireError error)
    {
        if (error.Metadata is not { ValueKind: JsonValueKind.Object } metadata || !metadata.TryGetProperty("raw", out var raw))
            return null;

        return raw.ValueKind switch
        {
            JsonValueKind.String when raw.GetString() is { Length: > 0 } text => Read(Encoding.UTF8.GetBytes(text)),
            JsonValueKind.Object => Read(raw),
            _ => null,
        };
    }

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

        if (MiniMaxErrors.Find(root) is { } told)
            return told;

        // Cloudflare lists errors, of which the first is the cause.
        if (root.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0)
            return Read(errors[0]);

        var error = root.TryGetProperty("error", out var inner) && inner.ValueKind is not (JsonValueKind.Null or JsonValueKind.False)
            ? inner.ValueKind == JsonValueKind.Object ? FromObject(inner) : FromWords(root, inner)
            : FromObject(root);
        KeepRequestId(root, error);
        return error;
    }

    private static WireError FromObject(JsonElement members)
    {
        // Mistral's message may be an object; FastAPI and NVIDIA say "detail", NVIDIA's proxies only "title".
        var error = members.Deserialize(WireJson.Tolerant.WireError) ?? new WireError();
        error.Message ??= ErrorWords.Of(members);
        if (error.Type == "about:blank")
            error.Type = null;
        return error;
    }

    // Hugging Face, Ollama, xAI: words where others have an object, with or without a code beside them.
    private static WireError FromWords(JsonElement root, JsonElement error)
    {
        var words = ErrorWords.Of(error);
        return new WireError
        {
            Message = Text(root, "message") ?? words,
            Code = Text(root, "code"),
            Type = words is not null && !words.Contains(' ', StringComparison.Ordinal) ? words : null,
            Extra = root.Deserialize(WireJson.Tolerant.WireError)?.Extra,
        };
    }

    private static void KeepRequestId(JsonElement root, WireError error)
    {
        foreach (var name in RequestIds)
        {
            if (root.TryGetProperty(name, out var id) && id.ValueKind == JsonValueKind.String)
                (error.Extra ??= new Dictionary<string, JsonElement>()).TryAdd(name, id.Clone());
        }
    }

    private static bool IsStatus(string code) => int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 100 and <= 599;

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

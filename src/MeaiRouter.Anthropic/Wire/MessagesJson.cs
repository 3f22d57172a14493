using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MeaiRouter.Anthropic.Wire;

/// <summary>The source-generated serializers of the wire. A value of the wrong type is a <see cref="JsonException"/> that names its path.</summary>
[JsonSerializable(typeof(MessagesRequest))]
[JsonSerializable(typeof(Block))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(AnswerMessage))]
[JsonSerializable(typeof(StreamEvent))]
[JsonSerializable(typeof(MessageDeltaEvent))]
[JsonSerializable(typeof(ErrorEnvelope))]
[JsonSerializable(typeof(TokenCount))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonArray))]
[JsonSerializable(typeof(JsonElement[]))]
[JsonSerializable(typeof(Dictionary<string, object?>))]
internal sealed partial class MessagesJson : JsonSerializerContext
{
    /// <summary>Reads and writes the wire.</summary>
    public static MessagesJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

        // The wire is never embedded in HTML; escaping every non-ASCII character would triple most of the world's text.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

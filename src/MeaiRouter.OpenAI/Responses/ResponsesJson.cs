using System.Text.Json;
using System.Text.Json.Serialization;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>The source-generated serializers of the Responses wire.</summary>
[JsonSerializable(typeof(ResponseRequest))]
[JsonSerializable(typeof(ResponseObject))]
[JsonSerializable(typeof(ResponseEvent))]
public sealed partial class ResponsesJson : JsonSerializerContext
{
    /// <summary>Reads and writes the wire. A value of the wrong type is a <see cref="JsonException"/> that names its path.</summary>
    public static ResponsesJson Strict { get; } = new(new JsonSerializerOptions(WireJson.Strict.Options) { TypeInfoResolver = null });
}

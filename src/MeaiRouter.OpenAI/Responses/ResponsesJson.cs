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
    public static ResponsesJson Strict { get; } = new(CreateOptions());

    // Chat's lists of fields name an error's path from the root of a document of their own.
    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(WireJson.Strict.Options) { TypeInfoResolver = null };
        options.Converters.Clear();
        return options;
    }
}

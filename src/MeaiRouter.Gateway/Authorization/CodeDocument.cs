using System.Text.Json;
using System.Text.Json.Serialization;
using MeaiRouter.Gateway.Authentication;

namespace MeaiRouter.Gateway.Authorization;

/// <summary>What a code is good for, as it is kept: the challenge, and the key that is to be.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Content), TypeInfoPropertyName = "Terms")]
internal sealed partial class CodeDocument : JsonSerializerContext
{
    public static string Write(Challenge challenge, GatewayKey key) => JsonSerializer.Serialize(new Content(challenge.Digest, challenge.IsHashed, key), Default.Terms);

    public static (Challenge Challenge, GatewayKey Key) Read(string document)
    {
        var content = JsonSerializer.Deserialize(document, Default.Terms)!;
        return (new Challenge(content.Digest, content.IsHashed), content.Key);
    }

    internal sealed record Content(string Digest, bool IsHashed, GatewayKey Key);
}

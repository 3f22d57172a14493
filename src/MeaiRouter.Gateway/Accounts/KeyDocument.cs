using System.Text.Json;
using System.Text.Json.Serialization;
using MeaiRouter.EntityFrameworkCore.Keys;
using MeaiRouter.Gateway.Authentication;

namespace MeaiRouter.Gateway.Accounts;

/// <summary>A key as the database keeps it.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GatewayKey))]
internal sealed partial class KeyDocument : JsonSerializerContext
{
    public static StoredKey Write(GatewayKey key) => new(key.Hash, key.Name, key.Version, JsonSerializer.Serialize(key, Default.GatewayKey));

    public static GatewayKey Read(StoredKey stored) =>
        JsonSerializer.Deserialize(stored.Document, Default.GatewayKey)! with { Version = stored.Version };
}

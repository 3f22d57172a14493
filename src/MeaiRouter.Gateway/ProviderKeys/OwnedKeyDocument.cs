using System.Text.Json;
using System.Text.Json.Serialization;
using MeaiRouter.EntityFrameworkCore.Keys;

namespace MeaiRouter.Gateway.ProviderKeys;

/// <summary>A provider's key as the database keeps it.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OwnedKey))]
internal sealed partial class OwnedKeyDocument : JsonSerializerContext
{
    public static StoredKey Write(OwnedKey key) => new(key.Id, key.Id, key.Version, JsonSerializer.Serialize(key, Default.OwnedKey));

    public static OwnedKey Read(StoredKey stored) => JsonSerializer.Deserialize(stored.Document, Default.OwnedKey)! with { Version = stored.Version };
}

using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Fields that Microsoft.Extensions.AI has no word for, carried through its <c>AdditionalProperties</c> as they came.</summary>
internal static class Verbatim
{
    /// <summary>Puts the fields of one wire object under the one key that carries them out again.</summary>
    public static AdditionalPropertiesDictionary? Bundle(IDictionary<string, JsonElement>? fields)
    {
        if (fields is null or { Count: 0 })
            return null;

        var bundle = JsonSerializer.SerializeToElement(fields, WireJson.Strict.IDictionaryStringJsonElement);
        return new AdditionalPropertiesDictionary { [RequestProperties.ExtraBody] = bundle };
    }

    /// <summary>The fields that <see cref="Bundle"/>, or a user, put under the key.</summary>
    /// <exception cref="RouterException">What stands there is no JSON object.</exception>
    public static Dictionary<string, JsonElement>? Unbundle(IReadOnlyDictionary<string, object?>? properties)
    {
        if (properties is null || !properties.TryGetValue(RequestProperties.ExtraBody, out var bundle))
            return null;

        var element = bundle switch
        {
            JsonElement { ValueKind: JsonValueKind.Object } json => json,
            JsonObject json => JsonSerializer.SerializeToElement(json, WireJson.Strict.JsonObject),
            _ => throw new RouterException(
                FailureKind.InvalidRequest,
                $"AdditionalProperties[\"{RequestProperties.ExtraBody}\"] must be a JSON object: a JsonElement or a JsonObject."),
        };

        var fields = new Dictionary<string, JsonElement>();
        foreach (var field in element.EnumerateObject())
            fields[field.Name] = field.Value;
        return fields;
    }

    /// <summary>Puts the fields beside the facts that already have a name there.</summary>
    public static void Spread(IDictionary<string, JsonElement>? fields, ref AdditionalPropertiesDictionary? properties)
    {
        if (fields is null)
            return;

        foreach (var (name, value) in fields)
        {
            if (value.ValueKind != JsonValueKind.Null)
                (properties ??= []).TryAdd(name, value);
        }
    }

    /// <summary>What <see cref="Spread"/> put there.</summary>
    public static Dictionary<string, JsonElement>? Gather(AdditionalPropertiesDictionary? properties)
    {
        Dictionary<string, JsonElement>? fields = null;
        if (properties is not null)
        {
            foreach (var (name, value) in properties)
            {
                if (value is JsonElement json)
                    (fields ??= [])[name] = json;
            }
        }

        return fields;
    }
}

using System.Text.Json.Nodes;
using MeaiRouter.Aspire.Composition;

namespace MeaiRouter.Aspire.Tests;

/// <summary>The schema as editors have it: the segments of this package and of MeaiRouter merged into one document.</summary>
public sealed class ConfigurationSchemaTests
{
    private static readonly JsonObject Own = Read("ConfigurationSchema.json");

    private static readonly JsonObject OfRouter = Read("meairouter.schema.json");

    [Fact]
    public void Every_reference_leads_somewhere_in_the_merged_schema()
    {
        var merged = Merged();

        var references = References(merged).Distinct().ToList();

        Assert.Contains("#/properties/MeaiRouter/properties/Models", references);
        Assert.All(references, reference => Assert.NotNull(Find(merged, reference)));
    }

    [Fact]
    public void Nothing_of_the_one_schema_contradicts_the_other()
    {
        var merged = Merged();

        Assert.All(Leaves(OfRouter), leaf => Assert.Equal(leaf.Value, Find(merged, leaf.Path)?.ToJsonString()));
        Assert.All(Leaves(Own), leaf => Assert.Equal(leaf.Value, Find(merged, leaf.Path)?.ToJsonString()));
    }

    [Fact]
    public void The_section_and_a_routers_own_take_the_settings_and_all_of_a_routers_configuration()
    {
        var router = OfRouter["properties"]!["MeaiRouter"]!["properties"]!.AsObject().Select(part => part.Key).Except(["$schema", "Gateway"]);
        string[] expected = [.. RouterSections.SettingNames.Concat(router).Order(StringComparer.Ordinal)];

        Assert.Equal(expected, Keys(Own["properties"]!["Aspire"]!["properties"]!["MeaiRouter"]!));
        Assert.Equal(expected, Keys(Own["definitions"]!["meaiRouterOfAspire"]!));
        Assert.Equal(expected, RouterSections.SettingNames.Concat(RouterSections.PartNames).Order(StringComparer.Ordinal));
        Assert.Equal(typeof(MeaiRouterSettings).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal), RouterSections.SettingNames.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_endpoint_may_be_a_connection_alone()
    {
        var endpoint = Find(Merged(), "#/definitions/meaiRouterEndpoint")!.AsObject();

        Assert.NotNull(endpoint["properties"]!["Connection"]);
        Assert.Null(endpoint["required"]);
    }

    private static IEnumerable<string> Keys(JsonNode schema) => schema["properties"]!.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal);

    private static JsonObject Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file)))!.AsObject();

    private static JsonObject Merged()
    {
        var merged = OfRouter.DeepClone().AsObject();
        Merge(merged, Own);
        return merged;
    }

    private static void Merge(JsonObject into, JsonObject other)
    {
        foreach (var (key, value) in other)
        {
            if (into[key] is JsonObject known && value is JsonObject more)
                Merge(known, more);
            else
                into[key] = value?.DeepClone();
        }
    }

    private static JsonNode? Find(JsonNode schema, string reference) => reference.Split('/').Skip(1).Aggregate((JsonNode?)schema, static (node, name) => node switch
    {
        JsonObject whole => whole[name],
        JsonArray list => list[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)],
        _ => null,
    });

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject whole => whole.SelectMany(static member => member.Key is "$ref" ? [member.Value!.GetValue<string>()] : References(member.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };

    private static IEnumerable<(string Path, string? Value)> Leaves(JsonNode? node, string path = "#") => node switch
    {
        JsonObject whole => whole.Where(static member => !member.Key.Contains('/')).SelectMany(member => Leaves(member.Value, path + "/" + member.Key)),
        JsonArray list => list.SelectMany((item, i) => Leaves(item, path + "/" + i)),
        _ => [(path, node?.ToJsonString())],
    };
}

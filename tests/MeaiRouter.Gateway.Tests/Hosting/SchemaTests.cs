using System.Text.Json.Nodes;
using MeaiRouter.Configuration;
using MeaiRouter.Gateway.Hosting;
using MeaiRouter.Gateway.Media;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Tests.Configuration;

namespace MeaiRouter.Gateway.Tests.Hosting;

/// <summary>The gateway's part of the schema says what its readers do, no more and no less.</summary>
public sealed class SchemaTests
{
    private static readonly JsonObject Schema = SchemaFile.Resolve(SchemaFile.Section["properties"]!["Gateway"]!.AsObject());

    [Fact]
    public void Every_key_that_is_read_is_in_the_schema_and_every_key_of_the_schema_is_read()
    {
        var errors = new ConfigurationErrors();
        var reader = new SectionReader(RouterConfiguration.SectionOf(SchemaCheck.Configuration(new JsonObject { ["Gateway"] = SchemaSamples.Whole(Schema) })), errors);
        GatewayConfiguration.Read(reader, errors);

        // Known, so that it is refused by name.
        Assert.Equal(["The schema lacks MeaiRouter:Gateway:Redis."], SchemaCheck.Differences(Schema, "MeaiRouter:Gateway", reader));
    }

    [Fact]
    public void Values_that_the_schema_permits_are_taken_and_values_that_it_does_not_are_refused()
    {
        foreach (var (path, schema) in SchemaSamples.Leaves(Schema, ":Gateway"))
        {
            var (good, bad) = SchemaCheck.Values(schema);
            Assert.All(good, value => Assert.DoesNotContain(Errors(path, value), error => error.Contains($"'{value}' is", StringComparison.OrdinalIgnoreCase)));
            Assert.All(bad, value => Assert.Contains(Errors(path, value), error => error.Contains($"'{value}'", StringComparison.Ordinal)));
        }

        static IReadOnlyList<string> Errors(string path, JsonNode value)
        {
            var errors = new ConfigurationErrors();
            GatewayConfiguration.Read(SchemaCheck.Configuration(SchemaCheck.Single(path, value.DeepClone())), errors);
            return errors.All;
        }
    }

    [Fact]
    public void Defaults_are_those_of_the_settings()
    {
        var (web, limits, media) = (new WebSettings(), new RequestLimits(), new MediaSettings());
        var properties = Schema["properties"]!;

        Assert.Equal(
            [$"{web.KeepAlive}", $"{web.AccessLog}", $"{web.Docs}", $"{limits.MaxBodyBytes}", $"{limits.MaxMessages}", $"{limits.MaxJsonDepth}", $"{limits.MaxMediaBytes}",
                $"{limits.BodyTimeout}", $"{web.MaxWrongKeys}", $"{web.WrongKeysWindow}", $"{media.AllowHttp}", $"{media.MaxBytes}", $"{media.Timeout}"],
            new[]
            {
                properties["KeepAlive"], properties["AccessLog"], properties["Docs"], Limit("MaxBodyBytes"), Limit("MaxMessages"), Limit("MaxJsonDepth"), Limit("MaxMediaBytes"),
                Limit("BodyTimeout"), Limit("MaxWrongKeys"), Limit("WrongKeysWindow"), Media("AllowHttp"), Media("MaxBytes"), Media("Timeout"),
            }.Select(static property => $"{property!["default"]}"), StringComparer.OrdinalIgnoreCase);

        JsonNode? Limit(string name) => properties["Limits"]!["properties"]![name];
        JsonNode? Media(string name) => properties["FetchMedia"]!["anyOf"]![1]!["properties"]![name];
    }
}

using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeaiRouter.Affinity;
using MeaiRouter.Caching;
using MeaiRouter.Configuration;
using MeaiRouter.Fallback;
using MeaiRouter.Health;
using MeaiRouter.Load;
using MeaiRouter.Normalization;
using MeaiRouter.Normalization.Compression;
using MeaiRouter.OpenAI;
using MeaiRouter.Routing;

namespace MeaiRouter.Tests.Configuration;

/// <summary>The schema that editors complete the configuration by says what the readers do, no more and no less.</summary>
public sealed partial class SchemaTests
{
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static TheoryData<string> Documents =>
        ["README.md", .. Directory.GetFiles(Repository.PathOf("src"), "README.md", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Repository.PathOf(""), file))];

    public static TheoryData<string, object> Defaults { get; } = new()
    {
        { "Routing:Balanced", new BalancedOptions() },
        { "Routing:Exacto", new ExactoOptions() },
        { "Routing:Health", new HealthOptions() },
        { "Routing:Affinity", new AffinityOptions() },
        { "Fallback", new FallbackOptions() },
        { "Fallback:RetryBudget", new RetryBudget() },
        { "Fallback:Hedging", new HedgingOptions() },
        { "Fallback:Load", new LoadOptions() },
        { "Normalization", new NormalizingOptions() },
        { "Normalization:Compression", new ContextCompression() },
        { "ResponseCache", new ResponseCacheOptions() },
    };

    [Fact]
    public void Every_key_that_is_read_is_in_the_schema_and_every_key_of_the_schema_is_read()
    {
        var section = SchemaSamples.Whole(SchemaFile.Section)!.AsObject();
        section.Remove("Gateway");
        var whole = section["Providers"]!["x"]!.AsObject();
        foreach (var type in KnownProviders.All.Select(static provider => provider.Name))
        {
            // The parts of an address are read where there is no whole one.
            var known = whole.DeepClone().AsObject();
            known.Remove("BaseUrl");
            known["Type"] = type;
            section["Providers"]![type] = known;
        }

        var errors = new ConfigurationErrors();
        var reader = new SectionReader(RouterConfiguration.SectionOf(SchemaCheck.Configuration(section)), errors);
        RouterConfiguration.Read(reader, static _ => null, errors);

        Assert.Empty(SchemaCheck.Differences(SchemaFile.Section, "MeaiRouter", reader, "Gateway"));
    }

    [Fact]
    public void Every_setting_has_a_description_and_says_what_it_takes()
    {
        foreach (var (path, schema) in SchemaSamples.Leaves(SchemaFile.Section, "MeaiRouter"))
            Assert.True(schema["type"] is not null && (schema["description"] is not null || path.EndsWith(":0", StringComparison.Ordinal) || path.EndsWith(":x", StringComparison.Ordinal)), path);
        foreach (var definition in SchemaFile.Root["definitions"]!.AsObject())
            Assert.True(definition.Value!["description"] is not null, definition.Key);
    }

    [Fact]
    public void Values_that_the_schema_permits_are_taken_and_values_that_it_does_not_are_refused()
    {
        foreach (var (path, schema) in SchemaSamples.Leaves(SchemaFile.Section, "").Where(static leaf => !leaf.Path.StartsWith(":Gateway", StringComparison.Ordinal)))
        {
            var (good, bad) = SchemaCheck.Values(schema);
            Assert.All(good, value => Assert.DoesNotContain(Errors(path, value), error => error.Contains($"'{value}' is", StringComparison.OrdinalIgnoreCase)));
            Assert.All(bad, value => Assert.Contains(Errors(path, value), error => error.Contains($"'{value}'", StringComparison.Ordinal) || error.StartsWith($"MeaiRouter{path}: must", StringComparison.Ordinal)));
        }

        static IReadOnlyList<string> Errors(string path, JsonNode value)
        {
            var errors = new ConfigurationErrors();
            RouterConfiguration.Read(SchemaCheck.Configuration(SchemaCheck.Single(path, value.DeepClone())), static _ => null, errors);
            return errors.All;
        }
    }

    [Theory]
    [MemberData(nameof(Defaults))]
    public void Defaults_are_those_of_the_options(string path, object options)
    {
        var schema = SchemaFile.Section;
        foreach (var segment in path.Split(':'))
        {
            schema = SchemaFile.Resolve(schema["properties"]![segment]!.AsObject());
            schema = schema["anyOf"] is JsonArray alternatives ? alternatives[^1]!.AsObject() : schema;
        }

        foreach (var (name, property) in schema["properties"]!.AsObject())
        {
            var value = options.GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance)!.GetValue(options);
            if (property!["type"] is null)
                continue;
            var expected = value switch
            {
                null => null,
                TimeSpan duration => $"{duration:hh\\:mm\\:ss\\.FFFFFFF}".TrimEnd('.'),
                Enum word => JsonNamingPolicy.CamelCase.ConvertName($"{word}"),
                bool flag => flag ? "true" : "false",
                IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
                _ => "",
            };
            if (property["default"] is { } given)
                Assert.Equal((path, name, expected), (path, name, given.GetValueKind() == JsonValueKind.String ? (string?)given : given.ToJsonString()));
            else if (expected is not ("" or null))
                Assert.Fail($"{path}:{name} has the default {expected}, of which the schema says nothing.");
        }
    }

    [Fact]
    public void Names_that_can_be_chosen_are_those_that_there_are()
    {
        Assert.Equal(RoutingStrategies.All.Select(static strategy => strategy.Name).Order(), Words("meaiRouterRouting", "Strategy").Order());
        Assert.Equal(KnownProviders.All.Select(static provider => provider.Name).Append("openai-compatible").Order(), Words("meaiRouterProvider", "Type").Order());

        static IEnumerable<string> Words(string definition, string key) =>
            SchemaFile.Root["definitions"]![definition]!["properties"]![key]!["enum"]!.AsArray().Select(static word => (string)word!);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_configuration_in_a_document_is_valid(string document)
    {
        foreach (var block in JsonBlock().Matches(File.ReadAllText(Repository.PathOf(document))).Select(static match => match.Groups[1].Value))
        {
            var settings = Parsed(block);
            var section = settings["MeaiRouter"] as JsonObject ?? settings;
            if (section.All(member => SchemaFile.Section["properties"]!.AsObject().ContainsKey(member.Key)))
                Assert.Empty(SchemaFile.Errors(section, SchemaFile.Section, document));
            else
                Assert.DoesNotContain(section, member => SchemaFile.Section["properties"]!.AsObject().ContainsKey(member.Key));
        }
    }

    [Fact]
    public void Every_sample_s_settings_are_valid()
    {
        var files = Directory.GetFiles(Repository.PathOf("samples"), "appsettings*.json", SearchOption.AllDirectories)
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Empty(SchemaFile.Errors(JsonNode.Parse(File.ReadAllText(file), null, WithComments), SchemaFile.Root, file)));
    }

    [Fact]
    public void A_mistake_is_found_by_the_schema_too()
    {
        var section = Parsed("""{ "Routing": { "Strategy": "fastest" }, "Fallback": { "MaxAttempts": 0, "Idel": "00:00:01", "Total": "10" } }""");

        Assert.Equal(
            [":Routing:Strategy", ":Fallback:MaxAttempts", ":Fallback:Total", ":Fallback:Idel"],
            SchemaFile.Errors(section, SchemaFile.Section).Select(static error => error[..error.LastIndexOf(':')] is { Length: > 0 } path && error.Contains(": ", StringComparison.Ordinal) ? error[..error.IndexOf(": ", StringComparison.Ordinal)] : error[..error.IndexOf(' ', StringComparison.Ordinal)]));
    }

    // A part of a configuration may stand without the braces around it.
    private static JsonObject Parsed(string text) => JsonNode.Parse(text.TrimStart().StartsWith('{') ? text : $"{{ {text} }}", null, WithComments)!.AsObject();

    [GeneratedRegex("```jsonc?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}

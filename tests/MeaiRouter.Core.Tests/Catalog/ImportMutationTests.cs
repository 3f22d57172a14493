using System.Text.Json.Nodes;
using MeaiRouter.Catalog;

namespace MeaiRouter.Core.Tests.Catalog;

public sealed class ImportMutationTests
{
    private static readonly string[] Hostile =
    [
        "null", "true", "\"\"", "\"abc\"", "\"NaN\"", "\"-1\"", "-1", "\"1e-400\"", "1e-400", "1e400", "{}", "[]", "[{}]", "\"0x1\"", "\" 1\"",
        "\"1,5\"", "\"٣\"", "123456789012345678901234567890.5", "\"0.00000000000000000000000000000000001\"", "\"\\ud800\"", "2147483648",
    ];

    public static TheoryData<string> Formats => new("models", "endpoints", "litellm");

    [Theory]
    [MemberData(nameof(Formats))]
    public void Bytes_changed_at_random_never_crash_the_reader_and_never_give_tokens_away_unsaid(string format)
    {
        var (json, parse) = Format(format);
        var random = new Random(20261120);
        for (var i = 0; i < 4_000; i++)
        {
            var bytes = ImportFixtures.Utf8(json).ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            AssertHonest(parse, random.Next(20) == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Hostile_values_in_every_place_never_crash_the_reader_and_never_give_tokens_away_unsaid(string format)
    {
        var (json, parse) = Format(format);
        var places = Leaves(JsonNode.Parse(json)!).Count();
        Assert.InRange(places, 20, 200);

        for (var place = 0; place < places; place++)
            foreach (var value in Hostile)
            {
                var mutated = JsonNode.Parse(json)!;
                var marker = "mark-" + place;
                Leaves(mutated).ElementAt(place)(JsonValue.Create(marker));
                AssertHonest(parse, ImportFixtures.Utf8(mutated.ToJsonString().Replace($"\"{marker}\"", value, StringComparison.Ordinal)));
            }
    }

    // A price of zero is only ever what the file says in so many digits, and then the import says that it believed it.
    private static void AssertHonest(Func<ReadOnlyMemory<byte>, CatalogImport> parse, ReadOnlyMemory<byte> json)
    {
        CatalogImport import;
        try
        {
            import = parse(json);
        }
        catch (CatalogImportException)
        {
            return;
        }

        _ = new ModelCatalog(import.Models);
        var zeros = import.Models.SelectMany(model => model.Endpoints).Where(endpoint => endpoint.Price is not null)
            .Sum(endpoint => (endpoint.Price!.Prompt == 0 ? 1 : 0) + (endpoint.Price.Completion == 0 ? 1 : 0));
        Assert.True(zeros <= import.Problems.Count(problem => problem.Message == "is 0. These tokens are taken to be free."));
        Assert.All(import.Models.SelectMany(model => model.Endpoints), endpoint =>
        {
            Assert.True(endpoint.Price is null || endpoint.PriceSource is not null);
            Assert.True(endpoint.Price is null || (endpoint.Price.Prompt >= 0 && endpoint.Price.Completion >= 0));
            Assert.True(endpoint.Price is not { CacheRead: 0 } and not { Reasoning: 0 } and not { CacheWrite: 0 });
            Assert.All(endpoint.Price?.Overrides ?? [], change => Assert.True(change.MinPromptTokens is null or > 0));
        });
    }

    private static IEnumerable<Action<JsonNode>> Leaves(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToArray())
                {
                    yield return replacement => members[name] = replacement;
                    foreach (var leaf in value is null ? [] : Leaves(value))
                        yield return leaf;
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    var index = i;
                    yield return replacement => items[index] = replacement;
                    foreach (var leaf in items[i] is { } item ? Leaves(item) : [])
                        yield return leaf;
                }

                break;
        }
    }

    private static (string Json, Func<ReadOnlyMemory<byte>, CatalogImport> Parse) Format(string name) => name switch
    {
        "models" => (ImportFixtures.OpenRouterModels, json => OpenRouterCatalog.Parse(json)),
        "endpoints" => (ImportFixtures.OpenRouterEndpoints, json => OpenRouterCatalog.Parse(json)),
        _ => (ImportFixtures.LiteLlm, json => LiteLlmCatalog.Parse(json)),
    };
}

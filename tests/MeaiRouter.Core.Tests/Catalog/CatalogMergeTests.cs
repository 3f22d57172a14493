using MeaiRouter.Catalog;
using MeaiRouter.Dialects;
using MeaiRouter.Pricing;

namespace MeaiRouter.Core.Tests.Catalog;

public sealed class CatalogMergeTests
{
    [Theory]
    [InlineData(CatalogOrigin.Code, CatalogOrigin.Configuration)]
    [InlineData(CatalogOrigin.Configuration, CatalogOrigin.Import)]
    [InlineData(CatalogOrigin.Import, CatalogOrigin.BuiltIn)]
    public void The_nearer_origin_wins_in_whatever_order_they_are_given(CatalogOrigin nearer, CatalogOrigin farther)
    {
        var near = Part("near", nearer, new Model("acme/a") { ContextLength = 1 });
        var far = Part("far", farther, new Model("ACME/A") { ContextLength = 2 });

        Assert.Equal(1, CatalogMerge.Merge(near, far).Models.Single().ContextLength);
        Assert.Equal(1, CatalogMerge.Merge(far, near).Models.Single().ContextLength);
    }

    [Fact]
    public void Of_two_with_the_same_origin_the_first_wins()
    {
        var first = Part("first", CatalogOrigin.Import, new Model("acme/a") { ContextLength = 1 });
        var second = Part("second", CatalogOrigin.Import, new Model("acme/a") { ContextLength = 2, MaxOutputTokens = 3 });

        var model = CatalogMerge.Merge(first, second).Models.Single();

        Assert.Equal((1, 3), (model.ContextLength, model.MaxOutputTokens));
    }

    [Fact]
    public void Every_field_the_winner_leaves_open_is_filled_from_the_next()
    {
        var dialect = new Dialect("acme");
        var full = new Model("acme/a")
        {
            Name = "Acme A", ContextLength = 10, MaxOutputTokens = 5, InputModalities = ["text", "image"], OutputModalities = ["text", "audio"],
            Endpoints =
            [
                new ModelEndpoint("acme", "a-1")
                {
                    Price = Price.PerMillion(1, 2), PriceSource = new PriceSource("list"), ContextLength = 8, MaxOutputTokens = 4,
                    Quantization = "fp8", SupportedParameters = ["tools"], InputModalities = ["text"], Regions = ["eu"],
                    DataPolicy = new DataPolicy { Training = false, Retention = "none" }, Weight = 3, QuotaDomain = "q", Dialect = dialect,
                },
            ],
        };

        var merged = CatalogMerge.Merge(
            Part("code", CatalogOrigin.Code, new Model("acme/a") { Endpoints = [new ModelEndpoint("acme", "a-1")] }),
            Part("list", CatalogOrigin.Import, full)).Models.Single();

        Assert.Equal(full with { Endpoints = merged.Endpoints }, merged);
        Assert.Equal(full.Endpoints[0], merged.Endpoints.Single());
    }

    [Fact]
    public void No_field_the_winner_states_is_taken_from_the_next()
    {
        var mine = new Model("acme/a")
        {
            Name = "Mine", ContextLength = 1, MaxOutputTokens = 2, InputModalities = ["text"], OutputModalities = ["text"],
            Endpoints =
            [
                new ModelEndpoint("acme", "a-1")
                {
                    Price = Price.Free, ContextLength = 3, MaxOutputTokens = 4, Quantization = "bf16", SupportedParameters = ["seed"],
                    InputModalities = ["text"], Regions = ["us"], DataPolicy = new DataPolicy { Training = true, Retention = "30 days" },
                    Weight = 7, QuotaDomain = "mine", Dialect = new Dialect("mine"),
                },
            ],
        };
        var theirs = new Model("acme/a")
        {
            Name = "Theirs", ContextLength = 9, InputModalities = ["text", "image"], OutputModalities = ["text", "audio"],
            Endpoints =
            [
                new ModelEndpoint("acme", "a-1")
                {
                    Price = Price.PerMillion(1, 2) with { CacheRead = 1 }, PriceSource = new PriceSource("list"), Quantization = "fp8",
                    DataPolicy = new DataPolicy { Training = false, Retention = "none" }, Weight = 2, QuotaDomain = "theirs", Dialect = new Dialect("theirs"),
                },
            ],
        };

        var merged = CatalogMerge.Merge(Part("code", CatalogOrigin.Code, mine), Part("list", CatalogOrigin.Import, theirs)).Models.Single();

        Assert.Equal(mine with { Endpoints = merged.Endpoints }, merged);
        Assert.Equal(mine.Endpoints[0], merged.Endpoints.Single());
    }

    [Fact]
    public void Half_a_data_policy_is_completed()
    {
        ModelEndpoint With(DataPolicy policy) => new("acme", "a-1") { DataPolicy = policy };

        var merged = CatalogMerge.Merge(
            Part("code", CatalogOrigin.Code, new Model("a") { Endpoints = [With(new DataPolicy { Training = false })] }),
            Part("list", CatalogOrigin.Import, new Model("a") { Endpoints = [With(new DataPolicy { Training = true, Retention = "none" })] }));

        Assert.Equal(new DataPolicy { Training = false, Retention = "none" }, merged.Models.Single().Endpoints.Single().DataPolicy);
    }

    [Fact]
    public void Endpoints_are_matched_by_tag_and_provider_model_and_the_others_of_both_are_kept()
    {
        ModelEndpoint At(string tag, string model, int price) => new("acme", model) { Tag = tag, Price = Price.PerMillion(price, 0) };

        var merged = CatalogMerge.Merge(
            Part("code", CatalogOrigin.Code, new Model("a") { Endpoints = [At("acme/eu", "m", 1), At("acme/us", "m", 2)] }),
            Part("list", CatalogOrigin.Import, new Model("a") { Endpoints = [At("acme/eu", "m", 30), At("acme/eu", "m-2", 40), At("acme/asia", "m", 50)] }));

        Assert.Equal(
            ["acme/eu/m 1", "acme/us/m 2", "acme/eu/m-2 40", "acme/asia/m 50"],
            merged.Models.Single().Endpoints.Select(endpoint => $"{endpoint} {endpoint.Price!.Prompt}"));
    }

    [Fact]
    public void Aliases_of_all_are_kept_and_the_nearer_one_wins()
    {
        var merged = CatalogMerge.Merge(
            new CatalogContribution("list", CatalogOrigin.Import, [new Model("a"), new Model("b")], new Dictionary<string, string> { ["fast"] = "b", ["slow"] = "b" }),
            new CatalogContribution("code", CatalogOrigin.Code, [], new Dictionary<string, string> { ["Fast"] = "a" }));

        Assert.Equal(("a", "b"), (merged.Find("fast")!.Id, merged.Find("slow")!.Id));
    }

    [Fact]
    public void A_model_twice_in_one_contribution_is_refused_with_its_name() => Assert.StartsWith(
        "code: The model 'A' is in the catalogue twice.",
        Assert.Throws<ArgumentException>(() => CatalogMerge.Merge(Part("code", CatalogOrigin.Code, new Model("a"), new Model("A")))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Merging_holds_its_laws_over_random_contributions()
    {
        var random = new Random(20261120);
        for (var round = 0; round < 500; round++)
        {
            var parts = Enumerable.Range(0, 4).Select(origin => RandomPart(random, (CatalogOrigin)origin)).ToArray();
            var merged = CatalogMerge.Merge(parts);
            var nearestFirst = parts.Reverse().ToArray();

            // The order of different origins does not matter, and what is merged merges to itself.
            random.Shuffle(parts);
            Assert.Equal(Describe(merged), Describe(CatalogMerge.Merge(parts)));
            Assert.Equal(Describe(merged), Describe(CatalogMerge.Merge(new CatalogContribution("again", CatalogOrigin.Code, merged.Models))));

            // Nothing is lost, nothing is invented, and each price comes whole, with its source, from the nearest that has one:
            // in each part under the model's own id, or else under any other.
            Assert.Equal(
                parts.SelectMany(part => part.Models).SelectMany(m => m.Endpoints.Select(e => (m.Id, e.Tag, e.Model))).ToHashSet(),
                merged.Models.SelectMany(m => m.Endpoints.Select(e => (m.Id, e.Tag, e.Model))).ToHashSet());
            foreach (var model in merged.Models)
                foreach (var endpoint in model.Endpoints)
                {
                    var said = nearestFirst
                        .SelectMany(part => part.Models.Where(m => m.Id == model.Id || !Speaks(part, model.Id, endpoint)))
                        .SelectMany(m => m.Endpoints.Where(e => (e.Tag, e.Model) == (endpoint.Tag, endpoint.Model)))
                        .ToArray();
                    var priced = said.FirstOrDefault(e => e.Price is not null);
                    Assert.Equal((priced?.Price, priced?.PriceSource), (endpoint.Price, endpoint.PriceSource));
                    Assert.Equal(said.Select(e => e.Quantization).FirstOrDefault(q => q is not null), endpoint.Quantization);
                }
        }
    }

    [Fact]
    public void Only_what_the_given_providers_serve_is_left_with_its_aliases()
    {
        var catalog = new ModelCatalog(
            [
                new Model("a") { Endpoints = [new ModelEndpoint("acme", "m"), new ModelEndpoint("other", "m")] },
                new Model("b") { Endpoints = [new ModelEndpoint("other", "m")] },
            ],
            new Dictionary<string, string> { ["first"] = "a", ["second"] = "b" });

        var served = catalog.ServedBy(["ACME"]);

        Assert.Equal(["acme"], Assert.Single(served.Models).Endpoints.Select(endpoint => endpoint.Provider));
        Assert.Equal(["first"], served.Aliases.Keys);
    }

    [Fact]
    public void A_list_that_only_completes_offers_no_model_and_no_endpoint()
    {
        var list = new CatalogContribution("list", CatalogOrigin.Import,
        [
            new Model("acme/small") { ContextLength = 9, Endpoints = [new ModelEndpoint("acme", "s") { Price = Price.Free }, new ModelEndpoint("other", "s")] },
            new Model("acme/large") { Endpoints = [new ModelEndpoint("acme", "l")] },
        ])
        { OnlyCompletes = true };

        var merged = CatalogMerge.Merge(
            list, Part("configuration", CatalogOrigin.Configuration, new Model("acme/small") { Endpoints = [new ModelEndpoint("acme", "s")] }));

        var endpoint = Assert.Single(Assert.Single(merged.Models).Endpoints);
        Assert.Equal((Price.Free, 9), (endpoint.Price, endpoint.ContextLength));
    }

    private static bool Speaks(CatalogContribution part, string id, ModelEndpoint endpoint) =>
        part.Models.Any(m => m.Id == id && m.Endpoints.Any(e => (e.Tag, e.Model) == (endpoint.Tag, endpoint.Model)));

    private static CatalogContribution Part(string name, CatalogOrigin origin, params Model[] models) => new(name, origin, models);

    private static CatalogContribution RandomPart(Random random, CatalogOrigin origin)
    {
        var ids = Enumerable.Range(0, 5).Where(_ => random.Next(2) == 0).Select(id => $"m{id}");
        var models = ids.Select(id => new Model(id)
        {
            ContextLength = random.Next(2) == 0 ? random.Next(1, 100) : null,
            Endpoints = [.. Enumerable.Range(0, 3).Where(_ => random.Next(2) == 0).Select(tag => new ModelEndpoint("p", "x")
            {
                Tag = $"p/{tag}",
                Quantization = random.Next(2) == 0 ? $"q{random.Next(9)}" : null,
                Price = random.Next(2) == 0 ? Price.PerMillion(random.Next(100), random.Next(100)) : null,
            }).Select(e => e.Price is null ? e : e with { PriceSource = new PriceSource($"{origin}") })],
        });
        return new CatalogContribution($"{origin}", origin, models);
    }

    private static IEnumerable<string> Describe(ModelCatalog catalog) => catalog.Models
        .SelectMany(m => m.Endpoints.Select(e => $"{m.Id} {m.ContextLength} {e} {e.Price} {e.PriceSource} {e.Quantization}"))
        .Order();
}

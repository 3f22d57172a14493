using MeaiRouter.Catalog;
using MeaiRouter.Pricing;

namespace MeaiRouter.Core.Tests.Catalog;

public sealed class ModelCatalogTests
{
    private static readonly Model Small = new("acme/small");
    private static readonly Model Large = new("acme/large");

    [Theory]
    [InlineData("acme/small")]
    [InlineData("ACME/Small")]
    [InlineData("fast")]
    [InlineData("FAST")]
    public void A_model_is_found_by_id_and_alias_in_any_case(string name)
    {
        var catalog = new ModelCatalog([Large, Small], new Dictionary<string, string> { ["fast"] = "Acme/Small" });

        Assert.Equal("acme/small", catalog.Find(name)?.Id);
    }

    [Fact]
    public void A_name_that_is_neither_finds_nothing() => Assert.Null(new ModelCatalog([Small]).Find("acme/smal"));

    [Fact]
    public void Endpoints_stand_cheapest_first_and_unpriced_ones_last_otherwise_as_given()
    {
        ModelEndpoint At(string provider, Price? price) => new(provider, "m") { Price = price };
        var catalog = new ModelCatalog([
            Large with
            {
                Endpoints = [
                    At("unpriced-1", null), At("dear", Price.PerMillion(1, 9)), At("free", Price.Free), At("cheap-1", Price.PerMillion(2, 1)),
                    At("unpriced-2", null), At("cheap-2", Price.PerMillion(1, 2)),
                ],
            },
        ]);

        Assert.Equal(
            ["free", "cheap-1", "cheap-2", "dear", "unpriced-1", "unpriced-2"],
            catalog.Models.Single().Endpoints.Select(endpoint => endpoint.Provider));
    }

    [Fact]
    public void A_catalogue_is_a_snapshot_that_later_changes_do_not_reach()
    {
        var models = new List<Model> { Small };
        var aliases = new Dictionary<string, string> { ["fast"] = "acme/small" };
        var catalog = new ModelCatalog(models, aliases);

        models.Add(Large);
        aliases["slow"] = "acme/small";

        Assert.Equal([Small.Id], catalog.Models.Select(model => model.Id));
        Assert.Null(catalog.Find("slow"));
        Assert.Equal(["fast"], catalog.Aliases.Keys);
    }

    [Fact]
    public void A_model_given_twice_is_refused() => AssertRefused(
        "The model 'ACME/small' is in the catalogue twice. Give each model one entry with all its endpoints. (Parameter 'models')",
        () => new ModelCatalog([Small, new Model("ACME/small")]));

    [Fact]
    public void Two_endpoints_that_could_not_be_told_apart_are_refused() => AssertRefused(
        "The model 'acme/small' has two endpoints 'acme/m'. Give each a Tag of its own. (Parameter 'models')",
        () => new ModelCatalog([Small with { Endpoints = [new ModelEndpoint("acme", "m"), new ModelEndpoint("acme", "m")] }]));

    [Fact]
    public void Two_endpoints_of_one_provider_with_tags_of_their_own_are_fine()
    {
        var endpoints = new[] { new ModelEndpoint("acme", "m") { Tag = "acme/eu" }, new ModelEndpoint("acme", "m") { Tag = "acme/us" } };

        Assert.Equal(2, new ModelCatalog([Small with { Endpoints = endpoints }]).Find("acme/small")!.Endpoints.Count);
    }

    [Fact]
    public void An_alias_that_hides_a_model_is_refused() => AssertRefused(
        "The alias 'ACME/Small' hides the model of the same name. Rename the alias. (Parameter 'aliases')",
        () => new ModelCatalog([Small, Large], new Dictionary<string, string> { ["ACME/Small"] = "acme/large" }));

    [Fact]
    public void An_alias_for_nothing_is_refused_with_what_was_probably_meant() => AssertRefused(
        "The alias 'fast' stands for 'acme/smal', which is not in the catalogue. Did you mean 'acme/small'? (Parameter 'aliases')",
        () => new ModelCatalog([Small, Large], new Dictionary<string, string> { ["fast"] = "acme/smal" }));

    [Fact]
    public void Two_aliases_that_differ_only_in_case_are_refused() => AssertRefused(
        "The alias 'Fast' is given twice, in different case. Remove one. (Parameter 'aliases')",
        () => new ModelCatalog([Small, Large], new Dictionary<string, string> { ["fast"] = "acme/small", ["Fast"] = "acme/large" }));

    private static void AssertRefused(string message, Func<object> create) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(create).Message);
}

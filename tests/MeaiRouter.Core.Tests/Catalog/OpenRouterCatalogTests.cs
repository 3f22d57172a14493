using MeaiRouter.Catalog;
using MeaiRouter.Pricing;

namespace MeaiRouter.Core.Tests.Catalog;

public sealed class OpenRouterCatalogTests
{
    private static readonly DateOnly Day = new(2026, 11, 1);

    [Fact]
    public void A_model_of_the_list_gets_one_endpoint_at_openrouter_with_exact_prices_and_limits()
    {
        var import = Parse(ImportFixtures.OpenRouterModels, new CatalogImportOptions { AsOf = Day });

        var model = import.Models[0];
        Assert.Equal(("acme/large", "Acme: Large", 200_000), (model.Id, model.Name, model.ContextLength));
        Assert.Equal(["image", "text"], model.InputModalities);
        Assert.Equal(["text"], model.OutputModalities);

        var endpoint = Assert.Single(model.Endpoints);
        Assert.Equal(("openrouter", "acme/large", "openrouter"), (endpoint.Provider, endpoint.Model, endpoint.Tag));
        Assert.Equal(64_000, endpoint.MaxOutputTokens);
        Assert.Equal(["tools", "temperature"], endpoint.SupportedParameters);
        Assert.Equal(new PriceSource("OpenRouter", Day), endpoint.PriceSource);
        Assert.Equal(
            new Price
            {
                Prompt = 2.5m, Completion = 10m, CacheRead = 0.25m, CacheWrite = 3.125m, CacheWrite1h = 5m,
                AudioInput = 3.2m, AudioOutput = 20m, ImageInput = 4m, ImageOutput = 30m, Request = 0.001m,
                Overrides =
                [
                    new PriceOverride { MinPromptTokens = 128_000, Prompt = 5 }, new PriceOverride { MinPromptTokens = 64_000, Prompt = 4 },
                ],
            },
            endpoint.Price);
    }

    [Fact]
    public void Variants_are_models_of_their_own_and_what_varies_is_unpriced_not_free()
    {
        var import = Parse(ImportFixtures.OpenRouterModels);

        Assert.Equal(["acme/large", "acme/large:free", "acme/auto"], import.Models.Select(model => model.Id));
        Assert.Equal(Price.Free, import.Models[1].Endpoints[0].Price);
        Assert.Null(import.Models[2].Endpoints[0].Price);
        Assert.Equal(
            [
                "Note data[1].pricing.prompt is 0. These tokens are taken to be free.",
                "Note data[1].pricing.completion is 0. These tokens are taken to be free.",
                "Note data[2].pricing varies from request to request. The endpoint is unpriced.",
            ],
            import.Problems.Select(problem => $"{problem.Kind} {problem}"));
    }

    [Fact]
    public void The_endpoints_of_one_model_keep_their_tags_limits_and_prices()
    {
        var import = Parse(ImportFixtures.OpenRouterEndpoints);

        var model = Assert.Single(import.Models);
        Assert.Equal(("acme/open", "Acme: Open", 131_072), (model.Id, model.Name, model.ContextLength));
        Assert.Equal(
            [
                ("north", "acme/open", "north/fp8", "fp8", 131_072, 16_384, Price.PerMillion(0.1m, 0.3m)),
                ("south", "acme/open", "south", null, 32_768, null, Price.PerMillion(0.09m, 0.4m) with { CacheRead = 0.01m }),
            ],
            model.Endpoints.Select(e => (e.Provider, e.Model, e.Tag, e.Quantization, e.ContextLength, e.MaxOutputTokens, e.Price)));
        Assert.Empty(import.Problems);
    }

    [Fact]
    public void A_wrong_endpoint_is_left_out_with_its_path_and_the_others_stay()
    {
        var import = Parse(ImportFixtures.OpenRouterEndpoints.Replace("\"0.0000004\"", "\"a few cents\"", StringComparison.Ordinal));

        Assert.Equal(["north/fp8"], Assert.Single(import.Models).Endpoints.Select(endpoint => endpoint.Tag));
        Assert.Equal(
            [new CatalogProblem(CatalogProblemKind.Error, "data.endpoints[1].pricing.completion", "is not a decimal number that can be held exactly.")],
            import.Problems);
    }

    [Theory]
    [InlineData("south/eu", "south")]
    [InlineData("/eu", "/eu")]
    [InlineData(" /eu", " /eu")]
    public void The_provider_of_an_endpoint_is_the_first_part_of_its_tag(string tag, string provider)
    {
        var import = Parse(ImportFixtures.OpenRouterEndpoints.Replace("\"south\"", $"\"{tag}\"", StringComparison.Ordinal));

        Assert.Equal(("north", provider), (import.Models[0].Endpoints[0].Provider, import.Models[0].Endpoints[1].Provider));
    }

    [Theory]
    [InlineData("\"\"", "is not a decimal number that can be held exactly.")]
    [InlineData("\"free\"", "is not a decimal number that can be held exactly.")]
    [InlineData("\"1e-40\"", "is not a decimal number that can be held exactly.")]
    [InlineData("true", "is not a decimal number that can be held exactly.")]
    [InlineData("{}", "is not a decimal number that can be held exactly.")]
    [InlineData("[\"0.1\"]", "is not a decimal number that can be held exactly.")]
    [InlineData("\"-0.000001\"", "is negative.")]
    [InlineData("\"5\"", "is implausibly high. The unit is US dollars per token.")]
    [InlineData("null", "is missing. A price per token has both an input and an output side.")]
    public void A_wrong_price_costs_its_entry_and_names_the_path(string price, string message)
    {
        var import = Parse(ImportFixtures.OpenRouterModels.Replace("\"0.0000025\"", price, StringComparison.Ordinal));

        Assert.Equal(["acme/large:free", "acme/auto"], import.Models.Select(model => model.Id));
        Assert.Equal(
            [new CatalogProblem(CatalogProblemKind.Error, "data[0].pricing.prompt", message)],
            import.Problems.Where(problem => problem.Kind == CatalogProblemKind.Error));
    }

    [Fact]
    public void A_model_without_text_output_is_skipped_and_a_repeated_one_stands_once()
    {
        var import = Parse("""
            { "data": [
              { "id": "acme/ears", "architecture": { "output_modalities": ["audio"] }, "pricing": { "prompt": "0.1", "completion": "0.1" } },
              { "id": "acme/a", "pricing": { "prompt": "0.000001", "completion": "0.000002" } },
              { "id": "ACME/A", "pricing": { "prompt": "0.000003", "completion": "0.000004" } } ] }
            """.Replace("\"0.1\"", "\"0.000001\"", StringComparison.Ordinal));

        Assert.Equal(Price.PerMillion(1, 2), Assert.Single(import.Models).Endpoints[0].Price);
        Assert.Equal(
            ["Skipped data[0] 'acme/ears' produces neither text nor embeddings.", "Skipped data[2] is the model 'ACME/A' again. The first entry stands."],
            import.Problems.Select(problem => $"{problem.Kind} {problem}"));
    }

    [Theory]
    [InlineData("", "The file is not JSON: line 1, byte 0.")]
    [InlineData("{ \"data\": [", "The file is not JSON: line 1, byte 11.")]
    [InlineData("[]", "The file is JSON, but not an object.")]
    [InlineData("{}", "The file has no 'data' with a list of models or one model with its endpoints.")]
    [InlineData("{ \"data\": \"soon\" }", "The file has no 'data' with a list of models or one model with its endpoints.")]
    [InlineData("{ \"data\": [] }", "The file holds 0 usable models, fewer than the 1 expected.")]
    [InlineData("{ \"data\": [1] }", "The file holds 0 usable models, fewer than the 1 expected. data[0] is not an object.")]
    [InlineData("{ \"data\": [{}] }", "The file holds 0 usable models, fewer than the 1 expected. data[0].id is missing.")]
    [InlineData("{ \"data\": { \"id\": \"a\" } }", "The file holds 0 usable models, fewer than the 1 expected. data.endpoints is missing.")]
    [InlineData(
        "{ \"data\": [{ \"id\": \"a\" }, 1, 2] }",
        "2 of 3 entries are wrong, more than 50 %. data[1] is not an object. data[2] is not an object.")]
    public void A_file_that_is_empty_broken_or_mostly_wrong_is_refused_as_a_whole(string json, string message) =>
        Assert.Equal(message, Assert.Throws<CatalogImportException>(() => Parse(json)).Message);

    [Fact]
    public void A_file_larger_than_allowed_is_refused_unread() => Assert.Equal(
        "The file has 12 bytes, more than the 10 allowed.",
        Assert.Throws<CatalogImportException>(() => Parse("{\"data\":[1]}", new CatalogImportOptions { MaxBytes = 10 })).Message);

    [Fact]
    public void Fewer_models_than_asked_for_are_refused() => Assert.StartsWith(
        "The file holds 3 usable models, fewer than the 4 expected.",
        Assert.Throws<CatalogImportException>(() => Parse(ImportFixtures.OpenRouterModels, new CatalogImportOptions { MinModels = 4 })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_byte_order_mark_does_no_harm() => Assert.Single(Parse('\uFEFF' + ImportFixtures.OpenRouterEndpoints).Models);

    [Fact]
    public void Text_that_is_not_Unicode_costs_its_entry()
    {
        var import = Parse("""{ "data": [ { "id": "\ud800" }, { "id": "acme/a" } ] }""");

        Assert.Equal(["acme/a"], import.Models.Select(model => model.Id));
        Assert.Contains(new CatalogProblem(CatalogProblemKind.Error, "data[0]", "holds text that is not Unicode."), import.Problems);
    }

    [Fact]
    public void Overrides_by_the_time_of_the_day_and_the_price_of_a_web_search_are_read()
    {
        var import = Parse("""
            { "data": [ { "id": "acme/night", "pricing": { "prompt": "0.000002", "completion": "0.000004", "web_search": "0.01", "overrides": [
              { "utc_start": "1630", "utc_end": 30, "prompt": "0.000001", "input_cache_read": "0.0000001" } ] } } ] }
            """);

        Assert.Empty(import.Problems);
        Assert.Equal(
            new Price
            {
                Prompt = 2, Completion = 4, WebSearch = 0.01m,
                Overrides = [new PriceOverride { UtcStart = new(16, 30), UtcEnd = new(0, 30), Prompt = 1, CacheRead = 0.1m }],
            },
            import.Models.Single().Endpoints.Single().Price);
    }

    [Theory]
    [InlineData("""{ "min_prompt_tokens": 1000, "moon_phase": "full", "prompt": "0.000001" }""", "overrides[0].moon_phase is not a condition that is understood. The override is not counted.")]
    [InlineData("""{ "prompt": "0.000001" }""", "overrides[0] has no condition that is understood. The override is not counted.")]
    [InlineData("""{ "utc_start": "0900", "prompt": "0.000001" }""", "overrides[0] has no condition that is understood. The override is not counted.")]
    [InlineData("""{ "utc_start": "9 am", "utc_end": "1200", "prompt": "0.000001" }""", "overrides[0] has no condition that is understood. The override is not counted.")]
    [InlineData("7", "overrides[0] is not an object and is not counted.")]
    public void An_override_that_is_not_understood_is_noted_and_left_out(string step, string problem)
    {
        var import = Parse($$"""{ "data": [ { "id": "acme/a", "pricing": { "prompt": "0.000002", "completion": "0.000004", "overrides": [ {{step}} ] } } ] }""");

        Assert.Equal(Price.PerMillion(2, 4), import.Models.Single().Endpoints.Single().Price);
        Assert.Equal([$"Note data[0].pricing.{problem}"], import.Problems.Select(p => $"{p.Kind} {p}"));
    }

    [Fact]
    public void A_wrong_price_in_an_override_costs_its_entry() => Assert.Equal(
        ["data[1].pricing.overrides[0].prompt is negative."],
        Parse("""
            { "data": [ { "id": "acme/a", "pricing": { "prompt": "0.000002", "completion": "0.000004" } },
              { "id": "acme/b", "pricing": { "prompt": "0.000002", "completion": "0.000004", "overrides": [ { "min_prompt_tokens": 1, "prompt": "-1" } ] } } ] }
            """).Problems.Select(problem => problem.ToString()));

    private static CatalogImport Parse(string json, CatalogImportOptions? options = null) =>
        OpenRouterCatalog.Parse(ImportFixtures.Utf8(json), options);
}

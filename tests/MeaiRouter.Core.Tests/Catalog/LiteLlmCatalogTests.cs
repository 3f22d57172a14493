using MeaiRouter.Catalog;
using MeaiRouter.Pricing;

namespace MeaiRouter.Core.Tests.Catalog;

public sealed class LiteLlmCatalogTests
{
    [Fact]
    public void Models_for_chat_and_embeddings_are_read_exactly_and_the_rest_is_skipped_with_a_note()
    {
        var day = new DateOnly(2026, 11, 1);
        var import = Parse(ImportFixtures.LiteLlm, new CatalogImportOptions { AsOf = day });

        Assert.Equal(["acme/acme-large", "together/acme/open-7b", "acme/acme-embed", "acme/acme-by-the-second"], import.Models.Select(model => model.Id));
        Assert.Equal(
            [
                "Skipped sample_spec.mode is 'one of: chat, embedding', neither 'chat' nor 'embedding'.",
                "Note acme-embed.output_cost_per_token is 0. These tokens are taken to be free.",
                "Note acme-by-the-second has no price per token. The endpoint is unpriced.",
            ],
            import.Problems.Select(problem => $"{problem.Kind} {problem}"));

        var large = import.Models[0];
        Assert.Equal((200_000, 64_000), (large.ContextLength, large.MaxOutputTokens));
        Assert.Equal(["text", "image"], large.InputModalities);

        var endpoint = Assert.Single(large.Endpoints);
        Assert.Equal(("acme", "acme-large"), (endpoint.Provider, endpoint.Model));
        Assert.Equal(new PriceSource("LiteLLM model_prices_and_context_window.json", day), endpoint.PriceSource);
        Assert.Equal(
            [
                "max_tokens", "temperature", "top_p", "stop", "top_k", "min_p", "top_a", "frequency_penalty", "presence_penalty", "repetition_penalty", "seed",
                "logit_bias", "logprobs", "top_logprobs", "prediction", "verbosity", "tools", "response_format", "structured_outputs",
            ],
            endpoint.SupportedParameters);
        Assert.Equal(
            new Price
            {
                Prompt = 2.5m, Completion = 10m, CacheRead = 0.25m, CacheWrite = 3.125m, CacheWrite1h = 5m,
                Overrides =
                [
                    new PriceOverride { MinPromptTokens = 128_000, Prompt = 4 },
                    new PriceOverride { MinPromptTokens = 200_000, Prompt = 5, Completion = 15 },
                    new PriceOverride { Batch = true, Prompt = 1.25m },
                    new PriceOverride { Batch = true, MinPromptTokens = 128_000, IsUnknown = true },
                    new PriceOverride { Batch = true, MinPromptTokens = 200_000, IsUnknown = true },
                ],
            },
            endpoint.Price);
        Assert.Equal(["embeddings"], import.Models[2].OutputModalities);
        Assert.Equal(Price.PerMillion(0.1m, 0), import.Models[2].Endpoints[0].Price);
    }

    // https://github.com/BerriAI/litellm/issues/30344: any threshold; pull/39245: what a tier costs with a long prompt.
    [Fact]
    public void Tiers_of_every_length_and_service_are_read_and_what_two_of_them_cost_together()
    {
        var price = Parse("""
            { "a": { "litellm_provider": "x", "mode": "chat", "input_cost_per_token": 5e-6, "output_cost_per_token": 3e-5,
              "cache_creation_input_token_cost_above_1hr": 1e-5, "cache_creation_input_token_cost_above_1hr_above_272k_tokens": 2e-5,
              "input_cost_per_token_above_272k_tokens": 1e-5, "output_cost_per_token_above_1500_tokens": 4.5e-5,
              "input_cost_per_token_flex": 2.5e-6, "input_cost_per_token_above_272k_tokens_flex": 5e-6, "input_cost_per_token_priority": 1e-5,
              "input_cost_per_token_above_9999999999_tokens": 1, "input_cost_per_token_cheap": 1, "input_cost_per_image": 0.1 } }
            """).Models.Single().Endpoints.Single().Price!;

        Assert.Equal(
            [
                new PriceOverride { MinPromptTokens = 1_500, Completion = 45 },
                new PriceOverride { MinPromptTokens = 272_000, Prompt = 10, CacheWrite1h = 20 },
                new PriceOverride { ServiceTier = "flex", Prompt = 2.5m },
                new PriceOverride { ServiceTier = "flex", MinPromptTokens = 1_500, IsUnknown = true },
                new PriceOverride { ServiceTier = "flex", MinPromptTokens = 272_000, Prompt = 5 },
                new PriceOverride { ServiceTier = "priority", Prompt = 10 },
                new PriceOverride { ServiceTier = "priority", MinPromptTokens = 1_500, IsUnknown = true },
                new PriceOverride { ServiceTier = "priority", MinPromptTokens = 272_000, IsUnknown = true },
            ],
            price.Overrides);
    }

    [Fact]
    public void The_provider_is_named_as_here_and_its_prefix_is_no_part_of_the_provider_model()
    {
        var model = Parse(ImportFixtures.LiteLlm).Models[1];
        var endpoint = Assert.Single(model.Endpoints);

        Assert.Equal(("together", "acme/open-7b", 8_192), (endpoint.Provider, endpoint.Model, model.ContextLength));
        Assert.Equal(Price.PerMillion(0.2m, 0.6m), endpoint.Price);
        Assert.Empty(endpoint.SupportedParameters);
        Assert.Equal(["text"], model.InputModalities);
    }

    [Theory]
    [InlineData("acme-1", "acme", "acme", "acme-1")]
    [InlineData("acme/one", "acme", "acme", "one")]
    [InlineData("acme/", "acme", "acme", "acme/")]
    [InlineData("acme/ ", "acme", "acme", "acme/ ")]
    [InlineData("cohere_chat/command", "cohere_chat", "cohere", "command")]
    [InlineData("vertex_ai/claude", "vertex_ai-anthropic_models", "vertex_ai", "claude")]
    [InlineData("bedrock/us-east-1/claude", "bedrock_converse", "bedrock", "us-east-1/claude")]
    public void Names_and_providers_are_told_apart(string name, string listed, string provider, string model)
    {
        var import = Parse($$"""{ "{{name}}": { "litellm_provider": "{{listed}}", "mode": "chat" } }""");

        var read = Assert.Single(import.Models);
        Assert.Equal(($"{provider}/{model}", provider, model), (read.Id, read.Endpoints[0].Provider, read.Endpoints[0].Model));
    }

    [Fact]
    public void A_model_without_a_price_is_unpriced_and_names_no_source()
    {
        var endpoint = Assert.Single(Parse(ImportFixtures.LiteLlm).Models[3].Endpoints);

        Assert.Null(endpoint.Price);
        Assert.Null(endpoint.PriceSource);
    }

    [Theory]
    [InlineData("1e-40", "is not a decimal number that can be held exactly.")]
    [InlineData("\"2.5 per million\"", "is not a decimal number that can be held exactly.")]
    [InlineData("false", "is not a decimal number that can be held exactly.")]
    [InlineData("-2.5e-06", "is negative.")]
    [InlineData("2.5", "is implausibly high. The unit is US dollars per token.")]
    [InlineData("null", "is missing. A price per token has both an input and an output side.")]
    public void A_wrong_price_costs_its_entry_and_names_the_path(string price, string message)
    {
        var import = Parse(ImportFixtures.LiteLlm.Replace("\"input_cost_per_token\": 2.5e-06", $"\"input_cost_per_token\": {price}", StringComparison.Ordinal));

        Assert.DoesNotContain("acme/acme-large", import.Models.Select(model => model.Id));
        Assert.Equal(
            [new CatalogProblem(CatalogProblemKind.Error, "acme-large.input_cost_per_token", message)],
            import.Problems.Where(problem => problem.Kind == CatalogProblemKind.Error));
    }

    [Fact]
    public void A_wrong_limit_is_unknown_and_noted()
    {
        var import = Parse(ImportFixtures.LiteLlm.Replace("\"max_output_tokens\": 64000", "\"max_output_tokens\": \"lots\"", StringComparison.Ordinal));

        Assert.Null(import.Models[0].MaxOutputTokens);
        Assert.Contains(
            new CatalogProblem(CatalogProblemKind.Note, "acme-large.max_output_tokens", "is not a number of tokens. The limit is taken to be unknown."),
            import.Problems);
    }

    [Fact]
    public void A_file_in_which_more_is_wrong_than_right_is_refused() => Assert.Equal(
        "2 of 3 entries are wrong, more than 50 %. b is not an object. c.litellm_provider is missing.",
        Assert.Throws<CatalogImportException>(() => Parse("""
            { "a": { "litellm_provider": "x", "mode": "chat", "input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6 },
              "b": 5, "c": { "mode": "chat" } }
            """)).Message);

    [Fact]
    public void A_name_that_is_not_Unicode_costs_its_entry() => Assert.Equal(
        ["entry 2 has no name."],
        Parse("""
            { "a": { "litellm_provider": "x", "mode": "chat", "input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6 }, "\udc00": {} }
            """).Problems.Select(problem => problem.ToString()));

    private static CatalogImport Parse(string json, CatalogImportOptions? options = null) =>
        LiteLlmCatalog.Parse(ImportFixtures.Utf8(json), options);
}

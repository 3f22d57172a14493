using MeaiRouter.Configuration;
using MeaiRouter.Dialects;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Tests.Configuration;

/// <summary>Lays mistakes over a valid section and compares everything that is said about them.</summary>
public sealed class ConfigurationErrorTests
{
    [Theory]
    [InlineData("""{ "Providers": { "acme": { "BaseUrl": "acme.example" } } }""",
        "MeaiRouter:Providers:acme:BaseUrl: must be an absolute http or https address, such as https://api.example.com/v1.")]
    [InlineData("""{ "Providers": { "acme": { "BaseUrl": "ftp://user:secret@acme.example" } } }""",
        "MeaiRouter:Providers:acme:BaseUrl: must be an absolute http or https address, such as https://api.example.com/v1.")]
    [InlineData("""{ "Providers": { "deepsek": {} } }""",
        "MeaiRouter:Providers:deepsek:BaseUrl: is missing. 'deepsek' is not a known provider. Did you mean 'deepseek'?")]
    [InlineData("""{ "Providers": { "mine": { "Type": "openai-compatible" } } }""",
        "MeaiRouter:Providers:mine:BaseUrl: is missing. A provider of the type openai-compatible needs it.")]
    [InlineData("""{ "Providers": { "mine": { "Type": "openai-compatable" } } }""",
        "MeaiRouter:Providers:mine:Type: 'openai-compatable' is not a type of provider. Did you mean 'openai-compatible'?")]
    [InlineData("""{ "Providers": { "openai": {} } }""",
        "MeaiRouter:Providers:openai:ApiKey: is missing. Set it, or the environment variable OPENAI_API_KEY.")]
    [InlineData("""{ "Providers": { "mine": { "Type": "deepseek" } } }""",
        "MeaiRouter:Providers:mine:ApiKey: is missing. Set it, or the environment variable DEEPSEEK_API_KEY.")]
    [InlineData("""{ "Providers": { "acme": { "ApiKey": "secret-1", "ApiKeys": ["secret-2"] } } }""",
        "MeaiRouter:Providers:acme:ApiKeys: ApiKey is set as well. Only one of the two can be.")]
    [InlineData("""{ "Providers": { "acme": { "ApiKey": "secret\nkey" } } }""",
        "MeaiRouter:Providers:acme:ApiKey: holds a character that cannot be sent in an HTTP header.")]
    [InlineData("""{ "Providers": { "acme": { "ApiKeys": "secret" } } }""",
        "MeaiRouter:Providers:acme:ApiKeys: must be a list, not a single value.")]
    [InlineData("""{ "Providers": { "acme": { "ApiKeys": ["secret", ""] } } }""",
        "MeaiRouter:Providers:acme:ApiKeys:1: must not be empty.")]
    [InlineData("""{ "Providers": { "acme": { "ApiKeys": { "first": "secret" } } } }""",
        "MeaiRouter:Providers:acme:ApiKeys: must be a list of single values.")]
    [InlineData("""{ "Providers": { "acme": { "ApiKey": ["secret"] } } }""",
        "MeaiRouter:Providers:acme:ApiKey: must be a single value, not a section.")]
    [InlineData("""{ "Providers": { "acme": { "Headers": { "X Name": "v" } } } }""",
        "MeaiRouter:Providers:acme:Headers:X Name: cannot be sent as an HTTP header.")]
    [InlineData("""{ "Providers": { "acme": { "Headers": { "X-Name": "secret\r\nX-Other: v" } } } }""",
        "MeaiRouter:Providers:acme:Headers:X-Name: cannot be sent as an HTTP header.")]
    [InlineData("""{ "Providers": { "acme": { "Headers": { "X-Name": ["v"] } } } }""",
        "MeaiRouter:Providers:acme:Headers:X-Name: must be a single value, not a section.")]
    [InlineData("""{ "Providers": { "acme": { "Headers": "X-Name: secret" } } }""",
        "MeaiRouter:Providers:acme:Headers: must be a section of names and values, not a single value.")]
    [InlineData("""{ "Providers": { "acme": { "Dialect": "deepsek" } } }""",
        "MeaiRouter:Providers:acme:Dialect: 'deepsek' is neither a known provider nor one of Dialects. Did you mean 'deepseek'?")]
    [InlineData("""{ "Providers": { "acme": { "DataPolicy": { "Training": "no" } } } }""",
        "MeaiRouter:Providers:acme:DataPolicy:Training: 'no' is not true or false.")]
    [InlineData("""{ "Providers": { "acme": { "DataPolicy": "none" } } }""",
        "MeaiRouter:Providers:acme:DataPolicy: must be a section, not a single value.")]
    [InlineData("""{ "Providers": { "mine": "http://127.0.0.1/v1" } }""",
        "MeaiRouter:Providers:mine: must be a section, not a single value.")]
    public void A_mistake_in_a_provider_is_named_with_its_path_and_without_what_is_secret(string mistake, string error) =>
        Assert.Equal([error], ErrorsOf(mistake));

    [Theory]
    [InlineData("""{ "Models": { "m": {} } }""",
        "MeaiRouter:Models:m:Endpoints: is missing. A model without an endpoint cannot be served.")]
    [InlineData("""{ "Models": { "m": { "Endpoints": [] } } }""",
        "MeaiRouter:Models:m:Endpoints: is missing. A model without an endpoint cannot be served.")]
    [InlineData("""{ "Models": { "m": { "Id": "acme/small", "Endpoints": [ { "Provider": "acme", "Model": "x" } ] } } }""",
        "MeaiRouter:Models:m:Id: 'acme/small' is the id of MeaiRouter:Models:acme/small already.")]
    [InlineData("""{ "Models": { "": { "Endpoints": [ { "Provider": "acme", "Model": "x" } ] } } }""",
        "MeaiRouter:Models: must not hold an empty key.")]
    [InlineData("""{ "Models": { "acme/small": { "ContextLength": 0 } } }""",
        "MeaiRouter:Models:acme/small:ContextLength: '0' is not a whole number of at least 1.")]
    [InlineData("""{ "Models": { "acme/small": { "MaxOutputTokens": "8k" } } }""",
        "MeaiRouter:Models:acme/small:MaxOutputTokens: '8k' is not a whole number of at least 1.")]
    [InlineData("""{ "Models": { "acme/small": { "InputModalities": ["text", "imge"] } } }""",
        "MeaiRouter:Models:acme/small:InputModalities: 'imge' is unknown. Did you mean 'image'?")]
    [InlineData("""{ "Models": { "acme/small": { "OutputModalities": ["smell"] } } }""",
        "MeaiRouter:Models:acme/small:OutputModalities: 'smell' is unknown. Known: text, image, audio, video, embeddings.")]
    [InlineData("""{ "Models": { "acme/small:free": { "Endpoints": [ { "Provider": "acme", "Model": "x" } ] } } }""",
        "MeaiRouter:Models:acme/small:free: 'free' is not a setting. Known: Id, Name, ContextLength, MaxOutputTokens, InputModalities, "
        + "OutputModalities, Created, AllowsDistillation, Endpoints. A model's id that holds a colon cannot be a key: give it as 'Id'.")]
    public void A_mistake_in_a_model_is_named_with_its_path(string mistake, string error) => Assert.Equal([error], ErrorsOf(mistake));

    [Theory]
    [InlineData("""{ "Weight": -1 }""", "Weight: '-1' is not a whole number of at least 0.")]
    [InlineData("""{ "ContextLength": 1.5 }""", "ContextLength: '1.5' is not a whole number of at least 1.")]
    [InlineData("""{ "InputModalities": ["texts"] }""", "InputModalities: 'texts' is unknown. Did you mean 'text'?")]
    [InlineData("""{ "Dialect": "opnai" }""", "Dialect: 'opnai' is neither a known provider nor one of Dialects. Did you mean 'openai'?")]
    [InlineData("""{ "Modell": "x" }""", "Modell: 'Modell' is not a setting. Did you mean 'Model'?")]
    [InlineData("""{ "PricePerMillion": 3 }""", "PricePerMillion: must be a section, not a single value.")]
    [InlineData("""{ "PricePerMillion": { "Prompt": 1 } }""",
        "PricePerMillion:Completion: is missing. A price per token has both Prompt and Completion, even if one of them is 0.")]
    [InlineData("""{ "PricePerMillion": { "Prompt": 1, "Completion": -0.1 } }""",
        "PricePerMillion:Completion: '-0.1' is not an amount of US dollars from 0 to 1000000, such as 0.5.")]
    [InlineData("""{ "PricePerMillion": { "Prompt": 1, "Completion": "1,5" } }""",
        "PricePerMillion:Completion: '1,5' is not an amount of US dollars from 0 to 1000000, such as 0.5.")]
    [InlineData("""{ "PricePerMillion": { "Prompt": 1, "Completion": 1e7 } }""",
        "PricePerMillion:Completion: '1e7' is not an amount of US dollars from 0 to 1000000, such as 0.5.")]
    [InlineData("""{ "PricePerMillion": { "Prompt": 1, "Completion": 1, "CachRead": 1 } }""",
        "PricePerMillion:CachRead: 'CachRead' is not a setting. Did you mean 'CacheRead'?")]
    [InlineData("""{ "PricePerMillion": { "Version": "7" } }""",
        "PricePerMillion:Version: stands beside no price.")]
    [InlineData("""{ "PricePerMillion": { "Prompt": 1, "Completion": 1, "EffectiveFrom": "tomorrow" } }""",
        "PricePerMillion:EffectiveFrom: 'tomorrow' is not a day or a moment, such as 2026-12-01 or 2026-12-01T08:00:00Z.")]
    [InlineData("""{ "PricePerMillion": { "Prompt": 1, "Completion": 1, "Overrides": [ { "MinPromptTokens": 200000 } ] } }""",
        "PricePerMillion:Overrides:0:Prompt: is missing, and so is every other price. An override must change one.")]
    [InlineData("""{ "PricePerMillion": { "Prompt": 1, "Completion": 1, "Overrides": [ { "Prompt": 2 } ] } }""",
        "PricePerMillion:Overrides:0:MinPromptTokens: is missing, and so is every other condition. Set one, or change the price itself.")]
    [InlineData("""{ "PricePerMillion": { "Prompt": 1, "Completion": 1, "Overrides": [ { "UtcStart": "16:30", "Prompt": 2 } ] } }""",
        "PricePerMillion:Overrides:0:UtcEnd: is missing. A time of the day has both a start and an end.")]
    [InlineData("""{ "PricePerMillion": { "Prompt": 1, "Completion": 1, "Overrides": [ { "UtcStart": "16:30", "UtcEnd": "1630", "Prompt": 2 } ] } }""",
        "PricePerMillion:Overrides:0:UtcEnd: is the same as UtcStart. Leave both out for the whole day.")]
    [InlineData("""{ "PricePerMillion": { "Prompt": 1, "Completion": 1, "Overrides": [ { "UtcStart": "25:00", "UtcEnd": "16:30", "Prompt": 2 } ] } }""",
        "PricePerMillion:Overrides:0:UtcStart: '25:00' is not a time of the day from 00:00 to 23:59, such as 16:30.")]
    [InlineData("""{ "PricePerMillion": { "Prompt": 1, "Completion": 1, "Overrides": [ { "ServiceTier": "flexx", "Prompt": 2 } ] } }""",
        "PricePerMillion:Overrides:0:ServiceTier: 'flexx' is not a service tier with prices of its own. Did you mean 'flex'?")]
    [InlineData("""{ "PricePerMillion": { "Prompt": 1, "Completion": 1, "Overrides": [ { "MinPromptToken": 5, "Batch": true, "Prompt": 2 } ] } }""",
        "PricePerMillion:Overrides:0:MinPromptToken: 'MinPromptToken' is not a setting. Did you mean 'MinPromptTokens'?")]
    [InlineData("""{ "PricePerMillion": { "Prompt": 1, "Completion": 1, "ServiceTiers": { "fleks": { "Prompt": 1 } } } }""",
        "PricePerMillion:ServiceTiers:fleks: 'fleks' is not a service tier with prices of its own. Did you mean 'flex'?")]
    [InlineData("""{ "PricePerMillion": { "Prompt": 1, "Completion": 1, "Overrides": [ { "MinPromptTokens": 200000, "Prompt": 3 }, { "MinPromptTokens": 128000, "Prompt": 2 } ] } }""",
        "PricePerMillion:Overrides:0: has no effect: wherever it holds (above 200000 prompt tokens), "
            + "MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:Overrides:1 (above 128000 prompt tokens) wins over it. Put the narrower one last.")]
    [InlineData("""{ "PricePerMillion": { "Prompt": 1, "Completion": 1, "Overrides": [ { "UtcStart": "08:00", "UtcEnd": "16:00", "Prompt": 3 }, { "UtcStart": "15:00", "UtcEnd": "02:00", "Prompt": 2 } ] } }""",
        "PricePerMillion:Overrides:1: overlaps MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:Overrides:0 (08:00-16:00 UTC), "
            + "and both set a price. Let one end where the other starts.")]
    [InlineData("""{ "PriceFactor": 0, "PricePerMillion": { "Prompt": 1, "Completion": 1 } }""",
        "PriceFactor: '0' is not a factor of more than 0 and at most 100, such as 0.9 for a discount of 10 %.")]
    public void A_mistake_in_an_endpoint_is_named_with_its_path(string mistake, string error) => Assert.Equal(
        [$"MeaiRouter:Models:acme/small:Endpoints:0:{error}"],
        ErrorsOf($$"""{ "Models": { "acme/small": { "Endpoints": [ {{mistake}} ] } } }"""));

    [Fact]
    public void An_endpoint_needs_a_provider_and_a_model() => Assert.Equal(
        [
            "MeaiRouter:Models:m:Endpoints:0:Provider: is missing.",
            "MeaiRouter:Models:m:Endpoints:0:Model: is missing.",
            "MeaiRouter:Models:m:Endpoints:0:Weight: 'heavy' is not a whole number of at least 0.",
            "MeaiRouter:Models:m:Endpoints:0:Provder: 'Provder' is not a setting. Did you mean 'Provider'?",
        ],
        ErrorsOf("""{ "Models": { "m": { "Endpoints": [ { "Provder": "acme", "Weight": "heavy" } ] } } }"""));

    [Fact]
    public void A_price_of_some_tokens_needs_the_prices_of_all() => Assert.Equal(
        [
            "MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:Prompt: is missing. "
                + "A price per token has both Prompt and Completion, even if one of them is 0.",
            "MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:Completion: is missing. "
                + "A price per token has both Prompt and Completion, even if one of them is 0.",
        ],
        ErrorsOf("""{ "Models": { "acme/small": { "Endpoints": [ { "PricePerMillion": { "CacheRead": 1 } } ] } } }"""));

    [Fact]
    public void Two_endpoints_of_a_model_cannot_be_the_same() => Assert.Equal(
        ["MeaiRouter:Models:acme/small:Endpoints:1:Tag: 'acme' with the model 'small-v1' is MeaiRouter:Models:acme/small:Endpoints:0 already."],
        ErrorsOf("""
            { "Models": { "acme/small": { "Endpoints": [
                { "Provider": "acme", "Model": "small-v1" },
                { "Provider": "acme", "Model": "small-v1" },
                { "Provider": "acme", "Model": "small-v1", "Tag": "acme/eu" },
                { "Provider": "acme", "Model": "small-v2" } ] } } }
            """));

    [Theory]
    [InlineData("""{ "Aliases": { "fast": "acme/smal" } }""", "MeaiRouter:Aliases:fast: 'acme/smal' is not a model. Did you mean 'acme/small'?")]
    [InlineData("""{ "Aliases": { "acme/small": "acme/small" } }""", "MeaiRouter:Aliases:acme/small: is the id of a model already.")]
    [InlineData("""{ "Aliases": { "fast": { "Model": "acme/small" } } }""", "MeaiRouter:Aliases:fast: must be a single value, not a section.")]
    [InlineData("""{ "Aliases": ["acme/smal"] }""", "MeaiRouter:Aliases:0: 'acme/smal' is not a model. Did you mean 'acme/small'?")]
    [InlineData("""{ "Routing": { "Strategy": "fastest" } }""",
        "MeaiRouter:Routing:Strategy: 'fastest' is not a strategy. Known: price-weighted, balanced, price, throughput, latency, weighted, round-robin, least-busy, usage, exacto.")]
    [InlineData("""{ "Routing": { "DefaultModel": "acme/smal" } }""",
        "MeaiRouter:Routing:DefaultModel: 'acme/smal' is neither a model nor an alias. Did you mean 'acme/small'?")]
    [InlineData("""{ "Routing": { "DefaultModels": "acme/small" } }""",
        "MeaiRouter:Routing:DefaultModels: 'DefaultModels' is not a setting. Did you mean 'DefaultModel'?")]
    [InlineData("""{ "Fallback": { "OnContentFiltered": "largercontext" } }""", "MeaiRouter:Fallback:OnContentFiltered: 'largercontext' is not one of never, always.")]
    [InlineData("""{ "Fallback": { "Hedging": { "Quantile": 1 } } }""", "MeaiRouter:Fallback:Hedging:Quantile: '1' is not a number from 0.001 to 0.999.")]
    [InlineData("""{ "Fallback": { "Hold": "-00:00:01" } }""",
        "MeaiRouter:Fallback:Hold: '-00:00:01' is not a duration of less than a day, such as 00:00:10 (hours:minutes:seconds), or 00:00:00 for none.")]
    [InlineData("""{ "Fallback": { "MaxAttempts": 0 } }""", "MeaiRouter:Fallback:MaxAttempts: '0' is not a whole number of at least 1.")]
    [InlineData("""{ "Presets": { "p": { "Models": ["acme/smal:nitro"] } } }""",
        "MeaiRouter:Presets:p:Models: 'acme/smal:nitro' is neither a model nor an alias. Did you mean 'acme/small'?")]
    [InlineData("""{ "Presets": { "p": { "Provider": { "Sort": "cheap" } } } }""",
        "MeaiRouter:Presets:p:Provider:Sort: 'cheap' is not one of price, throughput, latency, exacto.")]
    [InlineData("""{ "Presets": { "p": { "Provider": { "Sort": { "Partition": "none" } } } } }""", "MeaiRouter:Presets:p:Provider:Sort:By: is missing.")]
    [InlineData("""{ "Presets": { "p": { "Temperature": 3 } } }""", "MeaiRouter:Presets:p:Temperature: '3' is not a number from 0 to 2.")]
    [InlineData("""{ "Presets": { "p": { "Provider": { "PreferredMaxLatency": { "P95": 1 } } } } }""",
        "MeaiRouter:Presets:p:Provider:PreferredMaxLatency:P95: 'P95' is not a setting. Did you mean 'P75', 'P90' or 'P99'?")]
    [InlineData("""{ "Routing": { "Policy": { "DataCollection": "maybe" } } }""",
        "MeaiRouter:Routing:Policy:DataCollection: 'maybe' is not one of allow, deny.")]
    [InlineData("""{ "Routing": { "Policy": { "MaxPrice": { "Prompt": -1 } } } }""",
        "MeaiRouter:Routing:Policy:MaxPrice:Prompt: '-1' is not an amount of US dollars from 0 to 1000000, such as 0.5.")]
    [InlineData("""{ "Provders": {} }""", "MeaiRouter:Provders: 'Provders' is not a setting. Did you mean 'Providers'?")]
    [InlineData("""{ "Zzzzzzzzzz": 1 }""",
        "MeaiRouter:Zzzzzzzzzz: 'Zzzzzzzzzz' is not a setting. Known: Gateway, Dialects, Providers, Catalog, Models, Aliases, Routing, Presets, Budgets, ResponseCache, Normalization, Fallback.")]
    public void A_mistake_elsewhere_is_named_with_its_path(string mistake, string error) => Assert.Equal([error], ErrorsOf(mistake));

    [Theory]
    [InlineData("10")]
    [InlineData("00:10")]
    [InlineData("24:00:00")]
    [InlineData("1.00:00:00")]
    [InlineData("00:00:00")]
    [InlineData("-00:00:10")]
    [InlineData("10s")]
    public void A_duration_that_could_be_misread_is_refused(string duration) => Assert.Equal(
        [.. from key in (string[])["FirstContent", "WholeAnswer", "Idle", "Total"]
            select $"MeaiRouter:Fallback:{key}: '{duration}' is not a duration of more than zero and less than a day, "
                + "such as 00:00:10 (hours:minutes:seconds)."],
        ErrorsOf($$"""
            { "Fallback": { "FirstContent": "{{duration}}", "WholeAnswer": "{{duration}}", "Idle": "{{duration}}", "Total": "{{duration}}" } }
            """));

    [Fact]
    public void Without_the_section_the_models_are_missing()
    {
        string[] missing = ["MeaiRouter:Models: is missing. Without a model no request can be answered. Configure some, or set Catalog:BuiltIn to Models."];

        Assert.Equal(missing, ErrorsOf(Json.Root("""{ "Logging": { "LogLevel": "Debug" } }""")));
        Assert.Equal(missing, ErrorsOf(Json.Section("null")));
        Assert.Equal(missing, ErrorsOf(Json.Section("{}").GetSection("MeaiRouter")));
    }

    [Fact]
    public void All_errors_are_said_at_once()
    {
        var failure = Assert.Throws<MeaiRouterConfigurationException>(() => Read(Json.Section(Json.Smallest, """
            {
              "Providers": { "acme": { "BaseUrl": "nowhere", "ApiKey": "secret", "Colour": "red" }, "openai": null },
              "Models": { "acme/small": { "ContextLength": "big" } },
              "Routing": { "Strategy": "cheapest" },
              "Budgets": [ { "LimitUsd": 5 } ]
            }
            """)));

        string[] errors =
        [
            "MeaiRouter:Providers:acme:BaseUrl: must be an absolute http or https address, such as https://api.example.com/v1.",
            "MeaiRouter:Providers:openai:ApiKey: is missing. Set it, or the environment variable OPENAI_API_KEY.",
            "MeaiRouter:Models:acme/small:ContextLength: 'big' is not a whole number of at least 1.",
            "MeaiRouter:Routing:Strategy: 'cheapest' is not a strategy. Known: price-weighted, balanced, price, throughput, latency, weighted, round-robin, least-busy, usage, exacto.",
            "MeaiRouter:Budgets:0:Scope: is missing.",
            "MeaiRouter:Providers:acme:Colour: 'Colour' is not a setting. Known: Type, BaseUrl, ApiKey, ApiKeys, KeyHeader, Headers, Dialect, DataPolicy, Regions, PriceFactor, MaxConcurrency, QueueLimit, ...",
        ];
        Assert.Equal(errors, failure.Errors);
        Assert.Equal("The configuration of MeaiRouter has 6 errors:\n- " + string.Join("\n- ", errors), failure.Message);
    }

    [Fact]
    public void One_error_is_announced_as_one()
    {
        var failure = Assert.Throws<MeaiRouterConfigurationException>(() => Read(Json.Section(Json.Smallest, """{ "Modles": {} }""")));

        Assert.Equal(
            "The configuration of MeaiRouter has an error:\n- MeaiRouter:Modles: 'Modles' is not a setting. Did you mean 'Models'?",
            failure.Message);
    }

    [Fact]
    public void A_key_from_the_environment_that_cannot_be_sent_is_refused_without_showing_it()
    {
        var failure = Assert.Throws<MeaiRouterConfigurationException>(() => RouterConfiguration.Read(
            Json.Section(Json.Smallest, """{ "Providers": { "openai": {} } }"""),
            static _ => "secret\nkey"));

        Assert.Equal(
            ["MeaiRouter:Providers:openai:ApiKey: the environment variable OPENAI_API_KEY holds a character that cannot be sent in an HTTP header."],
            failure.Errors);
    }

    private static IReadOnlyList<string> ErrorsOf(string mistake) => ErrorsOf(Json.Section(Json.Smallest, mistake));

    private static IReadOnlyList<string> ErrorsOf(IConfiguration configuration) =>
        Assert.Throws<MeaiRouterConfigurationException>(() => Read(configuration)).Errors;

    private static RouterConfiguration Read(IConfiguration configuration) => RouterConfiguration.Read(configuration, static _ => null);
}

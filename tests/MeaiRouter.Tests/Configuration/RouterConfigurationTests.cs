using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Configuration;
using MeaiRouter.Dialects;
using MeaiRouter.Fallback;
using MeaiRouter.OpenAI;
using MeaiRouter.Policies;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Tests.Configuration;

public sealed class RouterConfigurationTests
{
    private const string Complete = """
        {
          "Providers": {
            "openai": { "ApiKey": " k0 " },
            "deepseek": {},
            "acme": {
              "Type": "openai-compatible", "BaseUrl": "http://127.0.0.1:9101/v1", "ApiKeys": ["k1", "k2"], "Dialect": "deepseek",
              "Headers": { "X-Team": "blue" }, "DataPolicy": { "Training": false, "Retention": "none" }, "Regions": ["eu"] },
            "proxy": { "Type": "openai", "BaseUrl": "https://proxy.example/openai", "ApiKey": "k3" } },
          "Models": {
            "acme/small": {
              "Name": "Acme Small", "ContextLength": 131072, "MaxOutputTokens": 8192,
              "InputModalities": ["text", "image"], "OutputModalities": ["text", "audio"],
              "Endpoints": [
                {
                  "Provider": "ACME", "Model": "small-v1", "Tag": "acme/eu",
                  "PricePerMillion": {
                    "Prompt": 0.5, "Completion": 1.5e0, "CacheRead": 0.05, "CacheWrite": 0.625, "CacheWrite1h": 1, "Reasoning": 2,
                    "AudioInput": 3, "AudioOutput": 4, "ImageInput": 5, "ImageOutput": 6, "Request": 0.001 },
                  "Quantization": "fp8", "SupportedParameters": ["tools", "temperature"], "Weight": 3, "QuotaDomain": "acme-eu",
                  "MaxConcurrency": 8, "QueueLimit": 0,
                  "ContextLength": 65536, "MaxOutputTokens": 4096, "InputModalities": ["text"],
                  "DataPolicy": { "Retention": "30 days" }, "Regions": ["eu-west", "eu-north"], "Dialect": "openai" },
                { "Provider": "acme", "Model": "small-v1" },
                { "Provider": "own", "Model": "small" } ] },
            "free": { "Id": "acme/small:free", "Endpoints": [ { "Provider": "openai", "Model": "o", "PricePerMillion": { "Prompt": 0, "Completion": 0 } } ] } },
          "Aliases": { "fast": "acme/small" },
          "Routing": { "Strategy": "price-weighted", "DefaultModel": "fast" },
          "Fallback": { "MaxAttempts": 5, "FirstContent": "0:00:05", "WholeAnswer": "00:01:00.5", "Idle": "00:00:20", "Total": "02:00:00",
            "Hold": "00:00:00.2", "HoldCharacters": 0, "RestartBroken": false, "AllowPrefill": true,
            "RetryAfterAtMost": "00:00:00", "OnContentFiltered": "always", "RequireFinishReason": false, "Hedging": { "Quantile": 0.9 } },
          "Gateway": { "AdminKey": "a", "Anything": { "At": "all" } }
        }
        """;

    [Fact]
    public void A_complete_configuration_is_read_to_the_last_setting()
    {
        var configuration = Read(Json.Section(Complete), name => name == "DEEPSEEK_API_KEY" ? "from-environment" : null);

        Assert.Equivalent(
            new Model("acme/small")
            {
                Name = "Acme Small",
                ContextLength = 131_072,
                MaxOutputTokens = 8_192,
                InputModalities = ["text", "image"],
                OutputModalities = ["text", "audio"],
                Endpoints =
                [
                    new ModelEndpoint("acme", "small-v1")
                    {
                        Tag = "acme/eu",
                        Price = new Price
                        {
                            Prompt = 0.5m,
                            Completion = 1.5m,
                            CacheRead = 0.05m,
                            CacheWrite = 0.625m,
                            CacheWrite1h = 1,
                            Reasoning = 2,
                            AudioInput = 3,
                            AudioOutput = 4,
                            ImageInput = 5,
                            ImageOutput = 6,
                            Request = 0.001m,
                        },
                        Quantization = "fp8",
                        SupportedParameters = ["tools", "temperature"],
                        Weight = 3,
                        QuotaDomain = "acme-eu",
                        MaxConcurrency = 8,
                        QueueLimit = 0,
                        ContextLength = 65_536,
                        MaxOutputTokens = 4_096,
                        InputModalities = ["text"],
                        DataPolicy = new DataPolicy { Training = false, Retention = "30 days" },
                        Regions = ["eu-west", "eu-north"],
                        Dialect = DialectOf("openai"),
                    },
                    new ModelEndpoint("acme", "small-v1")
                    {
                        DataPolicy = new DataPolicy { Training = false, Retention = "none" },
                        Regions = ["eu"],
                        Dialect = DialectOf("deepseek"),
                    },
                    new ModelEndpoint("own", "small"),
                ],
            },
            configuration.Catalog.Find("fast"),
            strict: true);
        Assert.Equivalent(
            new Model("acme/small:free")
            {
                Endpoints = [new ModelEndpoint("openai", "o") { Price = Price.Free, Dialect = DialectOf("openai") }],
            },
            configuration.Catalog.Find("acme/small:free"),
            strict: true);
        Assert.Equal(["acme/small", "acme/small:free"], configuration.Catalog.Models.Select(m => m.Id).Order());
        Assert.Equal([new("fast", "acme/small")], configuration.Catalog.Aliases);

        Assert.Equal(
            [
                "acme http://127.0.0.1:9101/v1 [k1 k2] [X-Team: blue] deepseek",
                $"deepseek {BaseUrlOf("deepseek")} [from-environment] [] deepseek",
                $"openai {BaseUrlOf("openai")} [k0] [] openai",
                "proxy https://proxy.example/openai [k3] [] openai",
            ],
            configuration.Providers.Values.Select(Describe).Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                new("MeaiRouter:Models:acme/small:Endpoints:0:Provider", "ACME"),
                new("MeaiRouter:Models:acme/small:Endpoints:1:Provider", "acme"),
                new("MeaiRouter:Models:acme/small:Endpoints:2:Provider", "own"),
                new("MeaiRouter:Models:free:Endpoints:0:Provider", "openai"),
            ],
            configuration.ProviderReferences);

        Assert.Equivalent(
            new FallbackOptions
            {
                MaxAttempts = 5,
                FirstContent = TimeSpan.FromSeconds(5),
                WholeAnswer = TimeSpan.FromSeconds(60.5),
                Idle = TimeSpan.FromSeconds(20),
                Total = TimeSpan.FromHours(2),
                Hold = TimeSpan.FromMilliseconds(200),
                HoldCharacters = 0,
                RetryAfterAtMost = TimeSpan.Zero,
                OnContentFiltered = RetryElsewhere.Always,
                RequireFinishReason = false,
                Hedging = new HedgingOptions { Quantile = 0.9 },
                RestartBroken = false,
                AllowPrefill = true,
            },
            Applied(configuration.Fallback),
            strict: true);
        Assert.Equal("fast", Applied(configuration.Routing).DefaultModel);
        Assert.Same(RoutingStrategies.PriceWeighted, Applied(configuration.Routing).Strategy);
    }

    [Fact]
    public void What_is_not_set_keeps_its_default()
    {
        var configuration = Read(Json.Section(Json.Smallest));

        Assert.Equivalent(
            new Model("acme/small") { Endpoints = [new ModelEndpoint("acme", "small-v1")] }, configuration.Catalog.Find("acme/small"), strict: true);
        Assert.Equal(["acme http://127.0.0.1:9101/v1 [] [] none"], configuration.Providers.Values.Select(Describe));
        Assert.Equivalent(new FallbackOptions(), Applied(configuration.Fallback), strict: true);
        Assert.Same(RoutingStrategies.Balanced, Applied(configuration.Routing).Strategy);
        Assert.Null(Applied(configuration.Routing).DefaultModel);
    }

    [Fact]
    public void Null_and_empty_mean_not_set()
    {
        var configuration = Read(Json.Section(Json.Smallest, """
            {
              "Providers": { "acme": { "ApiKey": null, "ApiKeys": [], "Headers": {}, "DataPolicy": null, "Dialect": " ", "Regions": [] } },
              "Models": { "acme/small": { "Name": "", "ContextLength": null, "InputModalities": [], "Endpoints": [
                { "Weight": "", "PricePerMillion": { "Prompt": null, "Completion": null, "CacheRead": "" } } ] } },
              "Aliases": {}, "Presets": {}, "Budgets": [], "Routing": null, "Fallback": { "MaxAttempts": null }, "Gateway": null
            }
            """));

        Assert.Equivalent(
            new Model("acme/small") { Endpoints = [new ModelEndpoint("acme", "small-v1")] }, configuration.Catalog.Find("acme/small"), strict: true);
        Assert.Equal(["acme http://127.0.0.1:9101/v1 [] [] none"], configuration.Providers.Values.Select(Describe));
        Assert.Equivalent(new FallbackOptions(), Applied(configuration.Fallback), strict: true);
    }

    [Fact]
    public void A_price_with_everything_it_may_have_is_read_and_a_discount_of_the_provider_is_on_all_of_it()
    {
        var configuration = Read(Json.Section(
            Json.Smallest,
            """
            { "Providers": { "acme": { "PriceFactor": 0.5 } },
              "Models": { "acme/small": { "Endpoints": [ { "PricePerMillion": {
                "Prompt": 2, "Completion": 10, "VideoInput": 4, "Image": 0.002, "WebSearch": 0.01, "ToolUnit": 0.02,
                "Version": "2026-12", "EffectiveFrom": "2026-12-01",
                "ServiceTiers": { "flex": { "Prompt": 1, "Completion": 5 } },
                "Overrides": [
                  { "MinPromptTokens": 128000, "Prompt": 3 }, { "MinPromptTokens": 200000, "Prompt": 4 },
                  { "UtcStart": "16:30", "UtcEnd": "0030", "Completion": 8 }, { "UtcStart": "00:30", "UtcEnd": "08:00", "Completion": 9 },
                  { "ServiceTier": "Flex", "Region": "eu", "Batch": false, "EffectiveFrom": "2027-01-01T08:00:00Z", "Version": "2027-01", "Request": 0.5 } ]
              } } ] } } }
            """));

        Assert.Equal(
            new Price
            {
                Prompt = 1, Completion = 5, VideoInput = 2, Image = 0.001m, WebSearch = 0.005m, ToolUnit = 0.01m, Version = "2026-12",
                EffectiveFrom = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero),
                Overrides =
                [
                    new PriceOverride { ServiceTier = "flex", Prompt = 0.5m, Completion = 2.5m },
                    new PriceOverride { MinPromptTokens = 128_000, Prompt = 1.5m },
                    new PriceOverride { MinPromptTokens = 200_000, Prompt = 2 },
                    new PriceOverride { UtcStart = new(16, 30), UtcEnd = new(0, 30), Completion = 4 },
                    new PriceOverride { UtcStart = new(0, 30), UtcEnd = new(8, 0), Completion = 4.5m },
                    new PriceOverride
                    {
                        ServiceTier = "flex", Region = "eu", Batch = false, EffectiveFrom = new DateTimeOffset(2027, 1, 1, 8, 0, 0, TimeSpan.Zero),
                        Version = "2027-01", Request = 0.25m,
                    },
                ],
            },
            configuration.Catalog.Find("acme/small")?.Endpoints[0].Price);
    }

    [Fact]
    public void An_endpoints_own_factor_stands_instead_of_its_providers()
    {
        var configuration = Read(Json.Section(
            Json.Smallest,
            """
            { "Providers": { "acme": { "PriceFactor": 0.5 } },
              "Models": { "acme/small": { "Endpoints": [ { "PriceFactor": 1.2, "PricePerMillion": { "Prompt": 1, "Completion": 2 } } ] } } }
            """));

        Assert.Equal(Price.PerMillion(1.2m, 2.4m), configuration.Catalog.Find("acme/small")?.Endpoints[0].Price);
    }

    [Fact]
    public void A_price_per_request_alone_is_a_price()
    {
        var configuration = Read(Json.Section(
            Json.Smallest, """{ "Models": { "acme/small": { "Endpoints": [ { "PricePerMillion": { "Request": 0.005 } } ] } } }"""));

        Assert.Equal(new Price { Request = 0.005m }, configuration.Catalog.Find("acme/small")?.Endpoints[0].Price);
    }

    [Fact]
    public void Models_may_be_a_list_of_ids()
    {
        var configuration = Read(Json.Section("""
            {
              "Providers": { "acme": { "BaseUrl": "https://acme.example/v1" } },
              "Models": [ { "Id": "acme/small:free", "Endpoints": [ { "Provider": "acme", "Model": "small-v1" } ] } ]
            }
            """));

        Assert.Equal(["acme/small:free"], configuration.Catalog.Models.Select(m => m.Id));
    }

    [Fact]
    public void A_known_provider_without_a_key_variable_needs_no_key()
    {
        var keyless = KnownProviders.All.First(p => p.KeyVariables.Count == 0);

        var configuration = Read(Json.Section(Json.Smallest, $$"""{ "Providers": { "{{keyless.Name}}": {} } }"""));

        Assert.Equal($"{keyless.Name} {keyless.Address()} [] [] {keyless.Name}", Describe(configuration.Providers[keyless.Name]));
    }

    [Fact]
    public void The_root_and_the_section_read_the_same()
    {
        var root = Json.Section(Json.Smallest);

        Assert.Equivalent(
            Read(root).Catalog.Models, Read(root.GetSection("MeaiRouter")).Catalog.Models, strict: true);
    }

    [Fact]
    public void A_section_under_another_name_is_read_with_its_own_paths()
    {
        var root = Json.Root($$"""{ "Ai": { "MeaiRouter": {{Json.Smallest}} }, "Own": {{Json.Smallest}} }""");

        Assert.Equal("Ai:MeaiRouter:Models:acme/small:Endpoints:0:Provider", Read(root.GetSection("Ai")).ProviderReferences[0].Path);
        Assert.Equal("Own:Models:acme/small:Endpoints:0:Provider", Read(root.GetSection("Own")).ProviderReferences[0].Path);
    }

    [Fact]
    public void Environment_variables_overlay_the_file()
    {
        var variables = new Dictionary<string, string>
        {
            ["MeaiRouterTests_MeaiRouter__Providers__ACME__ApiKeys__0"] = "from-environment",
            ["MeaiRouterTests_MeaiRouter__Models__acme/small__Endpoints__0__PricePerMillion__Prompt"] = "0.25",
            ["MeaiRouterTests_MeaiRouter__Models__acme/small__Endpoints__0__PricePerMillion__Completion"] = "1",
            ["MeaiRouterTests_MeaiRouter__Fallback__MaxAttempts"] = "2",
        };
        foreach (var (name, value) in variables)
            Environment.SetEnvironmentVariable(name, value);

        try
        {
            var configuration = Read(new ConfigurationBuilder()
                .AddConfiguration(Json.Section(Json.Smallest))
                .AddEnvironmentVariables("MeaiRouterTests_")
                .Build());

            Assert.Equal(["from-environment"], configuration.Providers["acme"].ApiKeys);
            Assert.Equal(Price.PerMillion(0.25m, 1), configuration.Catalog.Find("acme/small")?.Endpoints[0].Price);
            Assert.Equal(2, Applied(configuration.Fallback).MaxAttempts);
        }
        finally
        {
            foreach (var name in variables.Keys)
                Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public void Nothing_configured_shows_its_keys_as_text()
    {
        var configuration = Read(Json.Section(Json.Smallest, """{ "Providers": { "acme": { "ApiKey": "secret", "Headers": { "X": "secret" } } } }"""));

        Assert.DoesNotContain("secret", configuration.Providers["acme"].ToString());
        Assert.DoesNotContain("secret", configuration.ToString());
    }

    private static RouterConfiguration Read(IConfiguration configuration, Func<string, string?>? environmentVariable = null) =>
        RouterConfiguration.Read(configuration, environmentVariable ?? (static _ => null));

    private static TOptions Applied<TOptions>(Action<TOptions> configure)
        where TOptions : new()
    {
        var options = new TOptions();
        configure(options);
        return options;
    }

    private static Dialect DialectOf(string provider) =>
        KnownProviders.TryGet(provider, out var known) ? known.Dialect : throw new ArgumentException("not known", nameof(provider));

    private static Uri BaseUrlOf(string provider) =>
        KnownProviders.TryGet(provider, out var known) ? known.Address() : throw new ArgumentException("not known", nameof(provider));

    private static string Describe(ProviderConfiguration provider) =>
        $"{provider.Name} {provider.BaseUrl} [{string.Join(' ', provider.ApiKeys)}] "
        + $"[{string.Join(", ", provider.Headers.Select(h => $"{h.Key}: {h.Value}"))}] {provider.Traits.Rules?.Name ?? "none"}";

    [Fact]
    public void Presets_and_the_apps_policy_are_read_whole()
    {
        var settings = RouterConfiguration.Read(Json.Section(Json.Smallest, """
            {
              "Aliases": { "fast": "acme/small:nitro" },
              "Presets": { "Support": {
                "Models": ["fast", "acme/small:floor"],
                "Provider": { "Order": ["acme"], "AllowFallbacks": false, "DataCollection": "deny", "Zdr": true, "Quantizations": ["fp8"],
                  "Sort": { "By": "latency", "Partition": "none" }, "PreferredMinThroughput": 20, "PreferredMaxLatency": { "P90": 1.5 },
                  "MaxPrice": { "Prompt": 1, "Completion": 2.5 } },
                "Strategy": "least-busy", "System": "Be brief.", "Temperature": 0.2, "MaxOutputTokens": 100, "StopSequences": ["END"] } },
              "Routing": { "DefaultModel": "acme/small:nitro",
                "Policy": { "AllowedModels": ["acme/*"], "IgnoredProviders": ["nobody"], "Regions": ["eu"], "Zdr": true } }
            }
            """), static _ => null);
        var options = new RoutingOptions();
        settings.Routing(options);

        var preset = options.Presets["support"];
        Assert.Equal(["fast", "acme/small:floor"], preset.Models);
        Assert.Equal(("Be brief.", 0.2f, 100), (preset.System, preset.Temperature, preset.MaxOutputTokens));
        Assert.Equal(["END"], preset.StopSequences);
        var preferences = preset.Preferences;
        Assert.Equal(["acme"], preferences.Order);
        Assert.Equal(["fp8"], preferences.Quantizations);
        Assert.Equal((false, DataCollection.Deny, true, "least-busy"), (preferences.AllowFallbacks, preferences.DataCollection, preferences.ZeroDataRetention, preferences.Strategy));
        Assert.Equal(new SortPreference(EndpointSort.Latency, SortPartition.None), preferences.Sort);
        Assert.Equal(new PercentileCutoffs { P50 = 20 }, preferences.PreferredMinThroughput);
        Assert.Equal(new PercentileCutoffs { P90 = 1.5 }, preferences.PreferredMaxLatency);
        Assert.Equal(new PriceCeiling { Prompt = 1, Completion = 2.5m }, preferences.MaxPrice);

        Assert.Equal(("app", true), (options.Policy!.Name, options.Policy.ZeroDataRetention));
        Assert.Equal(["acme/*"], options.Policy.AllowedModels);
        Assert.Equal(["nobody"], options.Policy.IgnoredProviders);
        Assert.Equal(["eu"], options.Policy.Regions);
        Assert.Equal("acme/small:nitro", options.DefaultModel);
    }
}

using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Core.Tests.Policies;
using MeaiRouter.Endpoints;
using MeaiRouter.Keys;
using MeaiRouter.Policies;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using MeaiRouter.Text;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

/// <summary>What holds of every plan, over random catalogues and requests. The rules are written down here a second time, in their simplest form.</summary>
public sealed class PlanPropertyTests
{
    private static readonly string[] Tags = ["a", "a/eu", "b", "b/priority", "c/flex", "c/eu", "d"];
    private static readonly string[] Providers = ["a", "b", "c", "d"];

    private static readonly EndpointChatClient Terminal = new(Providers.ToDictionary(
        provider => provider, IChatClient (provider) => TakesKeys(provider) ? new KeyedFake("own") : new FakeChatClient()));

    private static readonly string[] ModelIds = ["acme/small", "acme/large", "zeta/one"];
    private static readonly string[] Parameters = ["tools", "max_tokens"];
    private static readonly string[] Regions = ["eu", "us"];
    private static readonly string?[] Precisions = [null, "fp4", "nvfp4", "fp8", "mxfp8", "bf16"];

    [Fact]
    public void No_plan_holds_what_a_rule_forbids_and_everything_is_in_it_or_has_a_reason()
    {
        var random = new Random(5);
        var (planned, refused) = (0, 0);
        for (var round = 0; round < 4_000; round++)
        {
            var catalog = RandomCatalog(random);
            var app = random.Next(3) == 0 ? RandomPolicies.Next(random) : null;
            var own = random.Next(3) == 0 ? RandomPolicies.Next(random) : null;
            var preferences = RandomPreferences(random);
            var message = new ChatMessage(ChatRole.User, random.Next(4) == 0 ? [new DataContent(new byte[] { 1 }, "image/png")] : [new TextContent(new string('x', random.Next(400)))]);
            var options = new ChatOptions
            {
                ModelId = ModelIds[0],
                MaxOutputTokens = random.Next(3) == 0 ? random.Next(1, 100) : null,
                Tools = random.Next(3) == 0 ? [new HostedWebSearchTool()] : null,
            }.WithRouting(preferences).WithRouteSeed((ulong)round);
            if (own is not null)
                options.WithPolicy(own);
            if (random.Next(5) == 0)
                options.WithDataClass("pii");
            var isPersonal = options.GetDataClasses().Count > 0;
            ProviderKeyUse?[] uses = [.. Providers.Select(_ => random.Next(4) == 0 ? (ProviderKeyUse?)random.Next(3) : null)];
            foreach (var (provider, use) in Providers.Zip(uses))
            {
                if (use is { } how)
                    options.WithProviderKey(provider, new ProviderKey("of-" + provider, "secret"), how);
            }

            var router = new RouterChatClient(Terminal, catalog, new RoutingOptions { Policy = app });
            RoutingPolicy[] policies = [.. new[] { app, own }.OfType<RoutingPolicy>()];
            var all = preferences.Models.Select(entry => entry.Model).Prepend(ModelIds[0]).Distinct().SelectMany(id => catalog.Find(id)!.Endpoints.Select(endpoint => (Model: catalog.Find(id)!, Endpoint: endpoint))).ToList();
            ProviderKeyUse? UseOf(ModelEndpoint endpoint) => uses[Array.IndexOf(Providers, endpoint.Provider)];
            bool Allowed(Model model, ModelEndpoint endpoint)
            {
                var entry = preferences.Models.FirstOrDefault(entry => entry.Model == model.Id && !entry.IsPlain);
                var longest = entry?.MaxOutputTokens ?? options.MaxOutputTokens;
                return IsAllowed(model, endpoint, entry?.Preferences?.Over(preferences) ?? preferences, policies, options, longest, message, isPersonal)
                    && (TakesKeys(endpoint.Provider) || UseOf(endpoint) != ProviderKeyUse.Always);
            }


            RoutePlan plan;
            try
            {
                plan = router.Explain([message], options);
            }
            catch (RouterException exception)
            {
                refused++;
                Assert.Equal(FailureKind.NoEndpoint, exception.Kind);
                Assert.DoesNotContain(all, pair => Allowed(pair.Model, pair.Endpoint));
                Assert.Equal(all.Count == 0, exception.ExcludedBy.Count == 0);
                Assert.All(all, pair => Assert.Contains(pair.Endpoint.ToString(), exception.Message, StringComparison.Ordinal));
                continue;
            }

            planned++;
            Assert.All(plan.Candidates, candidate => Assert.True(Allowed(candidate.Model, candidate.Endpoint)));
            Assert.Equal(
                all.Select(pair => (pair.Model.Id, pair.Endpoint.Tag)).Order(),
                plan.Candidates.Select(c => (c.Model.Id, c.Endpoint.Tag)).Concat(plan.Excluded.Select(e => (e.Model.Id, e.Endpoint.Tag))).Distinct().Order());
            Assert.Equal(plan.Candidates.Count, plan.Candidates.Select(c => (c.Model.Id, c.Endpoint.Tag, c.Key?.Name)).Distinct().Count());
            AssertKeys(plan, UseOf);
            Assert.All(plan.Excluded, excluded =>
            {
                Assert.NotEmpty(excluded.Reason);
                Assert.True(excluded.Filter is "tools" or "allow_fallbacks" || (excluded.Filter == "provider_key" && UseOf(excluded.Endpoint) == ProviderKeyUse.Always) || !Allowed(excluded.Model, excluded.Endpoint));
            });
            Assert.Equal(plan.ToString(), router.Explain([message], options).ToString());
        }

        Assert.True(planned > 500 && refused > 500, $"{planned} planned, {refused} refused");
    }

    /// <summary>Every key is used where it can be, in the section its use says, and the provider's own keys wherever they may be.</summary>
    private static void AssertKeys(RoutePlan plan, Func<ModelEndpoint, ProviderKeyUse?> useOf)
    {
        foreach (var (model, candidates) in plan.Candidates.GroupBy(candidate => candidate.Model.Id).Select(group => (group.Key, group.ToList())))
        {
            var sections = candidates.Select(candidate => candidate.Key is null ? 1 : useOf(candidate.Endpoint) == ProviderKeyUse.Fallback ? 2 : 0);
            Assert.Equal(sections.Order(), sections);
            Assert.All(candidates, candidate => Assert.True(candidate.Key is null
                ? useOf(candidate.Endpoint) != ProviderKeyUse.Always
                : candidate.Key.Name == "of-" + candidate.Endpoint.Provider && TakesKeys(candidate.Endpoint.Provider)));
            if (plan.Excluded.All(excluded => excluded.Filter != "allow_fallbacks" || excluded.Model.Id != model))
            {
                Assert.All(
                    candidates.Where(candidate => candidate.Key is null && useOf(candidate.Endpoint) is not null && TakesKeys(candidate.Endpoint.Provider)),
                    shared => Assert.Contains(candidates, other => other.Key is not null && other.Endpoint == shared.Endpoint));
            }
        }
    }

    private static bool TakesKeys(string provider) => provider is "a" or "c";

    private static bool IsAllowed(
        Model model, ModelEndpoint endpoint, RoutingPreferences preferences, RoutingPolicy[] policies, ChatOptions options, int? longest, ChatMessage message,
        bool isPersonal)
    {
        bool Means(string slug) => endpoint.Tag == slug || (endpoint.Tag.StartsWith(slug + "/", StringComparison.Ordinal) && !IsTier(endpoint));
        bool Covers(string slug) => endpoint.Tag == slug || endpoint.Provider == slug;
        string[] Precision(string name) => name switch { "fp4" => ["fp4", "nvfp4"], "fp8" => ["fp8", "mxfp8"], _ => [name] };
        var ceilings = policies.Select(policy => policy.MaxPrice).Append(preferences.MaxPrice).OfType<PriceCeiling>().ToList();
        var parameters = new[] { longest is null ? null : "max_tokens", options.Tools is null ? null : "tools" }.OfType<string>();
        var limit = endpoint.ContextLength ?? model.ContextLength;
        var hasImage = message.Contents[0] is DataContent;
        var tokens = 4 + (hasImage ? 1_000 : (message.Text.Length + 3) / 4) + (options.Tools is [var tool] ? ToolTokens(message.Text.Length, hasImage, tool) : 0);

        return (!IsTier(endpoint) || preferences.Only.Contains(endpoint.Tag) || preferences.Order.Contains(endpoint.Tag))
            && (!hasImage || model.InputModalities.Contains("image"))
            && !(tokens + (longest ?? 0) > limit)
            && !(longest > model.MaxOutputTokens)
            && (preferences.RequireParameters != true || parameters.All(endpoint.SupportedParameters.Contains))
            && ((!preferences.ZeroDataRetention && policies.All(p => !p.ZeroDataRetention)) || endpoint.DataPolicy?.Retention == "none")
            && ((preferences.DataCollection != DataCollection.Deny && policies.All(p => p.DataCollection == DataCollection.Allow)) || endpoint.DataPolicy?.Training == false)
            && policies.All(p => p.Regions.Count == 0 || (endpoint.Regions.Count > 0 && endpoint.Regions.All(p.Regions.Contains)))
            && (!isPersonal || endpoint.DataPolicy?.AllowedDataClasses.Contains("pii") == true)
            && (preferences.EnforceDistillableText != true || model.AllowsDistillation == true)
            && (preferences.Quantizations.Count == 0 || preferences.Quantizations.SelectMany(Precision).Contains(endpoint.Quantization ?? "unknown"))
            && (ceilings.Count == 0 || (endpoint.Price is { } price && ceilings.All(c => !(price.Prompt > c.Prompt) && !(price.Completion > c.Completion))))
            && (preferences.Only.Count == 0 || preferences.Only.Any(Means))
            && !preferences.Ignore.Any(Means)
            && policies.All(p => p.AllowedModels.Count == 0 || NamePattern.MatchesAny(model.Id, p.AllowedModels))
            && policies.All(p => !NamePattern.MatchesAny(model.Id, p.IgnoredModels))
            && policies.All(p => p.AllowedProviders.Count == 0 || p.AllowedProviders.Any(Covers))
            && policies.All(p => !p.IgnoredProviders.Any(Covers))
            && (preferences.AllowFallbacks != false || preferences.Order.Count == 0 || preferences.Order.Any(Means));
    }

    // The characters of the tool join those of the text before they are rounded up to tokens.
    private static int ToolTokens(int text, bool hasImage, AITool tool)
    {
        var before = hasImage ? 0 : text;
        return (before + tool.Name.Length + tool.Description.Length + 3) / 4 - (before + 3) / 4;
    }

    private static bool IsTier(ModelEndpoint endpoint) => endpoint.Tag is "b/priority" or "c/flex";

    private static ModelCatalog RandomCatalog(Random random) => new(ModelIds.Select(id => new Model(id)
    {
        ContextLength = random.Next(3) == 0 ? random.Next(200) + 1 : null,
        MaxOutputTokens = random.Next(3) == 0 ? random.Next(100) + 1 : null,
        InputModalities = random.Next(2) == 0 ? ["text", "image"] : ["text"],
        AllowsDistillation = random.Next(3) switch { 0 => null, 1 => false, _ => true },
        Endpoints =
        [
            .. Tags.Where(_ => random.Next(3) > 0).Select(tag => new ModelEndpoint(tag.Split('/')[0], "x")
            {
                Tag = tag,
                Price = random.Next(5) == 0 ? null : Price.PerMillion(random.Next(8), random.Next(80)),
                ContextLength = random.Next(4) == 0 ? random.Next(400) + 1 : null,
                Quantization = Precisions[random.Next(Precisions.Length)],
                SupportedParameters = [.. Parameters.Where(_ => random.Next(3) > 0)],
                Regions = [.. Regions.Where(_ => random.Next(2) == 0)],
                DataPolicy = random.Next(4) == 0 ? null : new DataPolicy
                {
                    Retention = random.Next(2) == 0 ? "none" : "30 days",
                    Training = random.Next(2) == 0 ? false : null,
                    AllowedDataClasses = random.Next(2) == 0 ? ["pii"] : [],
                },
            }),
        ],
    }));

    private static RoutingPreferences RandomPreferences(Random random)
    {
        bool Rarely() => random.Next(6) == 0;
        string[] Slugs() => random.Next(4) == 0 ? [.. Tags.Append("c").Where(_ => random.Next(2) == 0)] : [];
        ModelFallback Entry(string id) => random.Next(3) > 0 ? id : new ModelFallback(id)
        {
            MaxOutputTokens = random.Next(2) == 0 ? random.Next(1, 100) : null,
            Preferences = random.Next(3) == 0 ? null : new()
            {
                Order = Slugs(), Only = Slugs(), Ignore = Slugs(), AllowFallbacks = Rarely() ? random.Next(2) == 0 : null, ZeroDataRetention = Rarely(),
                MaxPrice = Rarely() ? new() { Prompt = random.Next(8) } : null,
            },
        };
        return new()
        {
            Models = [.. ModelIds.Where(_ => random.Next(2) == 0).Select(Entry)],
            Order = Slugs(),
            Only = Slugs(),
            Ignore = random.Next(2) == 0 ? Slugs() : [],
            AllowFallbacks = Rarely() ? false : null,
            RequireParameters = Rarely() ? true : null,
            DataCollection = Rarely() ? DataCollection.Deny : null,
            ZeroDataRetention = Rarely(),
            EnforceDistillableText = Rarely() ? true : null,
            Quantizations = Rarely() ? ["fp8", "bf16"] : Rarely() ? ["fp4", "unknown"] : [],
            MaxPrice = Rarely() ? new() { Prompt = random.Next(8), Completion = random.Next(80) } : null,
        };
    }
}

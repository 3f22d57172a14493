using MeaiRouter.Attempts;
using MeaiRouter.Budgets;
using MeaiRouter.Catalog;
using MeaiRouter.Registration;
using MeaiRouter.Routing;
using MeaiRouter.Tests.Configuration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Tests.Registration;

public sealed class ReloadTests : IDisposable
{
    private const string Base = """
        {
          "Providers": { "acme": { "BaseUrl": "http://one.example/v1", "ApiKey": "k1" } },
          "Models": { "m": { "Endpoints": [ { "Provider": "acme", "Model": "m1", "PricePerMillion": { "Prompt": 1, "Completion": 10 } } ] } },
          "Routing": { "DefaultModel": "m", "Strategy": "price" }
        }
        """;

    private readonly MadeClients _clients = new();
    private readonly LogLines _log = new();

    public void Dispose() => _log.Dispose();

    public static TheoryData<string, Func<IChatClient, RoutePlan, string>, string, string> Settings { get; } = new()
    {
        { """{ "Routing": { "Strategy": "latency" } }""", (_, plan) => plan.Strategy, "price", "latency" },
        { """{ "Routing": { "DefaultModel": "n" }, "Models": { "n": { "Endpoints": [ { "Provider": "acme", "Model": "n1" } ] } } }""", (_, plan) => plan.Candidates[0].Endpoint.Model, "m1", "n1" },
        { """{ "Models": { "m": { "Endpoints": [ { "Weight": 7 } ] } } }""", (_, plan) => $"{plan.Candidates[0].Endpoint.Weight}", "1", "7" },
        { """{ "Aliases": { "x": "m" } }""", (client, _) => Outcome(() => Explain(client, "x").Candidates[0].Model.Id), "UnknownModel", "m" },
        { """{ "Presets": { "p": { "Temperature": 0.5 } } }""", (client, _) => Outcome(() => $"{Explain(client, "@preset/p").Candidates.Count}"), "InvalidRequest", "1" },
        { """{ "Routing": { "Policy": { "IgnoredProviders": ["acme"] } } }""", (client, _) => Outcome(() => $"{Explain(client, "m").Candidates.Count}"), "1", "NoEndpoint" },
        { """{ "Dialects": { "house": { "Tools": { "MaxCount": 3 } } }, "Providers": { "acme": { "Dialect": "house" } } }""", (_, plan) => $"{plan.Candidates[0].Endpoint.Dialect.Tools.MaxCount}", "", "3" },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void What_routes_a_request_follows_the_configuration(string change, Func<IChatClient, RoutePlan, string> observe, string before, string after)
    {
        var (configuration, services) = Router();
        using var provider = services;
        var client = provider.GetRequiredService<IChatClient>();
        Assert.Equal(before, observe(client, Explain(client, null)));

        configuration.Write(Base, change);

        Assert.Equal(after, observe(client, OrNone(client)));
    }

    [Theory]
    [InlineData("""{ "Providers": { "acme": { "ApiKey": "k2" } } }""", "one.example k2", true)]
    [InlineData("""{ "Providers": { "acme": { "BaseUrl": "http://two.example/v1" } } }""", "two.example k1", true)]
    [InlineData("""{ "Providers": { "acme": { "Headers": { "X-Team": "blue" } } } }""", "one.example k1", true)]
    [InlineData("""{ "Providers": { "acme": { "KeyHeader": "x-api-key" } } }""", "one.example k1", true)]
    [InlineData("""{ "Providers": { "acme": { "Dialect": "deepseek" } } }""", "one.example k1", true)]
    [InlineData("""{ "Providers": { "acme": { "MaxConcurrency": 3, "Regions": ["eu"] } }, "Fallback": { "MaxAttempts": 2 } }""", "one.example k1", false)]
    public async Task A_provider_has_another_client_exactly_if_what_makes_it_has_changed(string change, string answer, bool isAnother)
    {
        var (configuration, services) = Router();
        using var provider = services;
        var client = provider.GetRequiredService<IChatClient>();
        Assert.Equal("one.example k1", (await client.GetResponseAsync("Hello")).Text);

        configuration.Write(Base, change);

        Assert.Equal(answer, (await client.GetResponseAsync("Hello")).Text);
        Assert.Equal(isAnother ? [1, 0] : [0], _clients.All.Select(made => made.Disposals));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_under_way_ends_with_the_configuration_it_began_with_and_then_its_client_is_disposed(bool streaming)
    {
        var (configuration, services) = Router();
        using var provider = services;
        var client = provider.GetRequiredService<IChatClient>();
        var gate = new TaskCompletionSource();
        _clients.Gate = gate.Task;
        var called = _clients.NextCall();
        var request = Asked(client, streaming);
        var old = await called;

        configuration.Write("""
            {
              "Providers": { "other": { "BaseUrl": "http://other.example/v1", "ApiKey": "o1" } },
              "Models": { "n": { "Endpoints": [ { "Provider": "other", "Model": "n1" } ] } },
              "Routing": { "DefaultModel": "n" }
            }
            """);
        Assert.Equal(0, old.Disposals);
        Assert.Equal(["n"], provider.GetRequiredService<ModelCatalog>().Models.Select(model => model.Id));

        gate.SetResult();
        Assert.Equal("one.example k1", (await request).Text);
        Assert.Equal(1, old.Disposals);
        Assert.Equal("other.example o1", (await Asked(client, streaming)).Text);
        Assert.Equal([1, 0], _clients.All.Select(made => made.Disposals));

        provider.Dispose();
        Assert.Equal([1, 1], _clients.All.Select(made => made.Disposals));
    }

    [Fact]
    public async Task A_fallback_after_the_reload_still_goes_where_the_request_was_planned_to()
    {
        const string Two = """{ "Models": { "m": { "Endpoints": [ {}, { "Provider": "backup", "Model": "m2" } ] } }, "Providers": { "backup": { "BaseUrl": "http://backup.example/v1", "ApiKey": "b1" } } }""";
        var (configuration, services) = Router(Base, Two);
        using var provider = services;
        var client = provider.GetRequiredService<IChatClient>();
        _clients.OnCall = (made, _) =>
        {
            if (made.Options.Provider == "acme")
            {
                configuration.Write(Base);
                throw new RouterException(FailureKind.Overloaded, "Too much.");
            }
        };

        Assert.Equal("backup.example b1", (await client.GetResponseAsync("Hello")).Text);
        Assert.Equal(1, _clients.All.Single(made => made.Options.Provider == "backup").Disposals);
    }

    [Fact]
    public async Task A_wrong_configuration_leaves_all_of_the_old_in_force_and_says_once_everything_that_is_wrong()
    {
        var (configuration, services) = Router();
        using var provider = services;
        var client = provider.GetRequiredService<IChatClient>();
        var live = provider.GetRequiredService<LiveCatalog>();

        const string Wrong = """{ "Providers": { "acme": { "ApiKey": "k2" } }, "Routing": { "Strategy": "latency", "DefaultModel": "gone" }, "Fallback": { "MaxAttempts": 0 } }""";
        configuration.Write(Base, Wrong);
        configuration.Write(Base, Wrong);

        Assert.Equal("one.example k1", (await client.GetResponseAsync("Hello")).Text);
        Assert.Equal("price", Explain(client, null).Strategy);
        const string Why = """
            The configuration of MeaiRouter has 2 errors:
            - MeaiRouter:Routing:DefaultModel: 'gone' is neither a model nor an alias. Known: m.
            - MeaiRouter:Fallback:MaxAttempts: '0' is not a whole number of at least 1.
            """;
        Assert.Equal([$"Error The changed configuration cannot be used; the one before stays in force. {Why}"], _log.Lines);
        Assert.Equal(Why, live.LastError);

        configuration.Write(Base, """{ "Routing": { "Strategy": "latency" } }""");

        Assert.Equal("latency", Explain(client, null).Strategy);
        Assert.Null(live.LastError);
        Assert.Equal("Information The changed configuration is in force for every request that begins from now on. Taken over: Routing:Strategy.", _log.Lines[^1]);
        Assert.Equal(2, _log.Lines.Count);
    }

    [Fact]
    public void What_only_the_whole_shows_to_be_wrong_is_refused_and_leaves_no_client_behind()
    {
        var (configuration, services) = Router();
        using var provider = services;
        var client = provider.GetRequiredService<IChatClient>();

        configuration.Write(Base, """{ "Providers": { "acme": { "ApiKey": "k2" }, "idle": { "BaseUrl": "http://idle.example", "Resilience": { "Timeout": "00:00:01" } } }, "Models": { "m": { "Endpoints": [ { "Provider": "nobody" } ] } } }""");

        Assert.Contains("'nobody' is not a provider. Known: acme, idle.", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.Equal("price", Explain(client, null).Strategy);
        Assert.Equal([0], _clients.All.Select(made => made.Disposals));
    }

    [Fact]
    public async Task What_the_apps_own_code_throws_while_a_change_is_taken_over_refuses_the_change_and_nothing_else()
    {
        var isBroken = false;
        var (configuration, services) = Router(
            [Base], router => router.ConfigureResilience(_ =>
            {
                if (isBroken)
                    throw new UnauthorizedAccessException("Access to the secrets is denied.");
            }));
        using var provider = services;
        var client = provider.GetRequiredService<IChatClient>();

        const string Resilient = """{ "Providers": { "acme": { "Resilience": { "Timeout": "00:00:05" } } } }""";
        isBroken = true;
        configuration.Write(Base, Resilient, """{ "Providers": { "acme": { "ApiKey": "k2" } } }""");

        Assert.Equal("one.example k1", (await client.GetResponseAsync("Hello")).Text);
        Assert.Equal([0, 1], _clients.All.Select(made => made.Disposals));
        const string Why = """
            The configuration of MeaiRouter has an error:
            - MeaiRouter: Access to the secrets is denied.
            """;
        Assert.Equal([$"Error The changed configuration cannot be used; the one before stays in force. {Why}"], _log.Lines);
        Assert.Equal(Why, provider.GetRequiredService<LiveCatalog>().LastError);

        isBroken = false;
        configuration.Write(Base, Resilient, """{ "Providers": { "acme": { "ApiKey": "k3" } } }""");

        Assert.Equal("one.example k3", (await client.GetResponseAsync("Hello")).Text);
        Assert.Null(provider.GetRequiredService<LiveCatalog>().LastError);
    }

    [Fact]
    public async Task A_listener_of_the_catalogue_that_throws_does_not_leave_a_change_half_in_force()
    {
        var (configuration, services) = Router();
        using var provider = services;
        var client = provider.GetRequiredService<IChatClient>();
        provider.GetRequiredService<LiveCatalog>().Changed += static (_, _) => throw new InvalidOperationException("The listener's own fault.");

        configuration.Write(Base, """{ "Providers": { "acme": { "ApiKey": "k2" } } }""");

        Assert.Equal("one.example k2", (await client.GetResponseAsync("Hello")).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_cannot_be_disposed_neither_spoils_the_last_answer_nor_keeps_the_others_from_it(bool streaming)
    {
        const string Two = """{ "Providers": { "backup": { "BaseUrl": "http://backup.example/v1", "ApiKey": "b1" } } }""";
        var (configuration, services) = Router(Base, Two);
        using var provider = services;
        var client = provider.GetRequiredService<IChatClient>();
        var gate = new TaskCompletionSource();
        _clients.Gate = gate.Task;
        _clients.OnDispose = made => throw new InvalidOperationException("The client's own fault.");
        var called = _clients.NextCall();
        var request = Asked(client, streaming);
        await called;
        configuration.Write(Base, Two, """{ "Providers": { "acme": { "ApiKey": "k2" }, "backup": { "ApiKey": "b2" } } }""");

        gate.SetResult();

        Assert.Equal("one.example k1", (await request).Text);
        Assert.Equal(["b1 1", "b2 0", "k1 1", "k2 0"], _clients.All.Select(made => $"{made.Options.ApiKeys[0]} {made.Disposals}").Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                "Warning The client of the provider acme is no longer used, and its Dispose failed.",
                "Warning The client of the provider backup is no longer used, and its Dispose failed.",
            ],
            _log.Lines.Where(static line => line.StartsWith("Warning", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_reload_that_changes_nothing_here_changes_nothing()
    {
        var (configuration, services) = Router();
        using var provider = services;
        var client = provider.GetRequiredService<IChatClient>();
        var router = client.GetService<RouterChatClient>();

        configuration.Write(Base);

        Assert.Same(router, client.GetService<RouterChatClient>());
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void What_changed_before_the_pipeline_was_built_is_not_missed()
    {
        var (configuration, services) = Router();
        using var provider = services;
        configuration.Write(Base, """{ "Routing": { "Strategy": "latency" } }""");

        Assert.Equal("latency", Explain(provider.GetRequiredService<IChatClient>(), null).Strategy);
    }

    [Fact]
    public async Task Limits_change_and_what_was_spent_stays()
    {
        const string Budget = """{ "Budgets": [ { "Scope": "global", "LimitUsd": 1 } ] }""";
        var (configuration, services) = Router(Base, Budget);
        using var provider = services;
        var client = provider.GetRequiredService<IChatClient>();
        var book = provider.GetRequiredService<BudgetBook>();
        await client.GetResponseAsync("Hello", new ChatOptions { MaxOutputTokens = 100 });
        var spent = Assert.Single(await book.SnapshotAsync()).Spent;
        Assert.True(spent > default(Pricing.NanoUsd));

        configuration.Write(Base, """{ "Budgets": [ { "Scope": "global", "LimitUsd": 0.000001 } ] }""");

        var balance = Assert.Single(await book.SnapshotAsync());
        Assert.Equal((spent, 0.000001m), (balance.Spent, balance.Budget.LimitUsd));
        var refused = await Assert.ThrowsAsync<RouterException>(() => client.GetResponseAsync("Hello", new ChatOptions { MaxOutputTokens = 100 }));
        Assert.NotNull(refused.BudgetRefusal);
    }

    [Fact]
    public async Task What_is_known_of_endpoints_and_conversations_survives()
    {
        const string Two = """{ "Routing": { "Strategy": "price" }, "Models": { "m": { "Endpoints": [ {}, { "Provider": "backup", "Model": "m2", "PricePerMillion": { "Prompt": 2, "Completion": 20, "CacheRead": 0.2 } } ] } }, "Providers": { "backup": { "BaseUrl": "http://backup.example/v1", "ApiKey": "b1" } } }""";
        var (configuration, services) = Router(Base, Two);
        using var provider = services;
        var client = provider.GetRequiredService<IChatClient>();
        _clients.OnCall = (made, _) =>
        {
            if (made.Options.Provider == "acme")
                throw new RouterException(FailureKind.Overloaded, "Too much.");
        };
        for (var i = 0; i < 5; i++)
            await client.GetResponseAsync("Hello");
        Assert.Equal("backup", Explain(client, null).Candidates[0].Endpoint.Provider);

        configuration.Write(Base, Two, """{ "Fallback": { "MaxAttempts": 7 }, "Providers": { "backup": { "ApiKey": "b2" } } }""");

        Assert.Equal("backup", Explain(client, null).Candidates[0].Endpoint.Provider);
        Assert.Equal("backup.example b2", (await client.GetResponseAsync("Hello")).Text);
    }

    [Fact]
    public async Task A_place_at_a_limited_provider_is_held_also_by_requests_of_the_configuration_before()
    {
        const string Limit = """{ "Providers": { "acme": { "MaxConcurrency": 1, "QueueLimit": 0 } } }""";
        var (configuration, services) = Router(Base, Limit);
        using var provider = services;
        var client = provider.GetRequiredService<IChatClient>();
        var gate = new TaskCompletionSource();
        _clients.Gate = gate.Task;
        var called = _clients.NextCall();
        var first = client.GetResponseAsync("Hello");
        await called;

        configuration.Write(Base, Limit, """{ "Routing": { "Strategy": "latency" } }""");

        var refused = await Assert.ThrowsAsync<RouterException>(() => client.GetResponseAsync("Hello"));
        Assert.Equal(FailureKind.Saturated, refused.Kind);
        gate.SetResult();
        await first;
        Assert.Equal("one.example k1", (await client.GetResponseAsync("Hello")).Text);
    }

    [Fact]
    public async Task Hundreds_of_reloads_under_load_lose_no_request_and_leak_no_client()
    {
        var (configuration, services) = Router();
        using var provider = services;
        var client = provider.GetRequiredService<IChatClient>();
        using var end = new CancellationTokenSource();
        _clients.OnCall = static (_, _) => Thread.Yield();
        var callers = Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            var answers = 0;
            while (!end.IsCancellationRequested)
            {
                Assert.StartsWith("one.example k", (await Asked(client, streaming: i % 2 == 0)).Text, StringComparison.Ordinal);
                answers++;
            }

            return answers;
        })).ToList();

        for (var reload = 1; reload <= 300; reload++)
        {
            configuration.Write(Base, $$"""{ "Providers": { "acme": { "ApiKey": "k{{reload}}" } } }""", reload % 3 == 0 ? """{ "Fallback": { "MaxAttempts": 0 } }""" : "{}");
            if (reload % 20 == 0)
                await Task.Yield();
        }

        await end.CancelAsync();
        Assert.All(await Task.WhenAll(callers), answers => Assert.NotEqual(0, answers));

        // Every third was wrong, and the first said what was in force already.
        Assert.Equal(200, _clients.All.Count);
        Assert.Equal([0], _clients.All.Where(made => made.Disposals != 1).Select(made => made.Disposals));
        Assert.Equal("one.example k299", (await client.GetResponseAsync("Hello")).Text);
        provider.Dispose();
        Assert.All(_clients.All, made => Assert.Equal(1, made.Disposals));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_is_written_anew_comes_into_force_while_requests_run(bool streaming)
    {
        var folder = Directory.CreateTempSubdirectory("reload").FullName;
        var file = Path.Combine(folder, "meairouter.json");
        Write("k1");
        var root = new ConfigurationBuilder().AddJsonFile(file, optional: false, reloadOnChange: true).Build();
        using (root as IDisposable)
        {
            var services = new ServiceCollection();
            services.AddSingleton<ProviderClientFactory>(_clients.Make);
            services.AddMeaiRouter(root);
            using var provider = services.BuildServiceProvider();
            var client = provider.GetRequiredService<IChatClient>();

            foreach (var key in (string[])["k2", "k3"])
            {
                var answer = (await Asked(client, streaming)).Text;
                Write(key);
                using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
                while (!answer.EndsWith(key, StringComparison.Ordinal) && !patience.IsCancellationRequested)
                    answer = (await Asked(client, streaming)).Text;
                Assert.Equal($"one.example {key}", answer);
            }
        }

        Directory.Delete(folder, recursive: true);

        void Write(string key) => File.WriteAllText(file, $$"""{ "$schema": "./meairouter.schema.json", "MeaiRouter": {{Base.Replace("k1", key, StringComparison.Ordinal)}} }""");
    }

    private static Task<ChatResponse> Asked(IChatClient client, bool streaming) =>
        streaming ? client.GetStreamingResponseAsync("Hello").ToChatResponseAsync() : client.GetResponseAsync("Hello");

    private static RoutePlan Explain(IChatClient client, string? model) =>
        client.GetService<RouterChatClient>()!.Explain([new ChatMessage(ChatRole.User, "Hello")], new ChatOptions { ModelId = model });

    // One that permits nothing has no plan to look at.
    private static RoutePlan OrNone(IChatClient client)
    {
        try
        {
            return Explain(client, null);
        }
        catch (RouterException)
        {
            return null!;
        }
    }

    private static string Outcome(Func<string> explain)
    {
        try
        {
            return explain();
        }
        catch (RouterException failure)
        {
            return $"{failure.Kind}";
        }
    }

    private (LiveJson Configuration, ServiceProvider Services) Router(params string[] layers) => Router(layers, static _ => { });

    private (LiveJson Configuration, ServiceProvider Services) Router(string[] layers, Action<MeaiRouterBuilder> complete)
    {
        var configuration = new LiveJson(layers.Length == 0 ? [Base] : layers);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_log));
        services.AddSingleton<ProviderClientFactory>(_clients.Make);
        complete(services.AddMeaiRouter(configuration.Root));
        return (configuration, services.BuildServiceProvider());
    }
}

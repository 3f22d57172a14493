using MeaiRouter.Costs;
using MeaiRouter.Routing;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MeaiRouter.Aspire.Tests;

/// <summary>Real calls by connection strings alone.</summary>
public sealed class RoutedCallTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_connections_named_in_code_are_one_router_that_falls_back(bool streaming)
    {
        await using var cloud = await ScriptedProvider.StartAsync("cloud");
        await using var local = await ScriptedProvider.StartAsync("local");
        cloud.RequireKey("sk-cloud").ForModel("large-v1").Always(Fault.Unavailable());
        local.ForModel("phi").Always(Reply.Text("from here"));
        var builder = App.With(("chat", $"Endpoint={cloud.BaseUrl};Key=sk-cloud;Model=large-v1"), ("local", $"Endpoint={local.BaseUrl};Model=phi"));

        builder.AddMeaiRouter("router", settings =>
        {
            settings.Connections.Add("chat");
            settings.Connections.Add("local");
        });
        using var app = builder.Build();
        await app.StartAsync();
        var client = app.Services.GetRequiredService<IChatClient>();
        var whole = await client.AskAsync(streaming);
        var one = await client.AskAsync(streaming, model: "local");

        Assert.Equal(("from here", "router"), (whole.Text, whole.GetRouteTrace()?.Answer?.Model?.Id));
        Assert.Equal(("from here", "local"), (one.Text, one.GetRouteTrace()?.Answer?.Model?.Id));
        Assert.Equal("local", one.GetRouteTrace()?.Attempts.Single().Provider);
        Assert.Equal("router", client.GetService<ChatClientMetadata>()?.DefaultModelId);
    }

    [Fact]
    public async Task A_connection_string_of_the_routers_own_name_is_enough()
    {
        await using var provider = await ScriptedProvider.StartAsync("acme");
        provider.RequireKey("sk-1").ForModel("small-v1").Always(Reply.Text("Hi"));
        var builder = App.With(("chat", $"Endpoint={provider.BaseUrl};Key=sk-1;Deployment=small-v1"));

        builder.AddMeaiRouter("chat");
        using var app = builder.Build();
        var response = await app.Services.GetRequiredService<IChatClient>().GetResponseAsync("Hello");

        Assert.Equal(("Hi", "chat"), (response.Text, response.GetRouteTrace()?.Answer?.Model?.Id));
        Assert.Equal(1, provider.RequestCount);
    }

    [Fact]
    public async Task Endpoints_of_a_configured_model_name_connections_and_keep_what_is_said_of_them()
    {
        await using var first = await ScriptedProvider.StartAsync("first");
        await using var second = await ScriptedProvider.StartAsync("second");
        first.ForModel("own-name").Always(Fault.Unavailable());
        second.ForModel("phi").Always(Reply.Text("Hi").WithUsage(prompt: 1_000, completion: 1_000));
        var builder = App.With(
            """
            { "Aspire": { "MeaiRouter": { "router": {
                "Models": { "fast": { "Endpoints": [
                  { "Connection": "chat", "Model": "own-name", "PricePerMillion": { "Prompt": 0, "Completion": 0 } },
                  { "Connection": "local", "PricePerMillion": { "Prompt": 1, "Completion": 2 }, "Tag": "cellar" } ] } },
                "Routing": { "Strategy": "price", "DefaultModel": "fast" } } } } }
            """,
            ("chat", $"Endpoint={first.BaseUrl};Key=sk-1;Model=not-this-one"),
            ("local", $"Endpoint={second.BaseUrl};Model=phi"));

        builder.AddMeaiRouter("router");
        using var app = builder.Build();
        var response = await app.Services.GetRequiredService<IChatClient>().GetResponseAsync("Hello");

        Assert.Equal(["chat", "cellar"], response.GetRouteTrace()?.Attempts.Select(attempt => attempt.Endpoint?.Tag));
        var record = Assert.Single(Assert.IsType<InMemoryLedger>(app.Services.GetRequiredService<ILedger>()).Records);
        Assert.Equal(0.003m, record.Cost?.ToUsd());
    }

    [Fact]
    public async Task Two_routers_side_by_side_have_their_own_models_and_share_what_stands_above_them()
    {
        await using var provider = await ScriptedProvider.StartAsync("acme");
        provider.ForModel("a").Always(Reply.Text("from a"));
        provider.ForModel("b").Always(Reply.Text("from b"));
        var builder = App.With(
            """
            { "Aspire": { "MeaiRouter": {
                "Aliases": { "shared": "both" },
                "Models": { "both": { "Endpoints": [ { "Connection": "chat-a" } ] } },
                "left": { "Connections": [ "chat-a" ] },
                "right": { "Connections": [ "chat-b" ] } } } }
            """,
            ("chat-a", $"Endpoint={provider.BaseUrl};Model=a"),
            ("chat-b", $"Endpoint={provider.BaseUrl};Model=b"));

        builder.AddMeaiRouter("left");
        builder.AddKeyedMeaiRouter("right");
        using var app = builder.Build();
        await app.StartAsync();
        var left = app.Services.GetRequiredService<IChatClient>();
        var right = app.Services.GetRequiredKeyedService<IChatClient>("right");

        Assert.Equal("from a", (await left.GetResponseAsync("Hello")).Text);
        Assert.Equal("from b", (await right.GetResponseAsync("Hello")).Text);
        Assert.Equal("from a", (await right.AskAsync(streaming: false, model: "shared")).Text);
        Assert.Equal("from b", (await right.AskAsync(streaming: true, model: "chat-b")).Text);
    }

    [Fact]
    public async Task A_service_that_the_app_references_is_found_by_its_name()
    {
        await using var gateway = await ScriptedProvider.StartAsync("gateway");
        gateway.RequireKey("sk-team").ForModel("acme/small").Always(Reply.Text("Hi"));
        var builder = App.With(
            $$"""{ "services": { "gateway": { "http": [ "{{gateway.BaseUrl.GetLeftPart(UriPartial.Authority)}}" ] } } }""",
            ("chat", "Endpoint=https+http://gateway;Key=sk-team;Model=acme/small"));

        builder.AddMeaiRouter("chat");
        using var app = builder.Build();
        var response = await app.Services.GetRequiredService<IChatClient>().GetResponseAsync("Hello");

        Assert.Equal("Hi", response.Text);
    }

    [Fact]
    public async Task Handlers_that_an_app_gives_all_its_HTTP_clients_are_not_in_the_way()
    {
        await using var provider = await ScriptedProvider.StartAsync("acme");
        provider.ForModel("small").Always(Fault.Unavailable());
        var builder = App.With(("chat", $"Endpoint={provider.BaseUrl};Model=small"));
        var handled = 0;
        builder.Services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new Twice(() => Interlocked.Increment(ref handled))));
        builder.Services.AddHttpClient();

        builder.AddMeaiRouter("chat");
        using var app = builder.Build();
        var exception = await Assert.ThrowsAsync<MeaiRouter.Attempts.RouterException>(() => app.Services.GetRequiredService<IChatClient>().GetResponseAsync("Hello"));

        // The same handler is in every client of the factory's.
        using var others = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        using var answer = await others.GetAsync(new Uri(provider.BaseUrl, "/"));
        Assert.Equal(1, handled);
        Assert.Equal(exception.Attempts.Count, provider.RequestsFor("small").Count);
    }

    /// <summary>Sends everything twice, as a handler does that retries.</summary>
    private sealed class Twice(Action handled) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            handled();
            using var first = await base.SendAsync(request, cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}

using MeaiRouter.Configuration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MeaiRouter.Aspire.Tests;

public sealed class ErrorTests
{
    private const string Local = "Endpoint=http://localhost:5001/v1;Key=sk-secret;Model=m";

    [Fact]
    public void A_router_of_nothing_names_both_places_where_something_could_be()
    {
        var exception = Assert.ThrowsAny<InvalidOperationException>(() => App.With().AddMeaiRouter("router"));

        Assert.Equal(
            "The configuration of MeaiRouter has an error:\n"
            + "- ConnectionStrings:router: is missing, and Aspire:MeaiRouter:router has neither Connections nor Models. In the app host reference a model, "
            + "WithReference(chat, connectionName: \"router\"), or name the connection strings of models in Aspire:MeaiRouter:router:Connections.",
            exception.Message);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_with_the_path_where_it_was_written()
    {
        var builder = App.With(
            """
            { "MeaiRouter": { "Fallback": { "MaxAttempts": "many" }, "Providers": { "acme": { "BaseUrl": "nowhere" } } },
              "Aspire": { "MeaiRouter": {
                "DisableTracin": true, "DisableMetrics": "perhaps", "Normalization": { "Compresion": true },
                "router": {
                  "Modles": { "a": { } },
                  "Models": { "fast": { "Endpoints": [ { "Connection": "chat" }, { "Connection": "lcoal" }, { "Connection": "whole" }, { "Conection": "chat" } ] } } } } } }
            """,
            ("chat", Local), ("whole", "Endpoint=http://localhost:5001/v1;Key=sk-secret"));

        var exception = Assert.Throws<MeaiRouterConfigurationException>(() => builder.AddKeyedMeaiRouter("router", settings => settings.Connections.Add("missing")));

        Assert.Equal(
            [
                "Aspire:MeaiRouter:DisableMetrics: 'perhaps' is not true or false.",
                "Aspire:MeaiRouter:DisableTracin: 'DisableTracin' is not a setting. Did you mean 'DisableTracing'?",
                "Aspire:MeaiRouter:Normalization:Compresion: 'Compresion' is not a setting. Did you mean 'Compression'?",
                "Aspire:MeaiRouter:router:Models:fast:Endpoints:3:Conection: 'Conection' is not a setting.",
                "Aspire:MeaiRouter:router:Models:fast:Endpoints:3:Model: is missing.",
                "Aspire:MeaiRouter:router:Models:fast:Endpoints:3:Provider: is missing.",
                "Aspire:MeaiRouter:router:Modles: 'Modles' is not a setting. Did you mean 'Models'?",
                "ConnectionStrings:lcoal: is missing, and Aspire:MeaiRouter:router:Models:fast:Endpoints:1:Connection needs it. In the app host reference the resource: "
                    + "WithReference(lcoal). Elsewhere set it: Endpoint=...;Key=...;Model=...",
                "ConnectionStrings:missing: is missing, and Aspire:MeaiRouter:router:Connections needs it. In the app host reference the resource: "
                    + "WithReference(missing). Elsewhere set it: Endpoint=...;Key=...;Model=...",
                "ConnectionStrings:whole: names no model. Reference a model of the resource rather than the resource, or give the endpoint a Model beside its Connection.",
                "MeaiRouter:Fallback:MaxAttempts: 'many' is not a whole number of at least 1.",
                "MeaiRouter:Providers:acme:BaseUrl: must be an absolute http or https address, such as https://api.example.com/v1.",
            ],
            exception.Errors.Order(StringComparer.Ordinal).Select(static error => error.Split(" Known:")[0]));
        Assert.DoesNotContain("sk-secret", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_accounts_cannot_be_one_provider()
    {
        var builder = App.With(
            """{ "MeaiRouter": { "Models": { "m": { "Endpoints": [ { "Connection": "a", "Provider": "p" }, { "Connection": "b", "Provider": "p" } ] } } } }""",
            ("a", Local), ("b", "Endpoint=http://localhost:5002/v1;Key=sk-secret;Model=m"));

        var exception = Assert.Throws<MeaiRouterConfigurationException>(() => builder.AddMeaiRouter("router"));

        Assert.Contains("ConnectionStrings:b: cannot be the provider 'p', which has another address or key. Give its endpoint another name as Provider.", exception.Errors);
    }

    [Theory]
    [InlineData("models")]
    [InlineData("DisableTracing")]
    [InlineData("a:b")]
    public void A_router_cannot_be_named_like_a_setting(string name)
    {
        var exception = Assert.Throws<ArgumentException>(() => App.With((name, Local)).AddMeaiRouter(name));

        Assert.StartsWith($"A router cannot be named '{name}': Aspire:MeaiRouter:{name} is not the section of a router.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void A_router_has_a_name(string? name)
    {
        Assert.ThrowsAny<ArgumentException>(() => App.With().AddMeaiRouter(name!));
        Assert.ThrowsAny<ArgumentException>(() => App.With().AddKeyedMeaiRouter(name!));
        Assert.Throws<ArgumentNullException>(() => default(IHostApplicationBuilder)!.AddMeaiRouter("router"));
    }

    [Fact]
    public async Task An_endpoint_at_a_provider_that_nobody_added_is_found_when_the_app_starts()
    {
        var builder = App.With(
            """{ "Aspire": { "MeaiRouter": { "router": { "Models": { "m": { "Endpoints": [ { "Connection": "chat" }, { "Provider": "azur", "Model": "m" } ] } } } } } }""",
            ("chat", Local));
        builder.AddMeaiRouter("router");
        using var app = builder.Build();

        var exception = await Assert.ThrowsAsync<MeaiRouterConfigurationException>(() => app.StartAsync());

        Assert.StartsWith("Aspire:MeaiRouter:router:Models:m:Endpoints:1:Provider: 'azur' is not a provider.", Assert.Single(exception.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_only_code_can_make_is_added_to_the_router()
    {
        var builder = App.With(
            """{ "MeaiRouter": { "Models": { "m": { "Endpoints": [ { "Provider": "azure", "Model": "deployment" } ] } }, "Routing": { "DefaultModel": "m" } } }""");
        using var own = new Canned();
        builder.AddMeaiRouter("router").AddProvider("azure", own);
        using var app = builder.Build();
        await app.StartAsync();

        Assert.Equal("deployment", (await app.Services.GetRequiredService<IChatClient>().GetResponseAsync("Hello")).Text);
    }

    [Fact]
    public async Task A_change_that_names_a_missing_connection_leaves_the_router_as_it_is_and_says_why()
    {
        // A stream of JSON cannot be read again, as a file can.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["ConnectionStrings:chat"] = Local;
        builder.Configuration["MeaiRouter:Models:m:Endpoints:0:Connection"] = "chat";
        builder.AddMeaiRouter("router");
        using var app = builder.Build();
        await app.StartAsync();
        var live = app.Services.GetRequiredService<MeaiRouter.Catalog.LiveCatalog>();

        var changes = builder.Configuration;
        changes["MeaiRouter:Models:m:Endpoints:0:Connection"] = "gone";
        ((IConfigurationRoot)changes).Reload();
        Assert.Equal(["m"], live.Current.Catalog.Models.Select(model => model.Id));
        Assert.Equal("m", live.Current.Catalog.Find("m")!.Endpoints.Single().Model);
        Assert.Equal(
            "The configuration of MeaiRouter has an error:\n"
            + "- ConnectionStrings:gone: is missing, and MeaiRouter:Models:m:Endpoints:0:Connection needs it. In the app host reference the resource: "
            + "WithReference(gone). Elsewhere set it: Endpoint=...;Key=...;Model=...",
            live.LastError);

        changes["MeaiRouter:Models:m:Endpoints:0:Connection"] = "chat";
        changes["MeaiRouter:Models:n:Endpoints:0:Connection"] = "chat";
        ((IConfigurationRoot)changes).Reload();
        Assert.Equal(["m", "n"], live.Current.Catalog.Models.Select(model => model.Id).Order());
    }

    /// <summary>Answers with the model it is asked for.</summary>
    private sealed class Canned : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, options?.ModelId)) { FinishReason = ChatFinishReason.Stop });

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}

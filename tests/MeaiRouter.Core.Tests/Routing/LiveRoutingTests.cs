using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Endpoints;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

public sealed class LiveRoutingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("catalogue-").FullName;

    private string Models => Path.Combine(_folder, "models.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_is_planned_by_the_catalogue_in_force_when_it_begins(bool streaming)
    {
        Write("acme/old");
        using var source = Source();
        using var live = new LiveCatalog([source], ["openrouter"]);
        using var router = Router(live);

        var before = await router.AskAsync(streaming, new ChatOptions { ModelId = "acme/old" });
        Write("acme/new");
        Assert.True(source.Reload());
        var after = await router.AskAsync(streaming, new ChatOptions { ModelId = "acme/new" });

        Assert.Equal(("Hello", "Hello"), (before.Text, after.Text));
        Assert.Equal("acme/new", after.Trace().Answer!.Model!.Id);
        Assert.Null(router.CatalogError);
        Assert.Equal("'acme/old' is not a model of the catalogue.", (await router.AskInVainAsync(streaming, new ChatOptions { ModelId = "acme/old" })).Message);
    }

    [Fact]
    public async Task A_catalogue_the_router_cannot_use_leaves_the_older_one_in_force_and_says_why()
    {
        Write("acme/old");
        using var source = Source();
        using var live = new LiveCatalog([source], ["openrouter"]);
        using var router = Router(live, new RoutingOptions { DefaultModel = "acme/old" });

        Write("acme/new");
        source.Reload();

        Assert.Equal("acme/old", (await router.AskAsync(streaming: false)).Trace().Answer!.Model!.Id);
        Assert.Contains("acme/old", router.CatalogError, StringComparison.Ordinal);
    }

    private static RouterChatClient Router(LiveCatalog live, RoutingOptions? options = null) =>
        new(new EndpointChatClient(new Dictionary<string, IChatClient> { ["openrouter"] = FakeChatClient.Answering("Hello") }), live, options);

    private FileCatalogSource Source() => new(Models, json => OpenRouterCatalog.Parse(json), new FileCatalogOptions { Interval = Timeout.InfiniteTimeSpan });

    private void Write(string model) => File.WriteAllText(
        Models, $$"""{ "data": [ { "id": "{{model}}", "name": "M", "context_length": 1000, "pricing": { "prompt": "0.000001", "completion": "0.000002" } } ] }""");
}

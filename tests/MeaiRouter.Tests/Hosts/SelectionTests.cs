using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Tests.Configuration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Tests.Hosts;

/// <summary>How hosts find the router: by type, by key, by the model in its metadata, and never anything behind it.</summary>
public sealed class SelectionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_router_has_metadata_that_names_its_default_model(bool registered)
    {
        await using var pipeline = HostedPipeline.Of(registered, new FakeChatClient());

        var metadata = pipeline.Client.GetService<ChatClientMetadata>();

        Assert.Equal(("meairouter", TestPipeline.ModelId), (metadata?.ProviderName, metadata?.DefaultModelId));
        Assert.Same(metadata, pipeline.Client.GetService<ChatClientMetadata>());
    }

    [Fact]
    public async Task A_router_without_a_default_model_has_metadata_too()
    {
        var services = new ServiceCollection();
        services.AddMeaiRouter(Json.Section(Json.Smallest));
        await using var provider = services.BuildServiceProvider();

        var metadata = provider.GetRequiredService<IChatClient>().GetService<ChatClientMetadata>();

        Assert.Equal(("meairouter", null), (metadata?.ProviderName, metadata?.DefaultModelId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tool_invoking_client_behind_the_router_is_never_handed_out(bool registered)
    {
        var provider = new FakeChatClient { Service = new FunctionInvokingChatClient(new FakeChatClient()) };
        await using var pipeline = HostedPipeline.Of(registered, provider, FakeChatClient.Answering("Hello"));
        var router = pipeline.Client;

        Assert.Null(router.GetService<FunctionInvokingChatClient>());
        Assert.Null(router.GetService(typeof(FunctionInvokingChatClient), "fake"));
        Assert.Null(router.GetService<FakeChatClient>());
    }

    [Fact]
    public async Task A_tool_invoking_client_before_the_router_is_found_so_that_no_host_adds_another()
    {
        var services = new ServiceCollection();
        HostedPipeline.Register(services, TimeProvider.System, new FakeChatClient())
            .ConfigurePipeline(pipeline => pipeline.Use(inner => new FunctionInvokingChatClient(inner)))
            .AddModelClient("fast");
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IChatClient>();

        Assert.Same(client, client.GetService<FunctionInvokingChatClient>());
        Assert.Same(client, provider.GetRequiredKeyedService<IChatClient>("fast").GetService<FunctionInvokingChatClient>());
        Assert.Equal(TestPipeline.ModelId, client.GetService<ChatClientMetadata>()?.DefaultModelId);
    }

    [Fact]
    public async Task No_provider_is_among_the_chat_clients_of_the_services_with_or_without_a_key()
    {
        var services = new ServiceCollection();
        HostedPipeline.Register(services, TimeProvider.System, new FakeChatClient(), new FakeChatClient());
        await using var provider = services.BuildServiceProvider();

        var router = Assert.Single(provider.GetServices<IChatClient>());

        Assert.Same(router, provider.GetService<IChatClient>());
        Assert.Empty(provider.GetKeyedServices<IChatClient>(KeyedService.AnyKey));
        Assert.Null(router.GetService<FakeChatClient>());
        Assert.All(services.Where(service => typeof(IChatClient).IsAssignableFrom(service.ServiceType)), service => Assert.False(service.IsKeyedService));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_client_is_found_by_key_and_by_the_model_in_its_metadata_and_asks_for_that_model(bool streaming)
    {
        var fake = FakeChatClient.Answering("Hello");
        var services = new ServiceCollection();
        HostedPipeline.Register(services, TimeProvider.System, fake).AddModelClient("fast").AddModelClient("fast:floor", "cheap");
        await using var provider = services.BuildServiceProvider();
        var clients = Keys(services).Select(key => provider.GetRequiredKeyedService<IChatClient>(key)).ToList();
        var byModel = clients.First(client => client.GetService<ChatClientMetadata>()!.DefaultModelId == "fast");

        var (asked, kernel) = (new ChatOptions { Temperature = 0.5f }, new KernelOptions(this));
        var own = await byModel.AskAsync(streaming, asked);
        var subclass = await provider.GetRequiredKeyedService<IChatClient>("cheap").AskAsync(streaming, kernel);
        var bare = await byModel.AskAsync(streaming);

        Assert.Same(provider.GetRequiredKeyedService<IChatClient>("fast"), byModel);
        Assert.Equal(["fast", "fast:floor", "fast"], new[] { own, subclass, bare }.Select(response => response.Trace().RequestedModel));
        Assert.Equal((null, null), (asked.ModelId, kernel.ModelId));
        Assert.Equal(["large-a", "large-a", "large-a"], fake.Calls.Select(call => call.Given!.ModelId));
        Assert.Equal([typeof(ChatOptions), typeof(KernelOptions), typeof(ChatOptions)], fake.Calls.Select(call => call.Given!.GetType()));
        Assert.Equal(0.5f, fake.Calls[0].Given!.Temperature);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_that_the_request_names_goes_before_the_clients(bool streaming)
    {
        var services = new ServiceCollection();
        HostedPipeline.Register(services, TimeProvider.System, FakeChatClient.Answering("Hello")).AddModelClient("fast");
        await using var provider = services.BuildServiceProvider();

        var response = await provider.GetRequiredKeyedService<IChatClient>("fast").AskAsync(streaming, new ChatOptions { ModelId = TestPipeline.ModelId });

        Assert.Equal(TestPipeline.ModelId, response.Trace().RequestedModel);
    }

    [Fact]
    public async Task The_router_stays_the_last_chat_client_and_is_disposed_only_with_the_services()
    {
        var services = new ServiceCollection();
        HostedPipeline.Register(services, TimeProvider.System, FakeChatClient.Answering("Hello")).AddModelClient("fast").AddModelClient("fast:nitro");
        await using var provider = services.BuildServiceProvider();

        provider.GetRequiredKeyedService<IChatClient>("fast").Dispose();

        Assert.Equal(["fast", "fast:nitro", null], Keys(services));
        Assert.Null(provider.GetRequiredKeyedService<IChatClient>("fast").GetService<FunctionInvokingChatClient>());
        Assert.Equal("Hello", (await provider.GetRequiredService<IChatClient>().AskAsync(streaming: false)).Text);
    }

    [Fact]
    public async Task A_router_under_a_key_has_model_clients_of_its_own()
    {
        var services = new ServiceCollection();
        services.AddKeyedMeaiRouter("other", Json.Section("""{ "Models": { "m": { "Endpoints": [ { "Provider": "own", "Model": "upstream" } ] } } }"""))
            .AddProvider("own", new TestChatClient("from the other"))
            .AddModelClient("m");
        await using var provider = services.BuildServiceProvider();

        Assert.Equal("from the other", (await provider.GetRequiredKeyedService<IChatClient>("m").AskAsync(streaming: false)).Text);
    }

    [Fact]
    public void A_key_is_given_once()
    {
        var builder = HostedPipeline.Register(new ServiceCollection(), TimeProvider.System, new FakeChatClient()).AddModelClient("fast");

        var taken = Assert.Throws<ArgumentException>("serviceKey", () => builder.AddModelClient(TestPipeline.ModelId, "fast"));

        Assert.Equal("There is an IChatClient under the key 'fast' already. Give this one another serviceKey. (Parameter 'serviceKey')", taken.Message);
        Assert.Throws<ArgumentException>("model", () => builder.AddModelClient(" "));
    }

    private static IEnumerable<object?> Keys(IServiceCollection services) =>
        services.Where(service => service.ServiceType == typeof(IChatClient)).Select(service => service.ServiceKey);
}

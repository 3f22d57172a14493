using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Tests.Configuration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Tests.Hosts;

/// <summary>
/// The pipeline as Semantic Kernel and Agent Framework meet it, made by <c>AddMeaiRouter</c> or composed by hand: providers <c>a</c>, <c>b</c>, ..., tried in that
/// order, for the model <see cref="TestPipeline.ModelId"/>, which is also the default and has the alias <c>fast</c>.
/// </summary>
internal sealed class HostedPipeline : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private HostedPipeline(ServiceProvider services) => _services = services;

    /// <summary>How the pipeline may be made: whether registered, and whether answers are streamed.</summary>
    public static TheoryData<bool, bool> Ways => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    public IServiceProvider Services => _services;

    public IChatClient Client => _services.GetRequiredService<IChatClient>();

    public static HostedPipeline Of(bool registered, params FakeChatClient[] providers) => Of(registered, new ManualTimeProvider(), providers);

    public static HostedPipeline Of(bool registered, ManualTimeProvider time, params FakeChatClient[] providers)
    {
        var services = new ServiceCollection();
        if (registered)
            Register(services, time, providers);
        else
            services.AddSingleton(TestPipeline.With(null, time, new InMemoryLedger(), providers));
        return new HostedPipeline(services.BuildServiceProvider());
    }

    public static MeaiRouterBuilder Register(IServiceCollection services, TimeProvider time, params FakeChatClient[] providers)
    {
        var endpoints = Names(providers).Select(provider => $$"""
            { "Provider": "{{provider.Name}}", "Model": "large-{{provider.Name}}", "PricePerMillion": { "Prompt": {{provider.Index + 1}}, "Completion": {{provider.Index + 1}} } }
            """);
        var builder = services.AddSingleton(time).AddMeaiRouter(Json.Section($$"""
            {
              "Models": { "{{TestPipeline.ModelId}}": { "Endpoints": [ {{string.Join(", ", endpoints)}} ] } },
              "Aliases": { "fast": "{{TestPipeline.ModelId}}" },
              "Routing": { "Strategy": "price", "DefaultModel": "{{TestPipeline.ModelId}}" }
            }
            """));
        foreach (var (name, _, client) in Names(providers))
            builder.AddProvider(name, client);
        return builder;
    }

    /// <summary>An answer that calls a tool.</summary>
    public static Step[] Calling(string callId, string tool = "weather") =>
    [
        new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent(callId, tool)]) { MessageId = "m", ResponseId = "r" },
        new ChatResponseUpdate { FinishReason = ChatFinishReason.ToolCalls, MessageId = "m", ResponseId = "r" },
    ];

    public static Task<ChatResponse> AskAsync(IChatClient client, bool streaming, IEnumerable<ChatMessage> messages, ChatOptions? options = null) => (streaming
        ? client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync()
        : client.GetResponseAsync(messages, options)).Soon();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static IEnumerable<(string Name, int Index, FakeChatClient Client)> Names(FakeChatClient[] providers) =>
        providers.Select(static (client, index) => (((char)('a' + index)).ToString(), index, client));
}

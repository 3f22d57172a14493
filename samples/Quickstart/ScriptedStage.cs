using MeaiRouter.Catalog;
using MeaiRouter.OpenAI;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;

namespace Samples.Quickstart;

/// <summary>Three providers on loopback: a cheap one that limits the rate, one that cuts streams, and a dear one that can be relied on.</summary>
internal sealed class ScriptedStage : IStage
{
    private const string Model = "acme/small";

    private readonly ScriptedProvider[] _providers;

    private ScriptedStage(params ScriptedProvider[] providers) => _providers = providers;

    public IReadOnlyDictionary<string, IChatClient> Providers => _providers.ToDictionary(
        provider => provider.Name,
        IChatClient (provider) => new OpenAICompatibleChatClient(new OpenAICompatibleOptions { Provider = provider.Name, BaseUrl = provider.BaseUrl }));

    public ModelCatalog Catalog { get; } = new(
    [
        new Model(Model)
        {
            ContextLength = 131_072,
            Endpoints =
            [
                new ModelEndpoint("cheap", "small-v1") { Price = new Price { Prompt = 0.10m, Completion = 0.40m, CacheRead = 0.01m } },
                new ModelEndpoint("flaky", "small-v1") { Price = new Price { Prompt = 0.20m, Completion = 0.80m, CacheRead = 0.02m } },
                new ModelEndpoint("reliable", "small-v1") { Price = new Price { Prompt = 1.00m, Completion = 4.00m, CacheRead = 0.10m } },
            ],
        },
    ]);

    public IReadOnlyList<Scene> Scenes { get; } =
    [
        new("A plain call", "The cheap endpoint goes first and answers.", "Say hello.", First("cheap"), IsStreamed: false),
        new("A stream", "The reliable endpoint streams its answer, reasoning first.", "Tell me about routers.", First("reliable"), IsStreamed: true),
        new("A tool call", "The model asks for the weather, gets it, and answers.", "How is the weather in Oslo?", WithWeather(First("reliable")), IsStreamed: false),
        new("Fallback after a 429", "The cheap endpoint has had its one request a minute; the next one takes over.", "Say hello again.", First("cheap", "reliable"), IsStreamed: false),
        new("A stream cut before its first content", "The flaky endpoint dies after a few bytes. Nobody sees it.", "Count to five.", First("flaky", "reliable"), IsStreamed: true),
    ];

    public static async Task<ScriptedStage> StartAsync()
    {
        var cheap = await ScriptedProvider.StartAsync("cheap");
        cheap.ForModel("small-v1")
            .LimitTo(1, per: TimeSpan.FromMinutes(1))
            .Always(Reply.Text("Hello from the cheap provider.").WithUsage(prompt: 1_000, completion: 5, cached: 600));

        var flaky = await ScriptedProvider.StartAsync("flaky");
        flaky.ForModel("small-v1").Always(Reply.Text("You will never read this.").CutAfter(0));

        var reliable = await ScriptedProvider.StartAsync("reliable");
        reliable.ForModel("small-v1").Always(Reply.From(Answer));
        return new ScriptedStage(cheap, flaky, reliable);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in _providers)
            await provider.DisposeAsync();
    }

    private static Reply Answer(ReceivedRequest request)
    {
        var toolHasAnswered = request.Body.GetProperty("messages").EnumerateArray().Any(message => message.GetProperty("role").GetString() == "tool");
        return request.LastUserText switch
        {
            var text when text.Contains("weather", StringComparison.Ordinal) => toolHasAnswered
                ? Reply.Text("It is 4 degrees and snowing in Oslo.").WithUsage(prompt: 90, completion: 10)
                : Reply.ToolCall("get_weather", new { city = "Oslo" }).WithUsage(prompt: 60, completion: 15),
            var text when text.Contains("routers", StringComparison.Ordinal) =>
                Reply.Text("A router asks the best endpoint first and knows what to do when it fails.")
                    .WithReasoning("They want a sentence or two.")
                    .WithUsage(prompt: 40, completion: 30, reasoning: 10)
                    .WithPace(TimeSpan.FromMilliseconds(60)),
            var text when text.Contains("five", StringComparison.Ordinal) =>
                Reply.Text("One, two, three, four, five.").WithUsage(prompt: 20, completion: 10).WithPace(TimeSpan.FromMilliseconds(60)),
            _ => Reply.Text("Hello from the reliable provider.").WithUsage(prompt: 25, completion: 7),
        };
    }

    private static ChatOptions First(params string[] order) =>
        new ChatOptions { ModelId = Model }.WithRouting(new RoutingPreferences { Order = order });

    private static ChatOptions WithWeather(ChatOptions options)
    {
        options.Tools = [Weather.Tool];
        return options;
    }
}

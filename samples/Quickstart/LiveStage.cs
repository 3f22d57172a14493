using MeaiRouter.Catalog;
using MeaiRouter.Dialects;
using MeaiRouter.OpenAI;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace Samples.Quickstart;

/// <summary>The real providers for which a key is in the environment, as endpoints of one model.</summary>
internal sealed class LiveStage : IStage
{
    private const string Model = "quickstart/chat";

    // List prices of the providers' own pages, November 2026 at the latest; an endpoint you know a better price for is one line.
    private static readonly ModelEndpoint[] Endpoints =
    [
        new("openai", "gpt-4o-mini") { Price = new Price { Prompt = 0.15m, Completion = 0.60m, CacheRead = 0.075m } },
        new("anthropic", "claude-haiku-4-5") { Price = new Price { Prompt = 1m, Completion = 5m, CacheRead = 0.10m, CacheWrite = 1.25m } },
        new("openrouter", "openai/gpt-4o-mini") { Price = new Price { Prompt = 0.15m, Completion = 0.60m, CacheRead = 0.075m } },
        new("gemini", "gemini-2.5-flash") { Price = new Price { Prompt = 0.30m, Completion = 2.50m } },
        new("groq", "llama-3.3-70b-versatile") { Price = Price.PerMillion(0.59m, 0.79m) },
        new("mistral", "mistral-small-latest") { Price = Price.PerMillion(0.10m, 0.30m) },
        new("deepseek", "deepseek-chat"),
    ];

    private readonly KnownProvider[] _known;

    private LiveStage(KnownProvider[] known) => _known = known;

    public static IEnumerable<string> KeyVariables =>
        KnownProviders.All.Where(known => Endpoints.Any(endpoint => endpoint.Provider == known.Name)).Select(known => known.KeyVariables[0]);

    public IReadOnlyDictionary<string, IChatClient> Providers => _known.ToDictionary(
        known => known.Name,
        IChatClient (known) => new OpenAICompatibleChatClient(new OpenAICompatibleOptions
        {
            Provider = known.Name,
            BaseUrl = known.Address(),
            ApiKeys = [KeyOf(known)!],
            Spelling = known.Spelling,
        }));

    public ModelCatalog Catalog => new(
    [
        new Model(Model)
        {
            Endpoints = [.. Endpoints.Where(endpoint => _known.Any(known => known.Name == endpoint.Provider))
                .Select(endpoint => endpoint with { Dialect = _known.First(known => known.Name == endpoint.Provider).Dialect })],
        },
    ]);

    public IReadOnlyList<Scene> Scenes { get; } =
    [
        new("A plain call", "The cheaper an endpoint, the likelier it goes first.", "Say hello in five words.", Options(), IsStreamed: false),
        new("A stream", "Text as it comes.", "Explain in two sentences what an HTTP router does.", Options(), IsStreamed: true),
        new("A tool call", "The model asks for the weather, gets it, and answers.", "How is the weather in Oslo? Use the tool.", Options(Weather.Tool), IsStreamed: false),
    ];

    public static LiveStage FromEnvironment() => new([.. KnownProviders.All.Where(known =>
        KeyOf(known) is not null
        && Endpoints.Any(endpoint => endpoint.Provider == known.Name))]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string? KeyOf(KnownProvider known) =>
        known.KeyVariables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(static key => !string.IsNullOrWhiteSpace(key));

    private static ChatOptions Options(params AITool[] tools) => new() { ModelId = Model, MaxOutputTokens = 200, Tools = tools };
}

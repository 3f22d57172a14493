using MeaiRouter.Normalization;
using MeaiRouter.OpenAI;
using MeaiRouter.Testing;
using MeaiRouter.Tests.Configuration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Tests.Dialects;

/// <summary>A scripted provider that enforces a real provider's rules, with a client that reaches it bare or through the layer.</summary>
internal sealed class StrictServer : IAsyncDisposable
{
    private readonly string _model;
    private readonly ServiceProvider? _services;

    private StrictServer(ScriptedProvider provider, string model, IChatClient client, ServiceProvider? services = null) =>
        (Provider, _model, Client, _services) = (provider, model, client, services);

    /// <summary>Each strict dialect with the provider and the model that speak it.</summary>
    public static IReadOnlyDictionary<string, (string Provider, string Model)> Speakers { get; } = new Dictionary<string, (string, string)>
    {
        ["openai"] = ("openai", "gpt-4o"),
        ["openai-reasoning"] = ("openai", "o3"),
        ["anthropic"] = ("anthropic", "claude-sonnet-4-5"),
        ["gemini"] = ("gemini", "gemini-2.5-flash"),
        ["gemini-3"] = ("gemini", "gemini-3-pro-preview"),
        ["mistral"] = ("mistral", "mistral-large-latest"),
        ["deepseek"] = ("deepseek", "deepseek-reasoner"),
        ["groq"] = ("groq", "openai/gpt-oss-120b"),
        ["xai"] = ("xai", "grok-4"),
        ["perplexity"] = ("perplexity", "sonar"),
        ["cohere"] = ("cohere", "command-a-03-2025"),
        ["vllm"] = ("vllm", "mistralai/Mistral-7B-Instruct-v0.3"),
        ["llama.cpp"] = ("llamacpp", "mistral-7b-instruct"),
        ["moonshot"] = ("moonshot", "kimi-k2.5"),
        ["zai"] = ("zai", "glm-4.6"),
        ["openrouter"] = ("openrouter", "anthropic/claude-sonnet-4.5"),
    };

    public ScriptedProvider Provider { get; }

    public IChatClient Client { get; }

    /// <summary>With the layer in front, and what the library knows of the provider.</summary>
    public static async Task<StrictServer> StartAsync(string dialect)
    {
        var (name, model) = Speakers[dialect];
        Assert.True(KnownProviders.TryGet(name, out var known), $"The provider '{name}' is not known.");
        var provider = await ProviderAsync(dialect);
        return new StrictServer(provider, model, new NormalizingChatClient(ClientOf(provider, model, known.Spelling), known.Dialect.For(model)));
    }

    /// <summary>With what anybody has who knows the address and nothing else.</summary>
    public static async Task<StrictServer> StartBareAsync(string dialect)
    {
        var (provider, model) = (await ProviderAsync(dialect), Speakers[dialect].Model);
        return new StrictServer(provider, model, ClientOf(provider, model, RequestSpelling.Default));
    }

    /// <summary>With the whole pipeline in front, configured with the provider's name and address and nothing else.</summary>
    public static async Task<StrictServer> StartConfiguredAsync(string dialect)
    {
        var (name, model) = Speakers[dialect];
        var provider = await ProviderAsync(dialect);
        var services = new ServiceCollection();
        services.AddMeaiRouter(Json.Section(
            $$"""
            {
              "Providers": { "{{name}}": { "BaseUrl": "{{provider.BaseUrl}}", "ApiKey": "k" } },
              "Models": { "house/model": { "InputModalities": ["text", "image"], "Endpoints": [ { "Provider": "{{name}}", "Model": "{{model}}" } ] } },
              "Routing": { "DefaultModel": "house/model" }
            }
            """));
        var built = services.BuildServiceProvider();
        return new StrictServer(provider, model, built.GetRequiredService<IChatClient>(), built);
    }

    public Task<ChatResponse> AskAsync(PlainRequest request, bool streaming) =>
        AskAsync(Reply.Text(request.Answer).WithUsage(prompt: 10, completion: 5), request.Messages(), request.Options(), streaming);

    public Task<ChatResponse> AskAsync(Reply reply, ChatMessage[] messages, ChatOptions options, bool streaming)
    {
        Provider.ForModel(_model).Always(reply);
        return streaming
            ? Client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync()
            : Client.GetResponseAsync(messages, options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is null)
            Client.Dispose();
        else
            await _services.DisposeAsync();
        await Provider.DisposeAsync();
    }

    private static async Task<ScriptedProvider> ProviderAsync(string dialect) =>
        (await ScriptedProvider.StartAsync(Speakers[dialect].Provider)).Enforce(StrictDialect.All.Single(strict => strict.Name == dialect));

    private static OpenAICompatibleChatClient ClientOf(ScriptedProvider provider, string model, RequestSpelling spelling) =>
        new(new() { Provider = provider.Name, BaseUrl = provider.BaseUrl, DefaultModelId = model, Spelling = spelling });
}

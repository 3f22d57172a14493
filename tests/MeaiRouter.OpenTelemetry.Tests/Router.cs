using System.Text;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.OpenTelemetry.Tests;

/// <summary>A router as an app registers it, over real HTTP to two scripted providers: <c>acme</c>, which is asked first, and <c>xai</c>.</summary>
internal sealed class Router : IAsyncDisposable
{
    /// <summary>What is asked, the keys, the answers and the caller's names all hold this word, and nothing that is exported may.</summary>
    public const string Secret = "hush";

    private readonly ServiceProvider _services;

    private Router(ScriptedProvider acme, ScriptedProvider xai, string more, TimeProvider? time)
    {
        (Acme, Xai) = (acme, xai);
        var services = new ServiceCollection();
        if (time is not null)
            services.AddSingleton(time);
        services.AddMeaiRouter(new ConfigurationBuilder().AddJsonStream(Json(Basis)).AddJsonStream(Json(more)).Build());
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<IChatClient>();
        Embeddings = _services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
    }

    public ScriptedProvider Acme { get; }

    public ScriptedProvider Xai { get; }

    public IChatClient Client { get; }

    public IEmbeddingGenerator<string, Embedding<float>> Embeddings { get; }

    private string Basis => $$"""
        {
          "Providers": {
            "acme": { "Type": "openai-compatible", "BaseUrl": "{{Acme.BaseUrl}}", "ApiKey": "sk-hush-acme" },
            "xai": { "Type": "openai-compatible", "BaseUrl": "{{Xai.BaseUrl}}", "ApiKey": "sk-hush-xai" } },
          "Models": {
            "acme/large": { "Endpoints": [
              { "Provider": "acme", "Model": "large-a", "PricePerMillion": { "Prompt": 1, "Completion": 10, "CacheRead": 0.1 } },
              { "Provider": "xai", "Model": "large-x", "PricePerMillion": { "Prompt": 2, "Completion": 20 } } ] },
            "acme/embed": { "OutputModalities": [ "embeddings" ], "Endpoints": [ { "Provider": "acme", "Model": "embed-a", "PricePerMillion": { "Prompt": 1, "Completion": 0 } } ] } },
          "Aliases": { "fast": "acme/large" },
          "Routing": { "Strategy": "price" },
          "Fallback": { "Hold": "00:00:00" }
        }
        """;

    /// <param name="acme">What acme does with every request.</param>
    /// <param name="xai">What xai does.</param>
    /// <param name="more">More configuration, laid over what there is.</param>
    /// <param name="time">The clock.</param>
    public static async Task<Router> StartAsync(ScriptStep acme, ScriptStep? xai = null, string more = "{}", TimeProvider? time = null)
    {
        var (first, second) = (await ScriptedProvider.StartAsync("acme"), await ScriptedProvider.StartAsync("xai"));
        first.ForAnyModel().Always(acme);
        if (xai is not null)
            second.ForAnyModel().Always(xai);
        return new Router(first, second, more, time);
    }

    /// <summary>A good answer, with all the numbers that usage has.</summary>
    public static Reply Answer { get; } = Reply.Text("hush one two three").WithUsage(prompt: 1_000, completion: 100, cached: 200, reasoning: 50);

    public static ChatOptions Options => new() { ModelId = "fast", Temperature = 0.5f, MaxOutputTokens = 500 };

    public Task<ChatResponse> AskAsync(bool streaming, ChatOptions? options = null, CancellationToken token = default)
    {
        options ??= Options;
        ChatMessage[] messages = [new(ChatRole.User, "A hush question")];
        return (streaming
            ? Client.GetStreamingResponseAsync(messages, options, token).ToChatResponseAsync(CancellationToken.None)
            : Client.GetResponseAsync(messages, options, token)).Soon();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Acme.DisposeAsync();
        await Xai.DisposeAsync();
    }

    private static MemoryStream Json(string section) => new(Encoding.UTF8.GetBytes($$"""{ "MeaiRouter": {{section}} }"""));
}

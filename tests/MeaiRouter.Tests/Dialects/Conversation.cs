using System.Text.Json;
using MeaiRouter.Routing;
using MeaiRouter.Testing;
using MeaiRouter.Tests.Configuration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Tests.Dialects;

/// <summary>Four strict providers behind one router, and a conversation with tools that goes from one to the other.</summary>
internal sealed class Conversation : IAsyncDisposable
{
    public const string Model = "house/thinker";

    private readonly Dictionary<string, ScriptedProvider> _servers;
    private readonly ServiceProvider _services;
    private readonly List<ChatMessage> _history = [];
    private readonly bool _streaming;

    private Conversation(Dictionary<string, ScriptedProvider> servers, bool streaming)
    {
        (_servers, _streaming) = (servers, streaming);
        var services = new ServiceCollection();
        services.AddMeaiRouter(Json.Section(
            $$"""
            {
              "Providers": {
                "alpha": { "BaseUrl": "{{servers["alpha"].BaseUrl}}", "ApiKey": "k", "Dialect": "openrouter" },
                "beta":  { "BaseUrl": "{{servers["beta"].BaseUrl}}", "ApiKey": "k", "Dialect": "gemini" },
                "gamma": { "BaseUrl": "{{servers["gamma"].BaseUrl}}", "ApiKey": "k", "Dialect": "deepseek" },
                "delta": { "BaseUrl": "{{servers["delta"].BaseUrl}}", "ApiKey": "k", "Dialect": "mistral" } },
              "Models": { "{{Model}}": { "Endpoints": [
                { "Provider": "alpha", "Model": "anthropic/claude-sonnet-4.5" },
                { "Provider": "beta", "Model": "gemini-3-pro-preview" },
                { "Provider": "gamma", "Model": "deepseek-reasoner" },
                { "Provider": "delta", "Model": "magistral-medium-latest" } ] } }
            }
            """));
        _services = services.BuildServiceProvider();
    }

    public static IReadOnlyList<string> Names { get; } = ["alpha", "beta", "gamma", "delta"];

    public IReadOnlyDictionary<string, ScriptedProvider> Servers => _servers;

    public IReadOnlyList<ChatMessage> History => _history;

    public static async Task<Conversation> StartAsync(bool streaming)
    {
        StrictDialect[] dialects = [StrictDialect.OpenRouter, StrictDialect.Gemini3, StrictDialect.DeepSeek, StrictDialect.Mistral];
        var servers = new Dictionary<string, ScriptedProvider>();
        foreach (var (name, dialect) in Names.Zip(dialects))
        {
            var server = await ScriptedProvider.StartAsync(name);
            server.Enforce(dialect).ForAnyModel().Always(Reply.From(request => Answer(name, request)));
            servers[name] = server;
        }

        return new Conversation(servers, streaming);
    }

    /// <summary>Says something and sends the answer's calls, if any, through the tools until there are none.</summary>
    /// <param name="text">What the user says.</param>
    /// <param name="first">The providers to try for the answer, in order; one that begins with '!' is down for that request.</param>
    /// <param name="second">Those to try once the tools have run.</param>
    public async Task<string> TurnAsync(string text, string first, string second)
    {
        _history.Add(new ChatMessage(ChatRole.User, text));
        var response = await AskAsync(first);
        for (var step = 0; CallsOf(response) is { Count: > 0 } calls; step++)
        {
            Assert.True(step < 3, "The model calls tools without end.");
            _history.Add(new ChatMessage(ChatRole.Tool, [.. calls.Select(static call => new FunctionResultContent(call.CallId, Run(call)))]));
            response = await AskAsync(second);
        }

        return response.Text;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        foreach (var server in _servers.Values)
            await server.DisposeAsync();
    }

    private async Task<ChatResponse> AskAsync(string order)
    {
        string[] providers = [.. order.Split(' ').Select(static name => name.TrimStart('!'))];
        foreach (var down in order.Split(' ').Where(static name => name[0] == '!'))
            _servers[down[1..]].ForAnyModel().Next(Fault.Unavailable());

        var options = new ChatOptions
        {
            ModelId = Model,
            Instructions = "You know the weather.",
            Tools = [AIFunctionFactory.Create((string city) => "", "weather"), AIFunctionFactory.Create((string city) => 0, "population")],
            Reasoning = new() { Effort = ReasoningEffort.High },
            MaxOutputTokens = 4_000,
        }.WithRouting(new RoutingPreferences { Order = providers, Only = providers });
        var client = _services.GetRequiredService<IChatClient>();
        var response = _streaming
            ? await client.GetStreamingResponseAsync(_history, options).ToChatResponseAsync()
            : await client.GetResponseAsync(_history, options);
        _history.AddRange(response.Messages);
        return response;
    }

    private static List<FunctionCallContent> CallsOf(ChatResponse response) =>
        [.. response.Messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>()];

    private static string Run(FunctionCallContent call) => $"{call.Name} of {call.Arguments!["city"]}";

    // A question about a city calls both tools; their results are told in the order of the calls.
    private static Reply Answer(string name, ReceivedRequest request)
    {
        var messages = request.Body.GetProperty("messages").EnumerateArray().ToList();
        var results = messages.AsEnumerable().Reverse().TakeWhile(static message => Role(message) == "tool").Reverse().ToList();
        if (results.Count > 0)
        {
            var calls = messages[^(results.Count + 1)].GetProperty("tool_calls").EnumerateArray().Select(static call => call.GetProperty("id").GetString());
            var told = calls.Select(id => Text(results.Single(result => result.GetProperty("tool_call_id").GetString() == id)));
            return Reply.Text($"{name}: {string.Join(" and ", told)}").WithReasoning($"{name} has it all.");
        }

        var city = request.LastUserText.Split(' ')[^1];
        return request.LastUserText.StartsWith("About", StringComparison.Ordinal)
            ? Reply.ToolCall("weather", new { city }, Id(name, request.Number, 1)).WithToolCall("population", new { city }, Id(name, request.Number, 2)).WithReasoning($"{name} must look up {city}.")
            : Reply.Text($"{name}: you said {request.LastUserText}").WithReasoning($"{name} knows that.");
    }

    // In the provider's own style.
    private static string Id(string name, int number, int call) => name switch
    {
        "alpha" => $"toolu_01{number:D12}{call:D12}",
        "beta" => $"function-call-{number:D15}{call:D5}",
        "gamma" => $"call_{call:D2}_{number:D20}",
        _ => $"Mi{number:D5}{call:D2}",
    };

    private static string? Role(JsonElement message) => message.GetProperty("role").GetString();

    private static string Text(JsonElement message) => message.GetProperty("content") is { ValueKind: JsonValueKind.String } text
        ? text.GetString()!
        : string.Concat(message.GetProperty("content").EnumerateArray().Select(static part => part.GetProperty("text").GetString()));
}

using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Requests;

/// <summary>Sends requests through the layer to one endpoint, called <c>acme/m</c>, and shows what arrives there.</summary>
internal static class Adapting
{
    public static Task<Arrived> ArriveAsync(bool streaming, Dialect dialect, ChatOptions options, params ChatMessage[] messages) =>
        ArriveAsync(streaming, new ModelEndpoint("acme", "m") { Dialect = dialect }, options, messages);

    public static async Task<Arrived> ArriveAsync(bool streaming, ModelEndpoint endpoint, ChatOptions options, params ChatMessage[] messages)
    {
        // An answer that calls a tool need not have the format that was asked for.
        var provider = FakeChatClient.Playing(new FunctionCallContent("call", "tool"), ChatFinishReason.ToolCalls);
        var response = await AskAsync(streaming, endpoint, provider, new NormalizingOptions(), options, messages);
        return new Arrived(provider.Call.Options!, provider.Call.Messages, response.Trace().Notes);
    }

    /// <summary>The refusal of a request: by what the layer's options say, and by what the request itself says.</summary>
    public static async Task<RouterException> RefusedAsync(bool streaming, ModelEndpoint endpoint, ChatOptions options, params ChatMessage[] messages)
    {
        var strict = new NormalizingOptions { UnsupportedParameters = UnsupportedParameters.Refuse };
        var provider = FakeChatClient.Answering("Hello");
        var byOptions = await Assert.ThrowsAsync<RouterException>(() => AskAsync(streaming, endpoint, provider, strict, options, messages));
        Assert.Empty(provider.Calls);
        return byOptions;
    }

    public static Task<RouterException> RefusedAsync(bool streaming, Dialect dialect, ChatOptions options, params ChatMessage[] messages) =>
        RefusedAsync(streaming, new ModelEndpoint("acme", "m") { Dialect = dialect }, options, messages);

    public static Task<ChatResponse> AskAsync(
        bool streaming, ModelEndpoint endpoint, FakeChatClient provider, NormalizingOptions layer, ChatOptions options, params ChatMessage[] messages)
    {
        var catalog = new ModelCatalog([new Model("acme/model") { Endpoints = [endpoint] }]);
        var terminal = new MeaiRouter.Endpoints.EndpointChatClient(new Dictionary<string, IChatClient> { ["acme"] = provider });
        var pipeline = new RouterChatClient(
            new MeaiRouter.Fallback.FallbackChatClient(new NormalizingChatClient(terminal, layer), TestPipeline.Unheld),
            catalog, new RoutingOptions { Strategy = new CheapestFirst(), DefaultModel = "acme/model" });
        ChatMessage[] asked = messages.Length > 0 ? messages : [new(ChatRole.User, "Hi")];
        return streaming ? pipeline.GetStreamingResponseAsync(asked, options).ToChatResponseAsync() : pipeline.GetResponseAsync(asked, options);
    }

    public static ChatOptions WithExtra(this ChatOptions options, string json)
    {
        (options.AdditionalProperties ??= [])["extra_body"] = JsonElement.Parse(json);
        return options;
    }

    /// <summary>The extra body as JSON; empty where there is none.</summary>
    public static string Extra(this ChatOptions options) => options.AdditionalProperties?.GetValueOrDefault("extra_body") switch
    {
        JsonElement json => json.GetRawText(),
        JsonObject json => json.ToJsonString(),
        _ => "",
    };

    public static AIFunctionDeclaration Tool(string name, string schema = """{"type":"object","properties":{}}""", bool? strict = null) =>
        new Declared(name, JsonElement.Parse(schema), strict);

    private sealed class Declared(string name, JsonElement schema, bool? strict) : AIFunctionDeclaration
    {
        public override string Name => name;

        public override string Description => $"Does {name}.";

        public override JsonElement JsonSchema => schema;

        public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } =
            strict is null ? new AdditionalPropertiesDictionary() : new AdditionalPropertiesDictionary { ["strict"] = strict };
    }
}

/// <summary>A request as the provider got it, and what the trace notes.</summary>
internal sealed record Arrived(ChatOptions Options, IReadOnlyList<ChatMessage> Messages, IReadOnlyList<string> Notes);

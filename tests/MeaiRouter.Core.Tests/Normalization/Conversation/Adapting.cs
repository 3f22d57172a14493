using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization;
using MeaiRouter.Normalization.Conversation;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Conversation;

/// <summary>What a provider receives of a conversation.</summary>
internal sealed record Sent(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options, IReadOnlyList<string> Notes)
{
    public string[] Lines => Adapting.Lines(Messages);
}

internal static class Adapting
{
    public static readonly Dialect Plain = new("plain");

    /// <summary>Sends through a normalizing layer with nothing around it, and checks that the caller's messages and options are as before.</summary>
    public static async Task<Sent> SendAsync(this Dialect dialect, bool streaming, ChatOptions? options, params ChatMessage[] messages)
    {
        var provider = FakeChatClient.Answering("Hello");
        var client = new NormalizingChatClient(provider, dialect);
        var before = (Lines(messages), Extras(options));

        var response = streaming
            ? await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync()
            : await client.GetResponseAsync(messages, options);

        Assert.Equal(before.Item1, Lines(messages));
        Assert.Equal(before.Item2, Extras(options));
        return new Sent(provider.Call.Messages, provider.Call.Options, response.Trace().Notes);
    }

    public static Task<Sent> SendAsync(this Dialect dialect, params ChatMessage[] messages) => dialect.SendAsync(false, null, messages);

    public static async Task<RouterException> RefuseAsync(this Dialect dialect, params ChatMessage[] messages)
    {
        var provider = FakeChatClient.Answering("Hello");
        var refusals = new List<RouterException>();
        foreach (var streaming in (bool[])[false, true])
        {
            var client = new NormalizingChatClient(provider, dialect);
            refusals.Add(await Assert.ThrowsAsync<RouterException>(() => streaming
                ? client.GetStreamingResponseAsync(messages).ToChatResponseAsync()
                : client.GetResponseAsync(messages)));
        }

        Assert.Empty(provider.Calls);
        Assert.Equal(refusals[0].Message, refusals[1].Message);
        Assert.Equal(FailureKind.Unsupported, refusals[0].Kind);
        return refusals[0];
    }

    public static Destination To(Dialect dialect) => new(dialect, null, null, new RouteNotes(new RouteContext(null)));

    public static Destination To(ModelEndpoint endpoint, Model? model = null)
    {
        model ??= new Model("m") { Endpoints = [endpoint] };
        var attempt = new RouteAttempt(0, endpoint.Provider, model, endpoint, null, null, TimeProvider.System);
        return new(endpoint.Dialect, attempt, attempt.Provider, new RouteNotes(new RouteContext(null)));
    }

    public static ChatMessage User(string text) => new(ChatRole.User, text);

    public static ChatMessage BySystem(string text) => new(ChatRole.System, text);

    public static ChatMessage Assistant(params AIContent[] contents) => new(ChatRole.Assistant, contents);

    public static ChatMessage Assistant(string text) => new(ChatRole.Assistant, text);

    public static ChatMessage Tool(params AIContent[] contents) => new(ChatRole.Tool, contents);

    public static FunctionCallContent Call(string id, string name = "f") => new(id, name);

    public static FunctionResultContent Result(string id, object? result) => new(id, result);

    public static AdditionalPropertiesDictionary Extra(string json) => new() { ["extra_body"] = JsonNode.Parse(json) };

    /// <summary>Each message as <c>role(name): contents {extra}</c>.</summary>
    public static string[] Lines(IEnumerable<ChatMessage> messages) =>
        [.. messages.Select(message => $"{message.Role}{(message.AuthorName is { } name ? $"({name})" : "")}: {string.Join(" + ", message.Contents.Select(Line))}{Extra(message.AdditionalProperties)}")];

    public static string Extras(ChatOptions? options) =>
        $"{options?.Instructions}{Extra(options?.AdditionalProperties)}{string.Concat(options?.Tools?.Select(tool => tool.Name + Extra(tool.AdditionalProperties)) ?? [])}";

    private static string Line(AIContent content) => content switch
    {
        TextContent text => text.Text,
        TextReasoningContent reasoning => $"<{reasoning.Text}|{reasoning.ProtectedData}>",
        FunctionCallContent call => $"{call.Name}#{call.CallId}",
        FunctionResultContent { Result: IEnumerable<AIContent> parts } result => $"{result.CallId}=[{string.Join(", ", parts.Select(Line))}]",
        FunctionResultContent { Result: AIContent part } result => $"{result.CallId}=[{Line(part)}]",
        FunctionResultContent result => $"{result.CallId}={result.Result}",
        DataContent data => $"[{data.MediaType}]",
        UriContent uri => $"[{uri.MediaType} at {uri.Uri.OriginalString}]",
        HostedFileContent file => $"[file {file.FileId}]",
        _ => $"[{content.GetType().Name}]",
    } + Extra(content.AdditionalProperties);

    private static string Extra(IReadOnlyDictionary<string, object?>? properties)
    {
        object? extra = null;
        properties?.TryGetValue("extra_body", out extra);
        return extra switch
        {
            JsonObject json => " " + json.ToJsonString(),
            JsonElement json => " " + json.GetRawText(),
            _ => "",
        };
    }
}

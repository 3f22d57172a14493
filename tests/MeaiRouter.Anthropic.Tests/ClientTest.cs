using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Anthropic.Tests.Serving;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Tests;

/// <summary>A client before a strict server of Anthropic's API.</summary>
public abstract class ClientTest : IAsyncLifetime
{
    protected const string Model = "claude-sonnet-4-5";

    protected MessagesServer Server { get; private set; } = null!;

    protected AnthropicMessagesChatClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await MessagesServer.StartAsync();
        Client = CreateClient("key-of-anthropic");
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    protected AnthropicMessagesChatClient CreateClient(params string[] keys) =>
        new(new AnthropicMessagesOptions { BaseUrl = Server.BaseUrl, ApiKeys = keys, DefaultModelId = Model });

    /// <summary>Asks in either way.</summary>
    protected Task<ChatResponse> AskAsync(bool streaming, IEnumerable<ChatMessage> messages, ChatOptions? options = null) =>
        AskAsync(Client, streaming, messages, options);

    protected static Task<ChatResponse> AskAsync(IChatClient client, bool streaming, IEnumerable<ChatMessage> messages, ChatOptions? options = null) => streaming
        ? client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync()
        : client.GetResponseAsync(messages, options);

    protected Task<ChatResponse> AskAsync(bool streaming, string text, ChatOptions? options = null) => AskAsync(streaming, [new(ChatRole.User, text)], options);

    /// <summary>The fields of the last request but those that every one has.</summary>
    protected JsonObject Sent()
    {
        var body = JsonNode.Parse(Server.Requests.Last().Body.GetRawText())!.AsObject();
        foreach (var name in (string[])["model", "stream"])
            body.Remove(name);
        return body;
    }

    /// <summary>A fact about an answer; that of a stream ends up on its message.</summary>
    protected static object? Fact(ChatResponse response, string name) =>
        response.AdditionalProperties?.GetValueOrDefault(name) ?? response.Messages[0].AdditionalProperties?.GetValueOrDefault(name);

    protected static void AssertJson(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"Expected {expected}{Environment.NewLine}but was {actual?.ToJsonString()}");

    protected static ChatOptions WithExtra(string json) =>
        new() { AdditionalProperties = new() { ["extra_body"] = JsonElement.Parse(json) } };
}

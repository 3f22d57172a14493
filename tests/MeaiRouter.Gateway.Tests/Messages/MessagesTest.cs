using System.Text.Json;
using System.Text.Json.Nodes;
using Anthropic;
using Anthropic.Models.Messages;
using MeaiRouter.Anthropic.Tests.Serving;
using MeaiRouter.Gateway.Tests.Running;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Gateway.Tests.Messages;

/// <summary>Anthropic's official SDK for .NET, which checks every answer against the published shapes, before a gateway.</summary>
public abstract class MessagesTest : GatewayTest
{
    private static readonly Dictionary<string, JsonElement> Nothing = [];

    /// <summary>The client, of which only the base URL and the key were changed.</summary>
    protected static AnthropicClient ClientOf(RunningGateway gateway, string key = Key) =>
        new() { BaseUrl = gateway.Address.ToString().TrimEnd('/'), ApiKey = key, MaxRetries = 0, ResponseValidation = true };

    protected Task<JsonObject> AskAsync(bool streaming, string body) => AskAsync(Gateway, streaming, body);

    /// <summary>Asks in either way for the same message.</summary>
    protected static async Task<JsonObject> AskAsync(RunningGateway gateway, bool streaming, string body)
    {
        using var client = ClientOf(gateway);
        var request = Request(body);
        if (!streaming)
            return JsonNode.Parse(JsonSerializer.Serialize((await client.Messages.Create(request)).RawData))!.AsObject();

        var assembly = new MessageAssembly();
        await foreach (var @event in client.Messages.CreateStreaming(request))
            assembly.Add(JsonNode.Parse(@event.Json.GetRawText())!.AsObject());
        return assembly.Message;
    }

    protected static MessageCreateParams Request(string body)
    {
        var fields = JsonNode.Parse(body)!.AsObject();
        fields.TryAdd("model", Model);
        fields.TryAdd("max_tokens", 4096);
        return MessageCreateParams.FromRawUnchecked(Nothing, Nothing, fields.ToDictionary(field => field.Key, field => JsonElement.Parse(field.Value?.ToJsonString() ?? "null")));
    }

    /// <summary>A gateway whose model <c>anthropic/claude</c> is Anthropic's own API, through its SDK.</summary>
    protected Task<RunningGateway> StartBeforeAsync(MessagesServer anthropic) => StartGatewayAsync(
        router => router.AddProvider(
            "anthropic", _ => new Anthropic.AnthropicMessagesChatClient(new() { BaseUrl = anthropic.BaseUrl, ApiKeys = ["key-of-anthropic"] }), Anthropic.AnthropicDialect.Default),
        ("MeaiRouter:Models:anthropic/claude:Endpoints:0:Provider", "anthropic"),
        ("MeaiRouter:Models:anthropic/claude:Endpoints:0:Model", "claude-sonnet-4-5"),
        ("MeaiRouter:Models:anthropic/claude:Endpoints:0:PricePerMillion:Prompt", "1"),
        ("MeaiRouter:Models:anthropic/claude:Endpoints:0:PricePerMillion:Completion", "5"),
        ("MeaiRouter:Models:anthropic/claude:Endpoints:0:PricePerMillion:CacheRead", "0.1"),
        ("MeaiRouter:Models:anthropic/claude:Endpoints:0:PricePerMillion:CacheWrite", "1.25"),
        ("MeaiRouter:Models:anthropic/claude:Endpoints:0:PricePerMillion:CacheWrite1h", "2"));
}

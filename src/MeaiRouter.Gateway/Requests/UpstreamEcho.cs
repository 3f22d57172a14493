using System.Text.Json;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.OpenAI;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Requests;

/// <summary>OpenRouter's <c>debug.echo_upstream_body</c>: what each provider tried was really sent. Keys are in headers, which are not shown.</summary>
internal sealed class UpstreamEcho
{
    private readonly Lock _lock = new();
    private List<(string Provider, JsonElement Body)> _sent = [];

    private UpstreamEcho()
    {
    }

    /// <summary>Begins to listen, if the request asks for it and is streamed.</summary>
    /// <exception cref="GatewayException">It asks in the wrong form.</exception>
    public static UpstreamEcho? Begin(ChatCompletionRequest request, ChatOptions options)
    {
        if (request.Debug is not { ValueKind: JsonValueKind.Object } debug
            || !debug.TryGetProperty("echo_upstream_body", out var wanted)
            || wanted.ValueKind == JsonValueKind.Null
            || !ProviderObject.Boolean("debug.echo_upstream_body", wanted)
            || request.Stream != true)
            return null;

        var echo = new UpstreamEcho();
        (options.AdditionalProperties ??= [])[RequestProperties.BodyObserver] = (Action<string, ReadOnlyMemory<byte>>)echo.Add;
        return echo;
    }

    /// <summary>What was sent since the last time, in order.</summary>
    public List<(string Provider, JsonElement Body)> Take()
    {
        lock (_lock)
        {
            var sent = _sent;
            _sent = [];
            return sent;
        }
    }

    private void Add(string provider, ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span);
        var json = JsonElement.ParseValue(ref reader);
        lock (_lock)
            _sent.Add((provider, json));
    }
}

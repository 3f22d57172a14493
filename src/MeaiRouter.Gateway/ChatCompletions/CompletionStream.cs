using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Answers;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Streams;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.ChatCompletions;

/// <summary>A streamed answer as chunks of a chat completion.</summary>
/// <param name="heading">What heads each chunk.</param>
/// <param name="echo">What providers are sent, where the request wants to see it.</param>
/// <param name="requested">The models asked for.</param>
internal sealed class CompletionStream(AnswerHeading heading, UpstreamEcho? echo, RequestedModels? requested) : IStreamForm
{
    // OpenRouter's comment to the letter: there are clients that look for it.
    private static readonly byte[] Comment = ": OPENROUTER PROCESSING\n\n"u8.ToArray();

    private readonly AnswerStreamWriter _answer = new();
    private RouteAttempt? _attempt;
    private CacheUse? _cache;
    private ChatCompletion? _last;
    private ChunkFrame? _frame;

    public ReadOnlyMemory<byte> SignOfLife => Comment;

    public void Head(ChatResponseUpdate first) => (_attempt, _cache) = (first.GetRouteAttempt(), first.GetCacheUse());

    public void Write(ChatResponseUpdate update, EventWriter events)
    {
        if (echo is not null)
            WriteEcho(events);
        if (_answer.RepeatedBut(update) is { } text && FrameOfLast() is { } frame)
        {
            events.Append(frame, text);
            return;
        }

        (_last, _frame) = (_answer.Write(update), null);
        if (_last is not null)
            Write(_last, events);
    }

    public void End(RouteTrace? trace, JsonElement? metadata, EventWriter events)
    {
        Write(_answer.WriteFinish(), events);
        var last = _answer.WriteUsage() ?? new ChatCompletion { Kind = ChatCompletion.ChunkKind, Choices = [] };
        last.Usage = AnswerCost.AddTo(last.Usage, trace);
        last.OpenRouterMetadata = metadata;
        if (last.Usage is not null || last.OpenRouterMetadata is not null)
            Write(last, events);
        events.Append("data: [DONE]\n\n"u8);
    }

    // OpenRouter: the status stays 200; one chunk has the error and ends the choice, and no [DONE] follows.
    public void Break(GatewayError error, JsonElement? metadata, EventWriter events)
    {
        if (echo is not null)
            WriteEcho(events);

        var chunk = heading.PutOn(
            new ChatCompletion
            {
                OpenRouterMetadata = metadata,
                Kind = ChatCompletion.ChunkKind,
                Error = error.Body,
                Choices = [new Choice { Index = 0, Delta = new AnswerMessage { Content = new MessageContent("") }, FinishReason = "error" }],
            },
            _attempt,
            _cache);
        chunk.Model ??= Requested;
        events.Append(chunk, WireJson.Strict.ChatCompletion);
    }

    // Only where another chunk follows that is the same: an answer of a chunk or two is not written twice.
    private ChunkFrame? FrameOfLast() =>
        _frame ??= _last is null ? null : ChunkFrame.Around(JsonSerializer.SerializeToUtf8Bytes(_last, WireJson.Strict.ChatCompletion));

    private string? Requested => requested?.Names is [var first, ..] ? first : null;

    private void Write(ChatCompletion chunk, EventWriter events) => events.Append(heading.PutOn(chunk, _attempt, _cache), WireJson.Strict.ChatCompletion);

    // OpenRouter: the transformed body comes first, in a chunk without choices, once for each provider that is tried.
    private void WriteEcho(EventWriter events)
    {
        foreach (var (provider, body) in echo!.Take())
        {
            var debug = new JsonObject { ["echo_upstream_body"] = JsonObject.Create(body) };
            var chunk = heading.PutOn(new ChatCompletion { Kind = ChatCompletion.ChunkKind, Choices = [] }, _attempt, _cache);
            chunk.Provider = provider;
            chunk.Model ??= Requested;
            chunk.Extra = new Dictionary<string, JsonElement> { ["debug"] = JsonSerializer.SerializeToElement(debug, WireJson.Strict.JsonObject) };
            events.Append(chunk, WireJson.Strict.ChatCompletion);
        }
    }
}

using System.Text.Json;
using MeaiRouter.Anthropic.Messages;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Streams;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Messages;

/// <summary>A streamed answer as events of Anthropic's Messages API.</summary>
/// <param name="id">The id of the request.</param>
/// <param name="omitsThinking">Whether the caller wants the signatures of thinking without its text.</param>
internal sealed class MessageStream(string id, bool omitsThinking) : IStreamForm
{
    // Anthropic's own event for it.
    private static readonly byte[] Ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n"u8.ToArray();

    private readonly AnswerStreamWriter _answer = new(omitsThinking);
    private AnswerMessage? _head;

    public ReadOnlyMemory<byte> SignOfLife => Ping;

    public void Head(ChatResponseUpdate first)
    {
        _head = new AnswerMessage { Model = first.ModelId };
        MessageHeading.PutOn(_head, id, first.GetRouteAttempt(), first.GetCacheUse());
    }

    public void Write(ChatResponseUpdate update, EventWriter events)
    {
        if (_head is { } head)
            Append(events, AnswerStreamWriter.Begin(head));
        _head = null;
        Append(events, _answer.Write(update));
    }

    public void End(RouteTrace? trace, JsonElement? metadata, EventWriter events)
    {
        Append(events, _answer.EndBlocks());
        var end = _answer.WriteEnd();
        MessageCost.AddTo(end.Usage, _answer.Usage, trace);
        events.Append(end.Type, end, MessagesJson.Wire.MessageDeltaEvent);
        Append(events, [new StreamEvent { Type = "message_stop", OpenrouterMetadata = metadata }]);
    }

    public void Break(GatewayError error, JsonElement? metadata, EventWriter events)
    {
        var envelope = MessagesErrorEnvelope.Of(error, id, metadata);
        events.Append(envelope.Type, envelope, MessagesJson.Wire.ErrorEnvelope);
    }

    private static void Append(EventWriter events, IReadOnlyList<StreamEvent> toSend)
    {
        for (var i = 0; i < toSend.Count; i++)
            events.Append(toSend[i].Type, toSend[i], MessagesJson.Wire.StreamEvent);
    }
}

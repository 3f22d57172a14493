using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Collections;

namespace MeaiRouter.Affinity;

/// <summary>Which endpoint each conversation was answered by, and which issued each open tool call. Holds digests, never text.</summary>
internal sealed class AffinityTable(AffinityOptions options, TimeProvider time)
{
    private readonly SecondChanceMap<Pin> _pins = new(options.Capacity);
    private readonly SecondChanceMap<EndpointName> _issuers = new(options.Capacity);
    private readonly TimeSpan _timeToLive = options.TimeToLive;

    /// <summary>Where the conversation with a model is at home; <see langword="null"/> if nowhere, or no longer.</summary>
    public Pin? FindPin(in ConversationKey conversation, Model model) => Living(_pins.Find(conversation.With(model.Id)));

    /// <summary>The endpoint that issued a tool call of the conversation; <see langword="null"/> if unknown.</summary>
    public EndpointName? FindIssuer(in ConversationKey conversation, string callId) => _issuers.Find(conversation.With(callId));

    /// <summary>Learns from an answer.</summary>
    public void LearnAnswer(in ConversationKey conversation, RouteAttempt attempt)
    {
        if (!Pin.CanPay(attempt.Endpoint!))
            return;

        var key = conversation.With(attempt.Model!.Id);
        if (Pin.After(attempt, Living(_pins.Find(key)), conversation.IsSession, time.GetTimestamp(), _timeToLive) is { } pin)
            _pins.Set(key, pin);
    }

    /// <summary>Learns who issued the tool calls of an answer. Some providers' ids are unique within a conversation only.</summary>
    public void LearnCalls(in ConversationKey conversation, RouteAttempt attempt, IReadOnlyList<string> callIds)
    {
        var issuer = EndpointName.Of(attempt.Model!, attempt.Endpoint!);
        foreach (var callId in callIds)
            _issuers.Set(conversation.With(callId), issuer);
    }

    private Pin? Living(Pin? pin) => pin is not null && time.GetElapsedTime(pin.Timestamp) < pin.Lifetime ? pin : null;
}

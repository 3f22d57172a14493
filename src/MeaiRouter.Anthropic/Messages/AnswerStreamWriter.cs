using System.Text.Json;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>From the updates of one streamed answer to events. Not thread safe.</summary>
/// <remarks>The reason of the end and the usage are written once, last, whatever the order of the updates.</remarks>
internal sealed class AnswerStreamWriter : IBlockOutput
{
    private static readonly JsonElement NoInput = JsonElement.Parse("{}");

    private readonly BlockSequence _sequence;
    private readonly List<StreamEvent> _events = [];
    private AdditionalPropertiesDictionary? _facts;
    private ChatFinishReason? _finish;
    private string? _tier;
    private int _index = -1;

    /// <param name="omitsThinking">Whether the caller wants the signatures of thinking without its text.</param>
    public AnswerStreamWriter(bool omitsThinking = false) => _sequence = new BlockSequence(this, omitsThinking);

    /// <summary>The sum of the usage in the updates so far; <see langword="null"/> where there was none.</summary>
    public UsageDetails? Usage { get; private set; }

    /// <summary>The events with which an answer begins.</summary>
    /// <param name="message">Its head.</param>
    public static IReadOnlyList<StreamEvent> Begin(AnswerMessage message)
    {
        message.Usage = UsageMapping.Write(null, null);
        return [new StreamEvent { Type = "message_start", Message = message }, new StreamEvent { Type = "ping" }];
    }

    /// <summary>Maps an update.</summary>
    /// <returns>The events, in a list that the next call uses again.</returns>
    public IReadOnlyList<StreamEvent> Write(ChatResponseUpdate update)
    {
        _events.Clear();
        if (update.FinishReason is { } finish)
            (_finish, _facts) = (finish, update.AdditionalProperties);
        _tier = AnswerWriter.Text(update.AdditionalProperties, AnswerProperties.ServiceTier) ?? _tier;
        for (var i = 0; i < update.Contents.Count; i++)
        {
            if (update.Contents[i] is UsageContent usage)
                (Usage ??= new()).Add(usage.Details);
            else
                _sequence.Add(update.Contents[i]);
        }

        return _events;
    }

    /// <summary>The end of the block that is open.</summary>
    public IReadOnlyList<StreamEvent> EndBlocks()
    {
        _events.Clear();
        _sequence.End();
        return _events;
    }

    /// <summary>The event that says how the answer ended and what it used.</summary>
    public MessageDeltaEvent WriteEnd() => new()
    {
        Delta = new MessageEnd { StopReason = AnswerWriter.StopReason(_finish, _facts, _sequence.IsRefusal), StopSequence = AnswerWriter.StopSequence(_facts) },
        Usage = UsageMapping.Write(Usage, _tier),
    };

    void IBlockOutput.Begin(Block block, string? input)
    {
        _index++;
        if (input is not null)
            block.Input = NoInput;
        _events.Add(new StreamEvent { Type = "content_block_start", Index = _index, ContentBlock = block });
        if (input is not null)
            ((IBlockOutput)this).Grow(new BlockDelta { Type = "input_json_delta", PartialJson = input });
    }

    void IBlockOutput.Grow(BlockDelta delta) => _events.Add(new StreamEvent { Type = "content_block_delta", Index = _index, Delta = delta });

    void IBlockOutput.End() => _events.Add(new StreamEvent { Type = "content_block_stop", Index = _index });
}

using System.Text.Json;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>From a <see cref="ChatResponse"/> to a whole answer on the wire.</summary>
internal static class AnswerWriter
{
    /// <summary>Maps an answer.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="omitsThinking">Whether the caller wants the signatures of thinking without its text.</param>
    public static AnswerMessage Write(ChatResponse response, bool omitsThinking = false)
    {
        var blocks = new Blocks();
        var sequence = new BlockSequence(blocks, omitsThinking);
        foreach (var message in response.Messages)
        {
            for (var i = 0; i < message.Contents.Count; i++)
                sequence.Add(message.Contents[i]);
        }

        sequence.End();
        var facts = response.AdditionalProperties;
        var stopSequence = StopSequence(facts);
        return new AnswerMessage
        {
            Id = response.ResponseId,
            Model = response.ModelId,
            Content = blocks.All,
            StopReason = StopReason(response.FinishReason, facts, sequence.IsRefusal),
            StopSequence = stopSequence,
            Usage = UsageMapping.Write(response.Usage, Text(facts, AnswerProperties.ServiceTier)),
        };
    }

    public static string? StopReason(ChatFinishReason? reason, AdditionalPropertiesDictionary? facts, bool isRefusal) =>
        isRefusal ? "refusal" : StopSequence(facts) is null ? StopReasons.Write(reason, facts) : StopReasons.StopSequence;

    public static string? StopSequence(AdditionalPropertiesDictionary? facts) => Text(facts, ContentProperties.StopSequence);

    public static string? Text(AdditionalPropertiesDictionary? facts, string name) => facts?.TryGetValue(name, out var value) == true ? value as string : null;

    private sealed class Blocks : IBlockOutput
    {
        private Block? _open;

        public List<Block> All { get; } = [];

        public void Begin(Block block, string? input) => All.Add(_open = block);

        public void Grow(BlockDelta delta)
        {
            switch (delta.Type)
            {
                case "text_delta":
                    _open!.Text += delta.Text;
                    break;
                case "thinking_delta":
                    _open!.Thinking += delta.Thinking;
                    break;
                case "signature_delta":
                    _open!.Signature += delta.Signature;
                    break;
                default:
                    Cite(_open!, delta.Citation!.Value);
                    break;
            }
        }

        public void End() => _open = null;

        private static void Cite(Block block, JsonElement citation)
        {
            IEnumerable<JsonElement> cited = block.Extra?.TryGetValue("citations", out var before) == true ? before.EnumerateArray().Append(citation) : [citation];
            (block.Extra ??= new Dictionary<string, JsonElement>())["citations"] = JsonSerializer.SerializeToElement([.. cited], MessagesJson.Wire.JsonElementArray);
        }
    }
}

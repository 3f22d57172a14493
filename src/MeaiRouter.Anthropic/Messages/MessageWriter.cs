using MeaiRouter.Anthropic.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>The conversation as Anthropic wants it: the system's words apart, the turns alternating, results of tools before all else in theirs.</summary>
internal static class MessageWriter
{
    private const string User = "user";
    private const string Assistant = "assistant";

    public static (List<Block> System, List<InputMessage> Turns) Write(IEnumerable<ChatMessage> messages, string? instructions)
    {
        var system = new List<Block>();
        var turns = new List<InputMessage>();
        if (!string.IsNullOrEmpty(instructions))
            system.Add(new Block { Type = "text", Text = instructions });

        foreach (var message in messages)
        {
            if (message.Role == ChatRole.System || message.Role.Value == "developer")
                system.AddRange(Texts(message));
            else
                Append(turns, message.Role == ChatRole.Assistant ? Assistant : User, Blocks(message));
        }

        TrimPrefill(turns);
        return (system, turns);
    }

    private static IEnumerable<Block> Texts(ChatMessage message) =>
        message.Contents.OfType<TextContent>().Select(BlockWriter.Write).OfType<Block>();

    private static IEnumerable<Block> Blocks(ChatMessage message)
    {
        foreach (var content in message.Contents)
        {
            if (content is TextReasoningContent reasoning)
            {
                foreach (var block in message.Role == ChatRole.Assistant ? ThinkingBlocks.Write(reasoning) : [])
                    yield return block;
            }
            else if (BlockWriter.Write(content) is { } block)
            {
                yield return block;
            }
        }
    }

    private static void Append(List<InputMessage> turns, string role, IEnumerable<Block> blocks)
    {
        List<Block> added = [.. blocks];
        if (added.Count == 0)
            return;

        if (turns is [.., var last] && last.Role == role)
        {
            foreach (var block in added)
                last.Content!.Blocks!.Add(block);
        }
        else
        {
            turns.Add(last = new InputMessage { Role = role, Content = new BlockList(null, added) });
        }

        // Anthropic: results stand before everything else in the turn that answers the calls.
        if (role == User && last.Content!.Blocks!.Any(IsResult))
            last.Content = new BlockList(null, [.. last.Content.Blocks!.OrderBy(static block => IsResult(block) ? 0 : 1)]);
    }

    private static bool IsResult(Block block) => block.Type == "tool_result";

    // Anthropic refuses a last turn of the assistant that ends in white space.
    private static void TrimPrefill(List<InputMessage> turns)
    {
        if (turns is not [.., { Role: Assistant, Content.Blocks: [.., { Type: "text" } text] blocks }])
            return;

        text.Text = text.Text!.TrimEnd();
        if (text.Text.Length == 0)
            blocks.RemoveAt(blocks.Count - 1);
        if (blocks.Count == 0)
            turns.RemoveAt(turns.Count - 1);
    }
}

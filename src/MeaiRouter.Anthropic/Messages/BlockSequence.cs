using System.Text.Json;
using MeaiRouter.Anthropic.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>Puts the contents of an answer into blocks, one after the other: the same blocks whether the contents come at once or in pieces.</summary>
/// <param name="output">Who is told of the blocks.</param>
/// <param name="omitsThinking">Whether the caller wants the signatures of thinking without its text.</param>
internal sealed class BlockSequence(IBlockOutput output, bool omitsThinking)
{
    private const string RefusalCode = "Refusal";

    // Anthropic's strict clients insist on being told that the model calls by itself, and not from code that it wrote.
    private static readonly JsonElement Direct = JsonElement.Parse("""{"type":"direct"}""");

    private string? _open;
    private bool _isCited;

    /// <summary>Whether the model refused in so many words.</summary>
    public bool IsRefusal { get; private set; }

    public void Add(AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                AddText(text.Text, text);
                break;
            case TextReasoningContent reasoning:
                AddThinking(reasoning);
                break;
            case FunctionCallContent call:
                End();
                output.Begin(ToolUse(call), ToolInput.WriteText(call));
                output.End();
                break;
            case ErrorContent { ErrorCode: RefusalCode } refusal:
                IsRefusal = true;
                AddText(refusal.Message, refusal);
                break;
            case { RawRepresentation: JsonElement { ValueKind: JsonValueKind.Object } raw } when content.GetType() == typeof(AIContent):
                if (raw.Deserialize(MessagesJson.Wire.Block) is { Type: not null } block)
                    AddWhole(block);
                break;
        }
    }

    /// <summary>Ends the block that is open.</summary>
    public void End()
    {
        if (_open is not null)
            output.End();
        _open = null;
    }

    private static Block ToolUse(FunctionCallContent call) => new()
    {
        Type = "tool_use",
        Id = call.CallId,
        Name = call.Name,
        Input = ToolInput.Write(call),
        Extra = new Dictionary<string, JsonElement> { ["caller"] = Direct },
    };

    private void AddText(string text, AIContent content)
    {
        JsonElement[] citations = [.. Citations.Write(content)];
        if (text.Length == 0 && citations.Length == 0)
            return;

        // What is cited is a block of its own.
        if (_open != "text" || (_isCited && text.Length > 0))
        {
            End();
            Begin(new Block { Type = "text", Text = "" });
            _isCited = false;
        }

        if (text.Length > 0)
            output.Grow(new BlockDelta { Type = "text_delta", Text = text });
        foreach (var citation in citations)
            output.Grow(new BlockDelta { Type = "citations_delta", Citation = citation });
        _isCited |= citations.Length > 0;
    }

    private void AddThinking(TextReasoningContent reasoning)
    {
        if (reasoning.Text.Length > 0)
        {
            BeginThinking();
            if (!omitsThinking)
                output.Grow(new BlockDelta { Type = "thinking_delta", Thinking = reasoning.Text });
        }

        // Other providers sign late: what was thought stands in a block that has ended, and comes back whole only with the signature.
        var isLate = _open != ThinkingBlocks.Thinking;
        var (signature, redacted) = ThinkingBlocks.Protection(reasoning, isLate);
        if (signature is not null)
        {
            BeginThinking();
            output.Grow(new BlockDelta { Type = "signature_delta", Signature = signature });
            End();
        }

        foreach (var block in redacted)
            AddWhole(block);
    }

    private void BeginThinking()
    {
        if (_open == ThinkingBlocks.Thinking)
            return;

        End();
        Begin(new Block { Type = ThinkingBlocks.Thinking, Thinking = "", Signature = "" });
    }

    private void AddWhole(Block block)
    {
        End();
        output.Begin(block, null);
        output.End();
    }

    private void Begin(Block block)
    {
        output.Begin(block, null);
        _open = block.Type;
    }
}

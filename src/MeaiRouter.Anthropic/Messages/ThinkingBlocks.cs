using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Anthropic.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>Thinking, signed or encrypted, as reasoning and back, to the letter: Anthropic checks the signature when it goes back.</summary>
/// <remarks>
/// Signatures and encrypted data are the content's <c>ProtectedData</c> in the form of OpenRouter's <c>reasoning_details</c>, which callers of the chat wire
/// get and send back too. Details of other providers travel over the Messages wire within a signature, so that they come back as well.
/// </remarks>
internal static class ThinkingBlocks
{
    public const string Thinking = "thinking";
    public const string Redacted = "redacted_thinking";

    private const string Format = "anthropic-claude-v1";
    private const string TextKind = "reasoning.text";
    private const string EncryptedKind = "reasoning.encrypted";

    // No signature of Anthropic's holds a dot.
    private const string ForeignPrefix = "meairouter.";

    public static TextReasoningContent Read(string thinking, string? signature)
    {
        if (string.IsNullOrEmpty(signature))
            return new TextReasoningContent(thinking);

        return new TextReasoningContent(thinking)
        {
            ProtectedData = Foreign(signature) ?? Details(new() { ["type"] = TextKind, ["text"] = thinking, ["signature"] = signature, ["format"] = Format }),
        };
    }

    public static TextReasoningContent ReadRedacted(string data) => new("")
    {
        ProtectedData = Details(new() { ["type"] = EncryptedKind, ["data"] = data, ["format"] = Format }),
    };

    /// <summary>The blocks that Anthropic takes back: those it signed or encrypted itself.</summary>
    public static IEnumerable<Block> Write(TextReasoningContent reasoning)
    {
        if (string.IsNullOrEmpty(reasoning.ProtectedData))
            yield break;

        if (Items(reasoning) is not { } details)
        {
            // As the SDK's own adapter keeps it.
            yield return reasoning.Text.Length > 0
                ? new Block { Type = Thinking, Thinking = reasoning.Text, Signature = reasoning.ProtectedData }
                : new Block { Type = Redacted, Data = reasoning.ProtectedData };
            yield break;
        }

        foreach (var detail in details.EnumerateArray())
        {
            if (Block(detail) is { } block)
                yield return block;
        }
    }

    /// <summary>
    /// What an answer's reasoning is signed with, and what of it is encrypted. Where that is not simply Anthropic's the signature carries all of it.
    /// </summary>
    /// <param name="reasoning">The reasoning.</param>
    /// <param name="isLate">Whether the block with the text that is signed has ended, so that the signature must carry the text too.</param>
    public static (string? Signature, IReadOnlyList<Block> Redacted) Protection(TextReasoningContent reasoning, bool isLate)
    {
        if (string.IsNullOrEmpty(reasoning.ProtectedData))
            return (null, []);

        var blocks = Items(reasoning)?.EnumerateArray().Select(Block).ToList();
        if (blocks is null || blocks.Contains(null) || blocks.Count(static block => block!.Type == Thinking) > 1
            || (isLate && blocks.Exists(static block => block!.Thinking is { Length: > 0 })))
            return (ForeignPrefix + Convert.ToBase64String(Encoding.UTF8.GetBytes(reasoning.ProtectedData)), []);

        return (blocks.Find(static block => block!.Type == Thinking)?.Signature, [.. blocks.Where(static block => block!.Type == Redacted)!]);
    }

    private static Block? Block(JsonElement detail)
    {
        if (detail.Text("format") is { } format && format != Format)
            return null;

        return detail.Text("type") switch
        {
            TextKind when detail.Text("signature") is { Length: > 0 } signature => new Block { Type = Thinking, Thinking = detail.Text("text") ?? "", Signature = signature },
            EncryptedKind when detail.Text("data") is { } data => new Block { Type = Redacted, Data = data },
            _ => null,
        };
    }

    private static string Details(JsonObject item)
    {
        item["index"] = 0;
        return JsonSerializer.Serialize(new JsonArray(item), MessagesJson.Wire.JsonArray);
    }

    private static JsonElement? Items(TextReasoningContent reasoning)
    {
        if (reasoning.ProtectedData is not ['[', ..] data)
            return null;

        try
        {
            return JsonElement.Parse(data);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Foreign(string signature)
    {
        if (!signature.StartsWith(ForeignPrefix, StringComparison.Ordinal))
            return null;

        var bytes = new byte[signature.Length];
        return Convert.TryFromBase64Chars(signature.AsSpan(ForeignPrefix.Length), bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}

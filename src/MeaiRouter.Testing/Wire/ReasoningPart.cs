using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace MeaiRouter.Testing;

/// <summary>Reasoning in one of the spellings that providers use; without one, in that of the provider's shape.</summary>
internal sealed record ReasoningPart(ReasoningSpelling? Spelling, ImmutableArray<string> Pieces) : ContentPart(Pieces)
{
    private const string DetailsFormat = "anthropic-claude-v1";

    /// <summary>The signature of <c>reasoning_details</c>, which a stream brings with an empty last piece.</summary>
    public string? Signature { get; init; }

    /// <summary>The reasoning as a provider of that shape sends it.</summary>
    public ReasoningPart In(AnswerShape shape, string provider)
    {
        var spelled = this with { Spelling = Spelling ?? shape.Reasoning };
        return shape.SignsReasoning && spelled.HasDetails && Signature is null
            ? spelled with { Signature = IssuedReasoning.Sign(provider, Joined), Pieces = Pieces.Add("") }
            : spelled;
    }

    public override JsonObject Delta(int piece)
    {
        var (isFirst, isLast) = (piece == 0, piece == Pieces.Length - 1);
        var delta = new JsonObject();
        if (Tags is var (opening, closing))
            delta["content"] = (isFirst ? opening : "") + Pieces[piece] + (isLast ? closing : "");
        else
            Spell(delta, Pieces[piece], isLast ? Signature : null);
        return delta;
    }

    public override void AddTo(JsonObject message)
    {
        if (Tags is var (opening, closing))
            message["content"] = opening + Joined + closing;
        else
            Spell(message, Joined, Signature);
    }

    private bool HasDetails => Spelling is ReasoningSpelling.ReasoningDetails or ReasoningSpelling.ReasoningAndDetails;

    private (string Opening, string Closing)? Tags => Spelling switch
    {
        ReasoningSpelling.ThinkTags => ("<think>\n", "\n</think>\n\n"),
        ReasoningSpelling.ThoughtTags => ("<thought>", "</thought>"),
        _ => null,
    };

    private void Spell(JsonObject target, string text, string? signature)
    {
        switch (Spelling)
        {
            case ReasoningSpelling.ReasoningContent:
                target["reasoning_content"] = text;
                return;
            case ReasoningSpelling.ThinkingChunks:
                target["content"] = new JsonArray(new JsonObject
                {
                    ["type"] = "thinking", ["thinking"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }),
                });
                return;
        }

        if (Spelling is null or ReasoningSpelling.Reasoning or ReasoningSpelling.ReasoningAndDetails)
            target["reasoning"] = text;
        if (HasDetails)
            target["reasoning_details"] = new JsonArray(Detail(text, signature));
    }

    private JsonObject Detail(string text, string? signature)
    {
        var detail = new JsonObject { ["type"] = "reasoning.text", ["text"] = text, ["index"] = 0 };
        if (Signature is not null)
        {
            detail["format"] = DetailsFormat;
            detail["signature"] = signature;
        }

        return detail;
    }
}

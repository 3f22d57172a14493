using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace MeaiRouter.Testing;

/// <summary>One part of an answer's message, in the pieces in which a stream carries it.</summary>
internal abstract record ContentPart(ImmutableArray<string> Pieces)
{
    /// <summary>The delta that carries the piece.</summary>
    public abstract JsonObject Delta(int piece);

    /// <summary>Adds the whole part to a message that is not streamed.</summary>
    public abstract void AddTo(JsonObject message);

    protected string Joined => string.Concat(Pieces);
}

/// <summary>Text under one name of the message: <c>content</c> or <c>refusal</c>.</summary>
internal sealed record TextPart(string Field, ImmutableArray<string> Pieces) : ContentPart(Pieces)
{
    public override JsonObject Delta(int piece) => new() { [Field] = Pieces[piece] };

    // Reasoning may stand before it in the same field.
    public override void AddTo(JsonObject message)
    {
        if (message[Field] is JsonArray chunks)
            chunks.Add(new JsonObject { ["type"] = "text", ["text"] = Joined });
        else
            message[Field] = (string?)message[Field] + Joined;
    }
}

/// <summary>A tool call. Its first piece is empty: that delta brings the id and the name, the others only arguments.</summary>
internal sealed record ToolCallPart(int Index, string Id, string Name, ImmutableArray<string> Pieces) : ContentPart(Pieces)
{
    public ToolCallDeltas Deltas { get; init; }

    /// <summary>Gemini's signature of the thoughts that led to the call.</summary>
    public string? ThoughtSignature { get; init; }

    /// <summary>The call as a provider of that shape sends it.</summary>
    public ToolCallPart In(AnswerShape shape, string provider) => this with
    {
        Deltas = shape.ToolCalls,
        Pieces = shape.ToolCalls is ToolCallDeltas.Pieces or ToolCallDeltas.PiecesWithoutId ? Pieces : [Joined],
        ThoughtSignature = shape.SignsToolCalls && Index == 0 ? IssuedReasoning.Sign(provider, Id + Name + Joined) : null,
    };

    public override JsonObject Delta(int piece)
    {
        var call = new JsonObject();
        if (Deltas != ToolCallDeltas.WholeWithoutIndex)
            call["index"] = Deltas == ToolCallDeltas.WholeAtIndexZero ? 0 : Index;
        if (piece > 0)
            call["function"] = new JsonObject { ["arguments"] = Pieces[piece] };
        else
            Fill(call, Pieces[0], hasId: Deltas != ToolCallDeltas.PiecesWithoutId);
        return new JsonObject { ["tool_calls"] = new JsonArray(call) };
    }

    public override void AddTo(JsonObject message)
    {
        if (message["tool_calls"] is not JsonArray calls)
            message["tool_calls"] = calls = [];
        var call = new JsonObject();
        Fill(call, Joined, hasId: Deltas != ToolCallDeltas.PiecesWithoutId);
        calls.Add(call);
    }

    private void Fill(JsonObject call, string arguments, bool hasId)
    {
        if (hasId)
            call["id"] = Id;
        call["type"] = "function";
        call["function"] = new JsonObject { ["name"] = Name, ["arguments"] = arguments };
        if (ThoughtSignature is not null)
            call["extra_content"] = new JsonObject { ["google"] = new JsonObject { ["thought_signature"] = ThoughtSignature } };
    }
}

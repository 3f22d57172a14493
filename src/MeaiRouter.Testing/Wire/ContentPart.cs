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

    public override void AddTo(JsonObject message) => message[Field] = Joined;
}

/// <summary>Reasoning in one of the spellings that providers use.</summary>
internal sealed record ReasoningPart(ReasoningSpelling Spelling, ImmutableArray<string> Pieces) : ContentPart(Pieces)
{
    public override JsonObject Delta(int piece) => Spell(new JsonObject(), Pieces[piece]);

    public override void AddTo(JsonObject message) => Spell(message, Joined);

    private JsonObject Spell(JsonObject target, string text)
    {
        if (Spelling == ReasoningSpelling.ReasoningContent)
            target["reasoning_content"] = text;
        if (Spelling is ReasoningSpelling.Reasoning or ReasoningSpelling.ReasoningAndDetails)
            target["reasoning"] = text;
        if (Spelling is ReasoningSpelling.ReasoningDetails or ReasoningSpelling.ReasoningAndDetails)
            target["reasoning_details"] = new JsonArray(new JsonObject { ["type"] = "reasoning.text", ["text"] = text, ["index"] = 0 });
        return target;
    }
}

/// <summary>A tool call. Its first piece is empty: that delta brings the id and the name, the others only arguments.</summary>
internal sealed record ToolCallPart(int Index, string Id, string Name, ImmutableArray<string> Pieces) : ContentPart(Pieces)
{
    public override JsonObject Delta(int piece) => new()
    {
        ["tool_calls"] = new JsonArray(piece == 0
            ? new JsonObject { ["index"] = Index, ["id"] = Id, ["type"] = "function", ["function"] = Function(Name, "") }
            : new JsonObject { ["index"] = Index, ["function"] = new JsonObject { ["arguments"] = Pieces[piece] } }),
    };

    public override void AddTo(JsonObject message)
    {
        if (message["tool_calls"] is not JsonArray calls)
            message["tool_calls"] = calls = [];
        calls.Add(new JsonObject { ["id"] = Id, ["type"] = "function", ["function"] = Function(Name, Joined) });
    }

    private static JsonObject Function(string name, string arguments) => new() { ["name"] = name, ["arguments"] = arguments };
}

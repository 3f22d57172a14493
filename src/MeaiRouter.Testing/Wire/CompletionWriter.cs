using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace MeaiRouter.Testing;

/// <summary>Writes a <see cref="Completion"/> on the OpenAI wire, whole or in chunks.</summary>
internal sealed class CompletionWriter(Completion completion, ReceivedRequest request)
{
    private readonly AnswerShape _shape = completion.Shape ?? request.Shape;

    /// <summary>The whole answer, or its first pieces where it breaks off.</summary>
    public JsonObject Whole(ImmutableArray<ContentPart> parts, Finish finish)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = null };
        foreach (var part in parts)
            Spelled(part).AddTo(message);

        var choice = AddFinish(new JsonObject { ["index"] = 0, ["message"] = message, ["logprobs"] = null }, finish);
        var whole = Envelope("chat.completion", choice);
        if (completion.SendsUsage)
            whole["usage"] = new UsageWriter(_shape.Usage).Write(Counted);
        return whole;
    }

    public JsonObject RoleChunk() => Chunk(new JsonObject { ["role"] = "assistant", ["content"] = "" });

    public IEnumerable<JsonObject> ContentChunks() =>
        from part in completion.Parts.Select(Spelled)
        from piece in Enumerable.Range(0, part.Pieces.Length)
        select Chunk(part.Delta(piece));

    /// <summary>What follows the content: the finish reason, and the usage for those who ask for it.</summary>
    public IEnumerable<JsonObject> ClosingChunks()
    {
        var usage = SendsUsageInStream ? new UsageWriter(_shape.Usage).Write(Counted) : null;
        if (completion.FinishOrDefault.IsSent)
        {
            var finish = Chunk(new JsonObject(), completion.FinishOrDefault);
            if (_shape.Usage == UsageSpelling.Groq && usage is not null)
                finish["x_groq"] = new JsonObject { ["id"] = "req_" + finish["id"], ["usage"] = usage };
            else if (_shape.Usage == UsageSpelling.Totals)
                finish["usage"] = usage;
            yield return finish;
        }

        if (usage is not null && !SendsUsageAtFinish)
        {
            var last = Envelope("chat.completion.chunk", choice: null);
            last["usage"] = usage;
            yield return last;
        }
    }

    /// <summary>OpenRouter's error in the middle of a stream: beside a choice that ends the answer.</summary>
    public JsonObject ErrorChunk(WireError error)
    {
        var chunk = Chunk(new JsonObject { ["content"] = "" }, new Finish("error"));
        chunk["error"] = error.InBand(request.Provider);
        return chunk;
    }

    /// <summary>OpenRouter's error after partial output of an answer that is not streamed.</summary>
    public JsonObject WholeWithError(ImmutableArray<ContentPart> parts, WireError error)
    {
        var whole = Whole(parts, new Finish("error"));
        whole["choices"]![0]!["error"] = error.InBand(request.Provider);
        return whole;
    }

    /// <summary>Notes which reasoning led to which calls, before they are sent: it must come back with them.</summary>
    public void NoteReasoning()
    {
        var reasoning = string.Concat(completion.Parts.OfType<ReasoningPart>().SelectMany(static part => part.Pieces));
        foreach (var call in completion.Parts.OfType<ToolCallPart>())
            request.Issued?.Note(call.Id, reasoning);
    }

    private ContentPart Spelled(ContentPart part) => part switch
    {
        ReasoningPart reasoning => reasoning.In(_shape, request.Provider),
        ToolCallPart call => call.In(_shape, request.Provider),
        _ => part,
    };

    // On the chunk with the finish reason it comes unasked.
    private bool SendsUsageAtFinish => _shape.Usage is UsageSpelling.Groq or UsageSpelling.Totals;

    private bool SendsUsageInStream => completion.SendsUsage && (request.AsksForStreamedUsage || SendsUsageAtFinish);

    private JsonObject Chunk(JsonObject delta, Finish? finish = null)
    {
        var choice = AddFinish(new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null }, finish ?? new Finish(null));
        var chunk = Envelope("chat.completion.chunk", choice);
        if (SendsUsageInStream && !SendsUsageAtFinish)
            chunk["usage"] = null; // As OpenAI does on every chunk but the last.
        return chunk;
    }

    private JsonObject Envelope(string kind, JsonObject? choice) => new()
    {
        ["id"] = completion.Id ?? string.Create(CultureInfo.InvariantCulture, $"chatcmpl-{request.Provider}-{request.Number}"),
        ["object"] = kind,
        ["created"] = request.ReceivedAt.ToUnixTimeSeconds(),
        ["model"] = completion.Model ?? request.Model,
        ["choices"] = choice is null ? [] : new JsonArray(choice),
    };

    private JsonObject AddFinish(JsonObject choice, Finish finish)
    {
        if (finish.IsSent)
            choice["finish_reason"] = completion.Finish is null ? _shape.FinishReason(finish.Reason) : finish.Reason;
        if (finish.Native is not null)
            choice["native_finish_reason"] = finish.Native;
        return choice;
    }

    private Tokens Counted => completion.Tokens ?? new Tokens(
        Prompt: ReceivedMessages.AllTexts(request.Body).Sum(static text => Pieces.Words(text).Length),
        Completion: completion.PieceCount);
}

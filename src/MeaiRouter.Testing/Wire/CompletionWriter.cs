using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace MeaiRouter.Testing;

/// <summary>Writes a <see cref="Completion"/> on the OpenAI wire, whole or in chunks.</summary>
internal sealed class CompletionWriter(Completion completion, ReceivedRequest request)
{
    /// <summary>The whole answer, or its first pieces where it breaks off.</summary>
    public JsonObject Whole(ImmutableArray<ContentPart> parts, Finish finish)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = null };
        foreach (var part in parts)
            part.AddTo(message);

        var choice = AddFinish(new JsonObject { ["index"] = 0, ["message"] = message, ["logprobs"] = null }, finish);
        var whole = Envelope("chat.completion", choice);
        if (completion.SendsUsage)
            whole["usage"] = Usage();
        return whole;
    }

    public JsonObject RoleChunk() => Chunk(new JsonObject { ["role"] = "assistant", ["content"] = "" });

    public IEnumerable<JsonObject> ContentChunks() =>
        from part in completion.Parts
        from piece in Enumerable.Range(0, part.Pieces.Length)
        select Chunk(part.Delta(piece));

    /// <summary>What follows the content: the finish reason, and the usage for those who ask for it.</summary>
    public IEnumerable<JsonObject> ClosingChunks()
    {
        if (completion.FinishOrDefault.IsSent)
            yield return Chunk(new JsonObject(), completion.FinishOrDefault);

        if (SendsUsageInStream)
        {
            var usage = Envelope("chat.completion.chunk", choice: null);
            usage["usage"] = Usage();
            yield return usage;
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

    private bool SendsUsageInStream => completion.SendsUsage && request.AsksForStreamedUsage;

    private JsonObject Chunk(JsonObject delta, Finish? finish = null)
    {
        var choice = AddFinish(new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null }, finish ?? new Finish(null));
        var chunk = Envelope("chat.completion.chunk", choice);
        if (SendsUsageInStream)
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

    private static JsonObject AddFinish(JsonObject choice, Finish finish)
    {
        if (finish.IsSent)
            choice["finish_reason"] = finish.Reason;
        if (finish.Native is not null)
            choice["native_finish_reason"] = finish.Native;
        return choice;
    }

    private JsonObject Usage()
    {
        var tokens = completion.Tokens ?? new Tokens(
            Prompt: ReceivedMessages.AllTexts(request.Body).Sum(static text => Pieces.Words(text).Length),
            Completion: completion.PieceCount);
        var usage = new JsonObject
        {
            ["prompt_tokens"] = tokens.Prompt,
            ["completion_tokens"] = tokens.Completion,
            ["total_tokens"] = tokens.Prompt + tokens.Completion,
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = tokens.Cached, ["cache_write_tokens"] = tokens.CacheWrite },
            ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = tokens.Reasoning },
        };
        if (tokens.Cost is { } cost)
            usage["cost"] = cost;
        return usage;
    }
}

using System.Collections.Immutable;

namespace MeaiRouter.Testing;

/// <summary>What a scripted model answers, before it is written in either mode.</summary>
internal sealed record Completion : ReplyBody
{
    public ImmutableArray<ContentPart> Parts { get; init; } = [];

    /// <summary>The finish reason as scripted, or <see langword="null"/> for the one that suits the parts.</summary>
    public Finish? Finish { get; init; }

    public string? Id { get; init; }

    public string? Model { get; init; }

    /// <summary>The tokens as scripted, or <see langword="null"/> for a count of words.</summary>
    public Tokens? Tokens { get; init; }

    /// <summary>The shape as scripted, or <see langword="null"/> for that of the dialect.</summary>
    public AnswerShape? Shape { get; init; }

    public bool SendsUsage { get; init; } = true;

    public bool SendsDone { get; init; } = true;

    public int PieceCount => Parts.Sum(static p => p.Pieces.Length);

    public int ToolCallCount => Parts.Count(static p => p is ToolCallPart);

    public Finish FinishOrDefault => Finish ?? new Finish(ToolCallCount > 0 ? "tool_calls" : "stop");

    /// <summary>The parts as far as their first <paramref name="count"/> pieces go.</summary>
    public ImmutableArray<ContentPart> FirstPieces(int count)
    {
        var parts = ImmutableArray.CreateBuilder<ContentPart>();
        foreach (var part in Parts.TakeWhile(_ => count > 0))
        {
            parts.Add(part with { Pieces = part.Pieces[..Math.Min(count, part.Pieces.Length)] });
            count -= part.Pieces.Length;
        }

        return parts.DrainToImmutable();
    }

    public override bool IsStreamed(ReceivedRequest request) => request.Streamed;

    public override StreamedBody Stream(ReceivedRequest request)
    {
        var writer = new CompletionWriter(this, request);
        writer.NoteReasoning();
        var closing = writer.ClosingChunks().Select(WireJson.Event);
        return new(
            [WireJson.Event(writer.RoleChunk())],
            [.. writer.ContentChunks().Select(WireJson.Event)],
            [.. SendsDone ? closing.Append(WireJson.Event("[DONE]")) : closing]);
    }

    public override byte[] ErrorEvent(ReceivedRequest request, WireError error) =>
        WireJson.Event(new CompletionWriter(this, request).ErrorChunk(error));

    public override byte[] Whole(ReceivedRequest request)
    {
        var writer = new CompletionWriter(this, request);
        writer.NoteReasoning();
        return WireJson.Bytes(writer.Whole(Parts, FinishOrDefault));
    }

    public override byte[] WholeUntil(int pieces, ReceivedRequest request) =>
        WireJson.Bytes(new CompletionWriter(this, request).Whole(FirstPieces(pieces), new Finish(null)));

    public override byte[] WholeWithError(int pieces, ReceivedRequest request, WireError error) =>
        pieces == 0
            ? base.WholeWithError(pieces, request, error)
            : WireJson.Bytes(new CompletionWriter(this, request).WholeWithError(FirstPieces(pieces), error));
}

/// <summary>The finish reason; one that is not sent leaves out the field, and in a stream the chunk that would carry it.</summary>
internal sealed record Finish(string? Reason, string? Native = null, bool IsSent = true);

/// <summary>Token counts as the provider reports them: cached and written ones are part of the prompt, reasoning of the completion.</summary>
internal sealed record Tokens(int Prompt, int Completion, int Cached = 0, int CacheWrite = 0, int Reasoning = 0, decimal? Cost = null);

namespace MeaiRouter.EntityFrameworkCore.Schema;

/// <summary>A row of the table <c>requests</c>.</summary>
public sealed class RequestEntity
{
    /// <summary>The id of the request.</summary>
    public string Id { get; init; } = "";

    /// <summary>When its first attempt began, in Unix milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>The model asked for.</summary>
    public string? RequestedModel { get; init; }

    /// <summary>The model as the answering provider names it.</summary>
    public string? ServedModel { get; init; }

    /// <summary>The name of the caller's key.</summary>
    public string? KeyName { get; init; }

    /// <summary>The user.</summary>
    public string? UserName { get; init; }

    /// <summary>How it ended: <c>Answered</c>, <c>Failed</c>, <c>Cancelled</c>.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>The normalized finish reason.</summary>
    public string? FinishReason { get; init; }

    /// <summary>What all attempts cost, in nano-dollars; <see langword="null"/> if one of them is unpriced.</summary>
    public long? CostNanoUsd { get; init; }
}

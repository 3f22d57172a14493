using System.Text.Json.Nodes;

namespace MeaiRouter.Testing;

/// <summary>What a provider says to a request that breaks one of its rules; the dialect's envelope makes the body of it.</summary>
/// <param name="Message">The provider's words.</param>
public sealed record RuleViolation(string Message)
{
    /// <summary>The HTTP status. Default: 400.</summary>
    public int Status { get; init; } = 400;

    /// <summary>The error's <c>type</c>. Default: <see langword="null"/>, the dialect's own.</summary>
    public string? Type { get; init; }

    /// <summary>The error's <c>code</c>. Default: <see langword="null"/>, the dialect's own.</summary>
    public string? Code { get; init; }

    /// <summary>The error's <c>param</c>: the field at fault. Default: <see langword="null"/>.</summary>
    public string? Param { get; init; }

    /// <summary>What the envelope adds to the message: Google's <c>details</c>, Mistral's <c>detail</c>.</summary>
    internal JsonArray? Details { get; init; }
}

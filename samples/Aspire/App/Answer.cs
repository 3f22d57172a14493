namespace Samples.Aspire.App;

/// <summary>What the app says to a question, and how it came about.</summary>
internal sealed record Answer(string Text, string? Provider, bool FromCache, decimal? CostUsd, string[] Attempts);

namespace MeaiRouter.EntityFrameworkCore.Feedback;

/// <summary>What a caller says of an answer.</summary>
/// <param name="GenerationId">The id of the answer's record.</param>
/// <param name="CreatedAt">When it was said.</param>
/// <param name="Key">The name of the key it was said with; <see langword="null"/> for none.</param>
/// <param name="Category">What it is about, in a word.</param>
/// <param name="Comment">What it says; <see langword="null"/> for nothing.</param>
public sealed record GenerationFeedback(string GenerationId, DateTimeOffset CreatedAt, string? Key, string Category, string? Comment);

using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback.Continuation;

/// <summary>Fits the answer of another attempt to what the caller already has.</summary>
internal interface IJoint
{
    SeamWay Way { get; }

    /// <summary>Whether what the caller already has has been passed, so that everything that follows is new.</summary>
    bool IsPassed { get; }

    /// <summary>Where the answer is not a continuation, as a sentence; <see langword="null"/> as long as it is one.</summary>
    string? Difference { get; }

    /// <summary>Takes out of the update what the caller already has.</summary>
    /// <returns>What is new; <see langword="null"/> if nothing is.</returns>
    ChatResponseUpdate? Take(ChatResponseUpdate update);
}

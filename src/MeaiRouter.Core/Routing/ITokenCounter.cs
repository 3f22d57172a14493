using MeaiRouter.Catalog;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>Counts the tokens of a prompt, with the tokenizer of the model where it is known.</summary>
public interface ITokenCounter
{
    /// <summary>The tokens of the prompt.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options, whose instructions and tools are part of the prompt; <see langword="null"/> if there are none.</param>
    /// <param name="model">The model that is to read the prompt.</param>
    /// <remarks>Called on the caller's thread, and only where the prompt may exceed a limit; it must not block.</remarks>
    long Count(IReadOnlyList<ChatMessage> messages, ChatOptions? options, Model model);
}

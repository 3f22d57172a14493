using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>Shows what a client really is.</summary>
public static class PipelineDescriptionExtensions
{
    /// <summary>Writes down the pipeline in effect: one line a layer from outside to inside, then the client of each provider.</summary>
    /// <remarks>
    /// MeaiRouter's layers say what matters of their settings: strategy and models, deadlines, budgets, cache, dialect. Layers of others are
    /// named, and looked through where they derive from <see cref="DelegatingChatClient"/> or their <c>GetService</c> shows what is inside. There is no key in
    /// it and of an address only the server. The text is for people: its wording may change between versions.
    /// </remarks>
    /// <param name="client">The outermost client.</param>
    /// <returns>The lines, without one at the end.</returns>
    public static string DescribePipeline(this IChatClient client)
    {
        ArgumentNullException.ThrowIfNull(client);

        return PipelineDescription.Of(client);
    }
}

using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>
/// A conversation that a provider keeps, and that <c>ConversationId</c> names, can be read by that provider alone. Whoever is given such an id sends
/// only what is new from then on, and the next endpoint would know nothing of the rest. So where several providers may serve, no id is handed out
/// and none is taken.
/// </summary>
internal static class KeptConversation
{
    private const string LeftOut = "The conversation id of the answer was left out: the next turn may go to a provider that cannot read it.";

    /// <exception cref="RouterException">The request continues a conversation at one provider, and might go to another.</exception>
    public static void Check(RoutePlan plan, ChatOptions options)
    {
        if (options.ConversationId is null || !plan.SpansProviders)
            return;

        var providers = plan.Candidates.Select(static candidate => candidate.Endpoint.Provider).Distinct(StringComparer.OrdinalIgnoreCase);
        throw new RouterException(
            FailureKind.InvalidRequest,
            $"ConversationId is '{options.ConversationId}', and only the provider that keeps that conversation can read it, but the request may go to any of "
            + $"{string.Join(", ", providers)}. Name that provider in RoutingPreferences.Only, or leave ConversationId out and send the whole conversation.");
    }

    /// <exception cref="RouterException">The request continues a conversation at one client, and might go to another.</exception>
    public static void CheckBackups(RouteContext context, ChatOptions options)
    {
        context.HasBackups = true;
        if (options.ConversationId is { } id)
        {
            throw new RouterException(
                FailureKind.InvalidRequest,
                $"ConversationId is '{id}', and only the client that keeps that conversation can read it, but the request may also go to a backup. "
                + "Leave ConversationId out and send the whole conversation.");
        }
    }

    /// <summary>Takes the id out of an answer, if need be.</summary>
    public static void RemoveFrom(ChatResponse response, RouteContext context)
    {
        if (response.ConversationId is null || !context.SpansProviders)
            return;

        // The request is settled, and its trace is made.
        response.ConversationId = null;
        context.ToTrace().Note(LeftOut);
    }

    /// <summary>The update without the id, if need be. A clone: its client may hand the same one out again.</summary>
    public static ChatResponseUpdate RemoveFrom(ChatResponseUpdate update, RouteContext context)
    {
        if (!context.SpansProviders)
            return update;

        var portable = update.Clone();
        portable.ConversationId = null;
        context.Note(LeftOut);
        return portable;
    }
}

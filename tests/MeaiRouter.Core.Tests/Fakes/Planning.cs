using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fakes;

/// <summary>Plans without calling anybody.</summary>
internal static class Planning
{
    public static readonly ChatMessage[] Hello = [new(ChatRole.User, "Hi there")];

    /// <summary>Plans a request of which only the model, the preferences and the seed matter.</summary>
    public static RoutePlan Plan(this RoutePlanner planner, string? model, RoutingPreferences preferences, ulong seed) => planner.Plan(new PlanRequest
    {
        ModelId = model, Preferences = preferences, Seed = seed, Messages = [], Policies = [], DataClasses = [], MayProbe = true,
    }).WithoutFallbacks();

    /// <summary>What a router over the catalogue makes of a request, without chance.</summary>
    public static RoutePlan Explain(this ModelCatalog catalog, ChatOptions options, RoutingOptions? routing = null, params ChatMessage[] messages)
    {
        routing ??= new RoutingOptions { Strategy = new CheapestFirst() };
        using var router = new RouterChatClient(new FakeChatClient(), catalog, routing);
        return router.Explain(messages.Length > 0 ? messages : Hello, options);
    }

    public static RouterException Refuse(this ModelCatalog catalog, ChatOptions options, RoutingOptions? routing = null, params ChatMessage[] messages) =>
        Assert.Throws<RouterException>(() => catalog.Explain(options, routing, messages));

    public static string[] Tags(this RoutePlan plan) => [.. plan.Candidates.Select(candidate => candidate.Endpoint.Tag)];

    /// <summary>Each endpoint as <c>model tag</c>.</summary>
    public static string[] ModelsAndTags(this RoutePlan plan) => [.. plan.Candidates.Select(candidate => $"{candidate.Model} {candidate.Endpoint.Tag}")];

    public static string[] Reasons(this RoutePlan plan) => [.. plan.Excluded.Select(excluded => $"{excluded.Endpoint.Tag} ({excluded.Filter}) {excluded.Reason}")];
}

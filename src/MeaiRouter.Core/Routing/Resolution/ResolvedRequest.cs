namespace MeaiRouter.Routing.Resolution;

/// <summary>What the names in a request stand for.</summary>
/// <param name="RequestedModel">The first model as the request, the preset or the default names it.</param>
/// <param name="Models">The models to try, best first, each once.</param>
/// <param name="Preferences">The request's preferences, with the preset's where it says nothing.</param>
/// <param name="Preset">The preset; <see langword="null"/> for none.</param>
internal readonly record struct ResolvedRequest(string RequestedModel, RoutedModel[] Models, RoutingPreferences Preferences, Preset? Preset)
{
    /// <summary>What the request says for single models.</summary>
    public ModelTerms[] Terms => Array.Exists(Models, static routed => routed.Override is not null)
        ? [.. Models.Where(static routed => routed.Override is not null).Select(static routed => new ModelTerms(routed.Model.Model, routed.Override!, routed.Preferences))]
        : [];

    /// <summary>The number of endpoints of all models together.</summary>
    public int Endpoints
    {
        get
        {
            var endpoints = 0;
            foreach (ref readonly var routed in Models.AsSpan())
                endpoints += routed.Model.Candidates.Length;
            return endpoints;
        }
    }
}

using MeaiRouter.Routing;

namespace MeaiRouter.Normalization;

/// <summary>Writes into the trace what was adapted for one endpoint.</summary>
internal readonly struct RouteNotes(RouteContext context)
{
    public void Add(string sentence) =>
        context.Note(context.Attempt?.Endpoint is { } endpoint ? $"{endpoint}: {sentence}" : sentence);
}

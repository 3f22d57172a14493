using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Dialects;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>For whom a conversation is adapted.</summary>
/// <param name="Dialect">The dialect to be spoken.</param>
/// <param name="Attempt">The attempt in whose course it is; <see langword="null"/> where nobody attempts.</param>
/// <param name="Provider">The provider; <see langword="null"/> if nobody knows.</param>
/// <param name="Notes">Where every change is taken down.</param>
internal readonly record struct Destination(Dialect Dialect, RouteAttempt? Attempt, string? Provider, RouteNotes Notes)
{
    public ModelEndpoint? Endpoint => Attempt?.Endpoint;

    /// <summary>The kinds of input that the endpoint takes; <see langword="null"/> if nobody said.</summary>
    public IReadOnlyList<string>? InputModalities => Endpoint switch
    {
        { InputModalities: { Count: > 0 } own } => own,
        { } when Attempt?.Model is { DeclaresInputModalities: true } model => model.InputModalities,
        _ => null,
    };

    /// <summary>A request that the endpoint would refuse and that cannot be adapted, so that another one is tried.</summary>
    /// <param name="takes">The rest of a sentence that begins with the endpoint: what it takes, what the request holds instead, and the remedy.</param>
    public RouterException Unsupported(string takes) =>
        new(FailureKind.Unsupported, $"{(Endpoint is null ? $"The dialect '{Dialect.Name}'" : "The endpoint")} {takes}")
        {
            Provider = Provider,
            Endpoint = Endpoint?.Tag,
        };
}

using MeaiRouter.Policies;
using MeaiRouter.Pricing;

namespace MeaiRouter.Routing.Filters;

/// <summary><c>max_price</c>: the endpoint must be known not to charge more. The lowest ceiling of the request and the policies counts.</summary>
internal sealed class PriceCeilingFilter : IEndpointFilter
{
    private const decimal ImagesPerMillionTokens = 1_000_000m / PromptFacts.TokensPerMedium;

    public string Name => "max_price";

    public bool AppliesTo(in FilterRequest request) =>
        request.Preferences.MaxPrice is not null || Array.Exists(request.Policies, static policy => policy.MaxPrice is not null);

    public string? Reject(in Candidate candidate, in FilterRequest request)
    {
        var ceiling = request.Preferences.MaxPrice;
        foreach (var policy in request.Policies)
            ceiling = PriceCeiling.Lowest(ceiling, policy.MaxPrice);
        if (candidate.Endpoint.Price is not { } price)
            return "Its price is not known.";

        return Exceeds(price.Prompt, ceiling!.Prompt, "per million input tokens")
            ?? Exceeds(price.Completion, ceiling.Completion, "per million output tokens")
            ?? Exceeds(price.Request, ceiling.Request, "per request")
            ?? (Takes(candidate, "image") ? Exceeds(PerImage(price), ceiling.Image, "per image") : null)
            ?? (Takes(candidate, "audio") ? Exceeds(price.AudioInput ?? price.Prompt, ceiling.Audio, "per million audio tokens") : null);
    }

    private static decimal PerImage(Price price) => (price.ImageInput ?? price.Prompt) / ImagesPerMillionTokens;

    private static bool Takes(in Candidate candidate, string modality) =>
        (candidate.Endpoint.InputModalities is { Count: > 0 } own ? own : candidate.Model.InputModalities)
            .Contains(modality, StringComparer.OrdinalIgnoreCase);

    private static string? Exceeds(decimal price, decimal? ceiling, string unit) =>
        price > ceiling ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"It charges ${price} {unit}, and the ceiling is ${ceiling}.") : null;
}

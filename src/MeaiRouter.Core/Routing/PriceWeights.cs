using MeaiRouter.Pricing;

namespace MeaiRouter.Routing;

/// <summary>
/// What the parts of a price weigh beside those of other endpoints: numbers to compare and draw by, made once for a catalogue. They are no money:
/// nothing is charged, added up or shown by them.
/// </summary>
internal sealed class PriceWeights(Price price)
{
    public double Prompt { get; } = (double)price.Prompt;

    public double CacheRead { get; } = (double)(price.CacheRead ?? price.Prompt);

    public double Completion { get; } = (double)price.Completion;

    public double Request { get; } = (double)price.Request;

    /// <summary>What prices are compared by.</summary>
    public double Blended { get; } = (double)price.Blended;
}

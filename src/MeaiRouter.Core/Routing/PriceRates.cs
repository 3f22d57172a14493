using MeaiRouter.Pricing;

namespace MeaiRouter.Routing;

/// <summary>A price as strategies weigh it, in US dollars per million tokens and per request: computed once for a catalogue, never settled.</summary>
internal sealed class PriceRates(Price price)
{
    public double Prompt { get; } = (double)price.Prompt;

    public double CacheRead { get; } = (double)(price.CacheRead ?? price.Prompt);

    public double Completion { get; } = (double)price.Completion;

    public double Request { get; } = (double)price.Request;

    /// <summary>What prices are compared by.</summary>
    public double Blended { get; } = (double)price.Blended;
}

using MeaiRouter.Attempts;
using MeaiRouter.Configuration;
using MeaiRouter.Fallback;

namespace MeaiRouter.Tests.Configuration;

public sealed class FallbackConfigurationTests
{
    [Fact]
    public void Retries_hedges_and_filters_are_set_by_configuration()
    {
        var options = new FallbackOptions();
        Read("""
            { "Fallback": {
              "RetryAfterAtMost": "00:00:05", "OnContentFiltered": "always",
              "RetryBudget": { "Share": 0.2, "Floor": 3, "Window": "00:01:00" },
              "Hedging": { "Quantile": 0.9, "MaxShare": 0.02 },
              "Load": { "MaxConcurrency": 7, "QueueLimit": 8, "MaxWait": "00:00:09" } } }
            """).Fallback(options);

        Assert.Equal((TimeSpan.FromSeconds(5), RetryElsewhere.Always), (options.RetryAfterAtMost, options.OnContentFiltered));
        Assert.Equal((0.2, 3, TimeSpan.FromMinutes(1)), (options.RetryBudget!.Share, options.RetryBudget.Floor, options.RetryBudget.Window));
        Assert.Equal((0.9, 0.02), (options.Hedging!.Quantile, options.Hedging.MaxShare));
        Assert.Equal((7, 8, TimeSpan.FromSeconds(9)), (options.Load.MaxConcurrency!.Value, options.Load.QueueLimit, options.Load.MaxWait));
    }

    [Fact]
    public void What_is_not_set_keeps_its_default()
    {
        var options = new FallbackOptions();
        Read("""{ "Fallback": { "MaxAttempts": 4 } }""").Fallback(options);

        Assert.Equivalent(new FallbackOptions { MaxAttempts = 4 }, options);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once() => Assert.Equal(
        [
            "MeaiRouter:Fallback:Hedging:Quantile: '2' is not a number from 0.001 to 0.999.",
            "MeaiRouter:Fallback:OnContentFiltered: 'sometimes' is not one of never, always.",
            "MeaiRouter:Fallback:RetryBudget:Share: '-1' is not a number from 0 to 100.",
            "MeaiRouter:Fallback:RetryBudget:Window: '02:00:00' is not between a second and an hour.",
        ],
        Assert.Throws<MeaiRouterConfigurationException>(() => Read("""
            { "Fallback": { "OnContentFiltered": "sometimes", "RetryBudget": { "Share": -1, "Window": "02:00:00" }, "Hedging": { "Quantile": 2 } } }
            """)).Errors.Order(StringComparer.Ordinal));

    private static RouterConfiguration Read(string layer) => RouterConfiguration.Read(Json.Section(Json.Smallest, layer), static _ => null);
}

using MeaiRouter.Configuration;
using MeaiRouter.Routing;

namespace MeaiRouter.Tests.Configuration;

public sealed class RoutingConfigurationTests
{
    [Fact]
    public void Strategies_take_their_options_from_the_section_of_their_name()
    {
        var configuration = Read("""
            { "Routing": {
              "Balanced": { "UsdPerSecond": 0.001, "Exploration": 0, "Backoff": "00:00:20" },
              "Exacto": { "ToolAnswers": 20 },
              "Health": { "ConsecutiveFailures": 2, "OpenFor": "00:00:01" },
              "Affinity": { "Capacity": 5, "TimeToLive": "01:00:00" } } }
            """);

        var options = new RoutingOptions();
        configuration.Routing(options);

        Assert.Equal(2, configuration.Health.ConsecutiveFailures);
        Assert.Equal(TimeSpan.FromSeconds(1), configuration.Health.OpenFor);
        Assert.Equal(5, options.Affinity.Capacity);
        Assert.Equal(TimeSpan.FromHours(1), options.Affinity.TimeToLive);
        Assert.Equal(RoutingStrategies.All.Select(strategy => strategy.Name), options.Strategies.Select(strategy => strategy.Name));
        Assert.NotSame(RoutingStrategies.Balanced, options.Strategies.Single(strategy => strategy.Name == "balanced"));
        Assert.Contains(options.Strategy, options.Strategies);
        Assert.Equal(new RoutingOptions().Strategy.Name, options.Strategy.Name);
    }

    [Fact]
    public void Everything_that_is_wrong_with_routing_is_said_at_once()
    {
        var exception = Assert.Throws<MeaiRouterConfigurationException>(() => Read("""
            { "Routing": {
              "Strategy": "cheapest",
              "Balanced": { "Exploration": 2, "Explorations": 1 },
              "Exacto": { "Peers": 1 },
              "Health": { "OpenFor": "soon" },
              "Affinity": { "Capacity": 0 } } }
            """));

        Assert.Equal(
            [
                "MeaiRouter:Routing:Affinity:Capacity: '0' is not a whole number of at least 1.",
                "MeaiRouter:Routing:Balanced:Exploration: '2' is not a number from 0 to 1.",
                "MeaiRouter:Routing:Balanced:Explorations: 'Explorations' is not a setting. Did you mean 'Exploration'?",
                "MeaiRouter:Routing:Exacto:Peers: '1' is not a whole number of at least 2.",
                "MeaiRouter:Routing:Health:OpenFor: 'soon' is not a duration of more than zero and less than a day, such as 00:00:10 (hours:minutes:seconds).",
                "MeaiRouter:Routing:Strategy: 'cheapest' is not a strategy. Known: "
                + $"{string.Join(", ", RoutingStrategies.All.Select(strategy => strategy.Name))}.",
            ],
            exception.Errors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Limits_dates_and_classes_of_data_reach_the_catalogue()
    {
        var model = Read("""
            { "Providers": { "acme": { "DataPolicy": { "AllowedDataClasses": ["pii"] } } },
              "Models": { "acme/small": { "Created": "2026-03-31", "AllowsDistillation": true, "Endpoints": [
                { "Provider": "acme", "Model": "small-v1", "RequestsPerMinute": 100, "TokensPerMinute": 200000, "DataPolicy": { "Training": false } } ] } } }
            """).Catalog.Find("acme/small")!;

        Assert.Equal(new DateTimeOffset(2026, 3, 31, 0, 0, 0, TimeSpan.Zero), model.Created);
        Assert.True(model.AllowsDistillation);
        Assert.Equal((100, 200_000), (model.Endpoints[0].RequestsPerMinute, model.Endpoints[0].TokensPerMinute));
        Assert.Equal(["pii"], model.Endpoints[0].DataPolicy!.AllowedDataClasses);
        Assert.False(model.Endpoints[0].DataPolicy!.Training);
    }

    private static RouterConfiguration Read(string layer) => RouterConfiguration.Read(Json.Section(Json.Smallest, layer), static _ => null);
}

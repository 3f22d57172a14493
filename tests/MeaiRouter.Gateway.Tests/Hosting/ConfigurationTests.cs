using MeaiRouter.Configuration;
using MeaiRouter.Gateway.Tests.Running;
using Microsoft.AspNetCore.Builder;

namespace MeaiRouter.Gateway.Tests.Hosting;

public sealed class ConfigurationTests : GatewayTest
{
    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once_with_its_path_and_without_any_key()
    {
        var exception = await Assert.ThrowsAsync<MeaiRouterConfigurationException>(() => StartGatewayAsync(
            ("MeaiRouter:Gateway:AdminKey", Key),
            ("MeaiRouter:Gateway:Ledger", "Password=sk-secret"),
            ("MeaiRouter:Gateway:Redis", "sk-redis"),
            ("MeaiRouter:Gateway:Keys:1:Name", "TEAM-A"),
            ("MeaiRouter:Gateway:Keys:1:Key", "sk-x"),
            ("MeaiRouter:Gateway:Keys:2:Key", "sk-secret-of-nobody"),
            ("MeaiRouter:Gateway:Keys:2:LimitUsd", "much"),
            ("MeaiRouter:Gateway:Keys:2:LimitReset", "yearly"),
            ("MeaiRouter:Gateway:Keys:2:ExpiresAt", "soon"),
            ("MeaiRouter:Gateway:Keys:2:RequestsPerMinute", "0"),
            ("MeaiRouter:Gateway:Keys:3:Name", "*"),
            ("MeaiRouter:Gateway:Keys:3:Key", "sk-secret-of-all"),
            ("MeaiRouter:Gateway:Keys:3:LimitReset", "daily"),
            ("MeaiRouter:Gateway:Kees", "x"),
            ("MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:Prompt", "cheap")));

        Assert.Equal(
            [
                "MeaiRouter:Gateway:AdminKey: is also the key 'team-a'. The management key is for nothing else.",
                "MeaiRouter:Gateway:Kees: 'Kees' is not a setting. Did you mean 'Keys'?",
                "MeaiRouter:Gateway:Keys: the name 'team-a' occurs 2 times. Give each key a name of its own.",
                "MeaiRouter:Gateway:Keys:1:Key: has fewer than 8 characters. Use a long random one.",
                "MeaiRouter:Gateway:Keys:2:ExpiresAt: 'soon' is not a day or a moment, such as 2026-12-01 or 2026-12-01T08:00:00Z.",
                "MeaiRouter:Gateway:Keys:2:LimitReset: 'yearly' is not one of none, daily, weekly, monthly.",
                "MeaiRouter:Gateway:Keys:2:LimitUsd: 'much' is not an amount of US dollars from 0 to 1000000, such as 0.5.",
                "MeaiRouter:Gateway:Keys:2:Name: is missing.",
                "MeaiRouter:Gateway:Keys:2:RequestsPerMinute: '0' is not a whole number of at least 1.",
                "MeaiRouter:Gateway:Keys:3:LimitReset: has no effect without LimitUsd. Set that, or remove this.",
                "MeaiRouter:Gateway:Keys:3:Name: '*' means each key, as in the budget 'key:*'. Give the key another name.",
                "MeaiRouter:Gateway:Ledger: the connection string names no database. Write 'Data Source=ledger.db' for SQLite or 'Host=...;Database=...' for PostgreSQL.",
                "MeaiRouter:Gateway:Redis: is not supported by this version and would have no effect.",
                "MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:Prompt: 'cheap' is not an amount of US dollars from 0 to 1000000, such as 0.5.",
            ],
            exception.Errors.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("sk-", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_key_under_two_names_is_an_error()
    {
        var exception = await Assert.ThrowsAsync<MeaiRouterConfigurationException>(() => StartGatewayAsync(
            ("MeaiRouter:Gateway:Keys:1:Name", "team-b"), ("MeaiRouter:Gateway:Keys:1:Key", Key)));

        Assert.Equal(["MeaiRouter:Gateway:Keys: 'team-a' and 'team-b' are the same key. Give each a key of its own."], exception.Errors);
        Assert.DoesNotContain(Key, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Mapping_without_registering_says_what_to_call()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        var exception = Assert.Throws<InvalidOperationException>(() => app.MapMeaiRouter());

        Assert.Equal("Call AddMeaiRouterGateway on the services before MapMeaiRouter.", exception.Message);
    }
}

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
            ("MeaiRouter:Gateway:AdminKey", "sk-admin-secret"),
            ("MeaiRouter:Gateway:Keys:1:Name", "TEAM-A"),
            ("MeaiRouter:Gateway:Keys:1:Key", "sk-x"),
            ("MeaiRouter:Gateway:Keys:2:Key", "sk-secret-of-nobody"),
            ("MeaiRouter:Gateway:Keys:2:LimitUsd", "50"),
            ("MeaiRouter:Gateway:Kees", "x"),
            ("MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:Prompt", "cheap")));

        Assert.Equal(
            [
                "MeaiRouter:Gateway:AdminKey: is not supported by this version and would have no effect.",
                "MeaiRouter:Gateway:Kees: 'Kees' is not a setting. Did you mean 'Keys'?",
                "MeaiRouter:Gateway:Keys: the name 'team-a' occurs 2 times. Give each key a name of its own.",
                "MeaiRouter:Gateway:Keys:1:Key: has fewer than 8 characters. Use a long random one.",
                "MeaiRouter:Gateway:Keys:2:LimitUsd: is not supported by this version and would have no effect.",
                "MeaiRouter:Gateway:Keys:2:Name: is missing.",
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

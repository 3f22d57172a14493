using MeaiRouter.Configuration;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Authentication;

/// <summary>Keys of providers that belong to a caller's key: his calls are made, and paid, with them.</summary>
public sealed class ProviderKeyTests : GatewayTest
{
    private const string Path = "MeaiRouter:Gateway:Keys:0:ProviderKeys";
    private const string Own = "key-of-first";
    private const string Callers = "key-of-team-a-at-first";

    [Theory, InlineData(false), InlineData(true)]
    public async Task Calls_with_the_key_are_made_with_its_key_of_the_provider_and_others_are_not(bool streaming)
    {
        First.RequireKey(Own, Callers);
        FirstScript.Answers("Hello");
        await using var gateway = await StartGatewayAsync(
            ($"{Path}:FIRST", Callers), ("MeaiRouter:Gateway:Keys:1:Name", "team-b"), ("MeaiRouter:Gateway:Keys:1:Key", "sk-caller-of-team-b"));

        Assert.Equal("Hello", (await gateway.PostAsync(Hello(streaming))).Text);
        Assert.Equal("Hello", (await gateway.PostAsync(Hello(streaming), key: "sk-caller-of-team-b")).Text);

        Assert.Equal(["Bearer " + Callers, "Bearer " + Own], First.Requests.Select(request => request.Headers["Authorization"]));
        Assert.DoesNotContain(Callers, gateway.Log.Text, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_key_that_the_provider_refuses_falls_back_to_the_provider_s_own_and_shows_nowhere(bool streaming)
    {
        FirstScript.Answers("Hello");
        await using var gateway = await StartGatewayAsync(($"{Path}:first", Callers));

        var answer = await gateway.PostAsync(Hello(streaming));

        Assert.Equal("Hello", answer.Text);
        Assert.Equal(["Bearer " + Callers, "Bearer " + Own], First.Requests.Select(request => request.Headers["Authorization"]));
        Assert.DoesNotContain(Callers, answer.Body + gateway.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_for_a_provider_that_does_not_exist_is_an_error_with_the_nearest_name()
    {
        var exception = await Assert.ThrowsAsync<MeaiRouterConfigurationException>(() => StartGatewayAsync(($"{Path}:frist", Callers)));

        Assert.Equal([$"{Path}:frist: 'frist' is not a provider. Did you mean 'first'?"], exception.Errors);
        Assert.DoesNotContain(Callers, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_a_key_is_refused_with_its_path()
    {
        var exception = await Assert.ThrowsAsync<MeaiRouterConfigurationException>(() => StartGatewayAsync(
            ($"{Path}:first", "sk-clé"), ("MeaiRouter:Gateway:Keys:1:Name", "team-b"), ("MeaiRouter:Gateway:Keys:1:Key", "sk-caller-of-team-b"),
            ("MeaiRouter:Gateway:Keys:1:ProviderKeys", "sk-alone")));

        Assert.Equal(
            [
                "MeaiRouter:Gateway:Keys:0:ProviderKeys:first: holds a character that cannot be sent in an HTTP header.",
                "MeaiRouter:Gateway:Keys:1:ProviderKeys: must be a section of names and values, not a single value.",
            ],
            exception.Errors.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("sk-", exception.ToString(), StringComparison.Ordinal);
    }
}

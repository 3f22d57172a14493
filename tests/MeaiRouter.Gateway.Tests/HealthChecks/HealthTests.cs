using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Gateway.Tests.HealthChecks;

public sealed class HealthTests : GatewayTest
{
    private const string AdminKey = "sk-admin-0123456789";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["MeaiRouter:Gateway:AdminKey"] = AdminKey };

    [Fact]
    public async Task Health_is_told_without_a_key_and_nobody_is_called_for_it()
    {
        var live = await Gateway.GetAsync("/health/live", key: null);
        var ready = await Gateway.GetAsync("/health/ready", key: null);

        Assert.Equal((200, "application/json"), (live.Status, live.ContentType));
        HttpAnswer.AssertJson("""{ "status": "Healthy", "checks": [] }""", live.Json);
        Assert.Equal((200, "application/json"), (ready.Status, ready.ContentType));
        HttpAnswer.AssertJson(
            """
            { "status": "Healthy", "checks": [
                { "name": "gateway-routes", "status": "Healthy", "data": { "models": 1, "models_resting": 0, "endpoints": 2, "endpoints_resting": 0 } },
                { "name": "gateway-accounts", "status": "Healthy", "data": {} } ] }
            """,
            ready.Json);
        Assert.Equal(0, First.RequestCount + Second.RequestCount);
    }

    [Fact]
    public async Task An_endpoint_that_rests_degrades_with_200_and_only_the_management_key_is_told_its_name()
    {
        FirstScript.Always(Fault.Status(503));
        SecondScript.Always(Reply.Text("from the second"));
        for (var i = 0; i < 3; i++)
            Assert.Equal(200, (await Gateway.PostAsync(Hello(streaming: false))).Status);

        var brief = await Gateway.GetAsync("/health/ready", key: null);
        var callers = await Gateway.GetAsync("/health/ready");
        var whole = await Gateway.GetAsync("/health/ready", AdminKey);

        Assert.Equal((200, "Degraded"), (brief.Status, (string?)brief.Json["status"]));
        Assert.Equal(brief.Body, callers.Body);
        HttpAnswer.AssertJson(
            """{ "name": "gateway-routes", "status": "Degraded", "data": { "models": 1, "models_resting": 0, "endpoints": 2, "endpoints_resting": 1 } }""",
            brief.Json["checks"]![0]!);
        Assert.DoesNotContain("acme", brief.Body, StringComparison.Ordinal);
        Assert.Equal(200, whole.Status);
        var routes = whole.Json["checks"]![0]!;
        Assert.StartsWith("Every model can be called; 1 of 2 endpoints are resting. acme/small at first/small-1: Unavailable (HTTP 503), resting since ", routes["description"]!.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("Unavailable (HTTP 503), resting since ", routes["data"]!["acme/small at first/small-1"]!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("key-of", whole.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_when_no_model_can_be_called_is_the_gateway_not_ready()
    {
        FirstScript.Always(Fault.Status(503));
        SecondScript.Always(Fault.Status(503));
        for (var i = 0; i < 3; i++)
            Assert.Equal(503, (await Gateway.PostAsync(Hello(streaming: false))).Status);

        var answer = await Gateway.GetAsync("/health/ready", key: null);

        Assert.Equal((503, "Unhealthy"), (answer.Status, (string?)answer.Json["status"]));
        Assert.Equal(200, (await Gateway.GetAsync("/health/live", key: null)).Status);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_rather_than_told_less()
    {
        Assert.Equal(401, (await Gateway.GetAsync("/health/ready", "sk-of-nobody-at-all")).Status);
    }

    [Fact]
    public async Task Checks_of_the_apps_own_stand_beside_those_of_the_gateway()
    {
        await using var gateway = await StartGatewayAsync(router => router.Services.AddHealthChecks().AddMeaiRouter());

        var checks = gateway.Services.GetRequiredService<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckService>();
        Assert.Equal(["gateway-accounts", "gateway-routes", "meairouter"], (await checks.CheckHealthAsync()).Entries.Keys.Order());
        Assert.Equal(2, (await gateway.GetAsync("/health/ready", null)).Json["checks"]!.AsArray().Count);
    }
}

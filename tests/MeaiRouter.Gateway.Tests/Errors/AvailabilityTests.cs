using System.Data.Common;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Errors;

/// <summary>Why a model cannot be had, in OpenRouter's words, and what a provider's own code adds.</summary>
public sealed class AvailabilityTests : GatewayTest
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["MeaiRouter:Models:acme/small:Endpoints:0:Regions:0"] = "us",
        ["MeaiRouter:Models:acme/small:Endpoints:1:Regions:0"] = "us",
        ["MeaiRouter:Gateway:Keys:1:Name"] = "europe",
        ["MeaiRouter:Gateway:Keys:1:Key"] = "sk-caller-of-europe",
        ["MeaiRouter:Gateway:Keys:1:Policy:Regions:0"] = "eu",
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Regions_that_forbid_every_endpoint_are_403(bool streaming)
    {
        var answer = await Gateway.PostAsync(Hello(streaming), "sk-caller-of-europe");

        Assert.Equal((403, "permission_denied"), (answer.Status, (string)answer.Error["metadata"]!["error_type"]!));
        AssertAvailability(
            """{ "code": "region_restricted", "retryable": false, "requested_models": ["acme/small"], "affected_providers": ["first", "second"], "excluded_by": ["data_region"] }""",
            answer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_data_policy_that_forbids_every_endpoint_is_404(bool streaming)
    {
        var answer = await Gateway.PostAsync(Hello(streaming, ("provider", new { zdr = true })));

        Assert.Equal((404, "not_found"), (answer.Status, (string)answer.Error["metadata"]!["error_type"]!));
        AssertAvailability(
            """{ "code": "privacy_restricted", "retryable": false, "requested_models": ["acme/small"], "affected_providers": ["first", "second"], "excluded_by": ["data_policy:zdr"] }""",
            answer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_constraint_that_forbids_every_endpoint_is_named_with_its_reason(bool streaming)
    {
        var answer = await Gateway.PostAsync(Hello(streaming, ("provider", new { max_price = new { prompt = 0.1 } })));

        Assert.Equal(404, answer.Status);
        AssertAvailability(
            """
            { "code": "constraint_filtered", "retryable": false, "requested_models": ["acme/small"], "affected_providers": ["first", "second"], "excluded_by": ["max_price"],
              "constraint": { "field": "max_price", "detail": "It charges $0.5 per million input tokens, and the ceiling is $0.1." } }
            """,
            answer);
    }

    [Fact]
    public async Task What_left_every_endpoint_out_is_in_the_metadata_with_its_reasons()
    {
        var answer = await Gateway.PostWithAsync(Hello(streaming: true, ("provider", new { zdr = true })), Key, ("X-OpenRouter-Metadata", "enabled"));

        HttpAnswer.AssertJson(
            """
            { "requested": "acme/small", "strategy": "direct", "region": null, "summary": "available=0", "attempt": 0, "is_byok": false, "attempts": [], "params": {}, "pipeline": [],
              "endpoints": { "total": 2, "available": [], "excluded": [
                { "provider": "first", "model": "acme/small", "endpoint": "first", "filter": "data_policy:zdr", "reason": "It is not known whether it keeps prompts. If it does not, set DataPolicy.Retention of its provider to 'none'." },
                { "provider": "second", "model": "acme/small", "endpoint": "second", "filter": "data_policy:zdr", "reason": "It is not known whether it keeps prompts. If it does not, set DataPolicy.Retention of its provider to 'none'." } ] } }
            """,
            answer.Json["openrouter_metadata"]!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Providers_that_no_longer_have_the_model_are_404(bool streaming)
    {
        FirstScript.Always(Fault.Status(404, "model_not_found"));
        SecondScript.Always(Fault.Status(404, "model_not_found"));

        var answer = await Gateway.PostAsync(Hello(streaming));

        Assert.Equal(404, answer.Status);
        AssertAvailability(
            """{ "code": "model_unavailable_upstream", "retryable": false, "requested_models": ["acme/small"], "affected_providers": ["first", "second"] }""", answer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_body_tells_the_soonest_hint_also_where_the_header_must_not(bool streaming)
    {
        FirstScript.Always(Fault.RateLimited(TimeSpan.FromSeconds(40)));
        SecondScript.Always(Fault.RateLimited());

        var answer = await Gateway.PostAsync(Hello(streaming));

        Assert.Equal(429, answer.Status);
        Assert.DoesNotContain("Retry-After", answer.Headers.Keys);
        AssertAvailability(
            """{ "code": "capacity_exhausted", "retryable": true, "retry_after": 40, "requested_models": ["acme/small"], "affected_providers": ["first", "second"] }""", answer);
    }

    [Theory]
    [InlineData("string_above_max_length", "string_too_long")]
    [InlineData("invalid_image_format", "unsupported_image_format")]
    [InlineData("invalid_image_url", "image_download_failed")]
    [InlineData("image_too_large", "image_too_large")]
    [InlineData("invalid_prompt", "invalid_prompt")]
    [InlineData("something_else", "invalid_request")]
    public async Task A_providers_own_code_makes_the_type_of_a_bad_request_precise(string code, string errorType)
    {
        FirstScript.Always(Fault.Status(400, code));

        var answer = await Gateway.PostAsync(Hello(streaming: false));

        Assert.Equal((400, errorType, code), (answer.Status, (string)answer.Error["metadata"]!["error_type"]!, (string)answer.Error["metadata"]!["provider_code"]!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_database_that_is_down_is_503_and_tells_nothing_of_itself(bool streaming)
    {
        await using var gateway = await StartGatewayAsync(router => router.ConfigurePipeline(pipeline => pipeline.Use(
            (_, _, _, _) => throw new StoreDown("Host=db;Password=secret"), (_, _, _, _) => throw new StoreDown("Host=db;Password=secret"))));

        var answer = await gateway.PostAsync(Hello(streaming));

        Assert.Equal(503, answer.Status);
        HttpAnswer.AssertJson(
            """{ "error": { "code": 503, "message": "A database of the gateway cannot be used at the moment. Try again.", "metadata": { "error_type": "server" } } }""", answer.Json);
    }

    private static void AssertAvailability(string expected, HttpAnswer answer)
    {
        var availability = answer.Error["availability"]!;
        HttpAnswer.AssertJson(expected, availability, "docs_url");
        Assert.Equal($"https://openrouter.ai/docs/errors#{availability["code"]}", (string)availability["docs_url"]!);
    }

    private sealed class StoreDown(string message) : DbException(message);
}

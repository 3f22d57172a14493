using System.Net.Http.Headers;
using System.Net.Http.Json;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Routes;

/// <summary>OpenRouter's routing through HTTP: preferences, presets, variants, policies of keys, and why.</summary>
public sealed class RoutePlanTests : GatewayTest
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["MeaiRouter:Providers:second:DataPolicy:Training"] = "false",
        ["MeaiRouter:Providers:second:DataPolicy:Retention"] = "none",
        ["MeaiRouter:Presets:dear:Models:0"] = Model,
        ["MeaiRouter:Presets:dear:Provider:Order:0"] = "second",
        ["MeaiRouter:Presets:dear:System"] = "Be brief.",
        ["MeaiRouter:Gateway:Keys:1:Name"] = "team-b",
        ["MeaiRouter:Gateway:Keys:1:Key"] = "sk-team-b-0123456789",
        ["MeaiRouter:Gateway:Keys:1:Policy:IgnoredProviders:0"] = "first",
    };

    [Fact]
    public async Task The_plan_of_a_request_is_told_without_calling_anybody()
    {
        var answer = await Gateway.PostAsync(Hello(streaming: false, ("provider", new { ignore = new[] { "second" } })), path: "/v1/route");

        Assert.Equal(200, answer.Status);
        Assert.Equal((Model, "price-weighted"), ((string?)answer.Json["requested"], (string?)answer.Json["strategy"]));
        HttpAnswer.AssertJson(
            """
            [ { "model": "acme/small", "provider": "first", "endpoint": "first", "provider_model": "small-1",
                "price_per_million": { "prompt": 0.5, "completion": 1.5 } } ]
            """,
            answer.Json["candidates"]!);
        HttpAnswer.AssertJson(
            """
            [ { "model": "acme/small", "provider": "second", "endpoint": "second", "provider_model": "small-2",
                "filter": "ignore", "reason": "The request ignores it." } ]
            """,
            answer.Json["excluded"]!);
        Assert.Equal(0, First.RequestCount + Second.RequestCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Zero_data_retention_goes_only_where_nothing_is_kept(bool streaming)
    {
        SecondScript.Answers("second");

        var answer = await Gateway.PostAsync(Hello(streaming, ("provider", new { zdr = true })));

        Assert.Equal(("second", 0), (answer.Text, First.RequestCount));
    }

    [Fact]
    public async Task Where_a_data_policy_leaves_nobody_the_error_says_so()
    {
        var answer = await Gateway.PostAsync(Hello(streaming: false, ("provider", new { zdr = true, only = new[] { "first" } })));

        Assert.Equal(404, answer.Status);
        var availability = answer.Error["availability"]!;
        Assert.Equal("constraint_filtered", (string?)availability["code"]);
        Assert.Contains("data_policy:zdr", availability["excluded_by"]!.AsArray().Select(filter => (string?)filter));
        Assert.Equal([Model], availability["requested_models"]!.AsArray().Select(name => (string?)name));
    }

    [Theory]
    [InlineData("acme/small@preset/dear", null)]
    [InlineData("@preset/dear", null)]
    [InlineData("acme/small", "dear")]
    public async Task A_preset_gives_models_routing_and_instructions(string model, string? preset)
    {
        SecondScript.Answers("second");

        var answer = await Gateway.PostAsync(Hello(streaming: false, ("model", model), ("preset", preset)));

        Assert.Equal("second", answer.Text);
        var messages = Second.Requests.Single().Body.GetProperty("messages");
        Assert.Equal(("system", "Be brief."), (messages[0].GetProperty("role").GetString(), messages[0].GetProperty("content").GetString()));
    }

    [Fact]
    public async Task A_variant_sorts_the_endpoints()
    {
        var answer = await Gateway.PostAsync(Hello(streaming: false, ("model", "acme/small:floor")), path: "/v1/route");

        Assert.Equal("price", (string?)answer.Json["strategy"]);
        Assert.Equal(["first", "second"], answer.Json["candidates"]!.AsArray().Select(candidate => (string?)candidate!["provider"]));
    }

    [Fact]
    public async Task The_policy_of_a_key_binds_its_requests_and_no_others()
    {
        FirstScript.Answers("first");
        SecondScript.Answers("second");

        var bound = await Gateway.PostAsync(Hello(streaming: false), key: "sk-team-b-0123456789");
        var free = await Gateway.PostAsync(Hello(streaming: false));

        Assert.Equal(("second", "first"), (bound.Text, free.Text));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Metadata_is_told_to_whoever_asks_for_it(bool streaming)
    {
        FirstScript.Always(Fault.Unavailable());
        SecondScript.Answers("second");

        var answer = await SendAsync(Hello(streaming), ("X-OpenRouter-Metadata", "enabled"));

        var parts = answer.ContentType == "application/json" ? [answer.Json] : answer.Chunks;
        var metadata = Assert.Single(parts, part => part["openrouter_metadata"] is not null)["openrouter_metadata"]!;
        HttpAnswer.AssertJson(
            """
            { "requested": "acme/small", "strategy": "direct", "region": null, "summary": "available=2, selected=second", "attempt": 2, "is_byok": false,
              "endpoints": { "total": 2, "available": [
                { "provider": "first", "model": "acme/small", "selected": false }, { "provider": "second", "model": "acme/small", "selected": true } ] },
              "attempts": [ { "provider": "first", "model": "acme/small", "status": 503 }, { "provider": "second", "model": "acme/small", "status": 200 } ],
              "params": {}, "pipeline": [] }
            """,
            metadata);
    }

    [Fact]
    public async Task Metadata_of_a_failure_stands_beside_the_error()
    {
        FirstScript.Always(Fault.Unavailable());
        SecondScript.Always(Fault.Overloaded());

        var answer = await SendAsync(Hello(streaming: false), ("X-OpenRouter-Metadata", "enabled"));

        Assert.Equal(503, answer.Status);
        Assert.Equal("temporarily_unavailable", (string?)answer.Error["availability"]!["code"]);
        var metadata = answer.Json["openrouter_metadata"]!;
        Assert.Equal((2, "available=2"), ((int)metadata["attempt"]!, (string?)metadata["summary"]));
        Assert.Equal([503, 529], metadata["attempts"]!.AsArray().Select(attempt => (int)attempt!["status"]!));
    }

    [Fact]
    public async Task Metadata_of_a_failure_counts_an_endpoint_once_however_often_it_was_tried()
    {
        FirstScript.Always(Fault.InternalError());

        var answer = await SendAsync(Hello(streaming: false, ("provider", new { only = new[] { "first" } })), ("X-OpenRouter-Metadata", "enabled"));

        var metadata = answer.Json["openrouter_metadata"]!;
        HttpAnswer.AssertJson(
            """
            { "total": 2, "available": [ { "provider": "first", "model": "acme/small", "selected": false } ],
              "excluded": [ { "provider": "second", "model": "acme/small", "endpoint": "second", "filter": "only", "reason": "Not among the allowed: first." } ] }
            """,
            metadata["endpoints"]!);
        Assert.Equal((2, 2), ((int)metadata["attempt"]!, First.RequestCount));
    }

    [Fact]
    public async Task A_stream_that_breaks_tells_in_its_last_chunk_how_it_was_routed()
    {
        FirstScript.Always(Reply.Chunks(new string('x', 200), "lost").CutAfter(1));
        SecondScript.Answers("something else");

        var answer = await SendAsync(Hello(streaming: true, ("provider", new { order = new[] { "first" } })), ("X-OpenRouter-Metadata", "enabled"));

        Assert.Single(answer.Chunks, part => part["openrouter_metadata"] is not null);
        var last = answer.Chunks[^1];
        Assert.NotNull(last["error"]);
        Assert.Equal((2, Model), ((int)last["openrouter_metadata"]!["attempt"]!, (string?)last["openrouter_metadata"]!["requested"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_stays_with_the_endpoint_that_answered_it(bool inHeader)
    {
        await using var gateway = await StartGatewayAsync(
            ("MeaiRouter:Models:acme/small:Endpoints:1:PricePerMillion:Prompt", "0.55"),
            ("MeaiRouter:Models:acme/small:Endpoints:1:PricePerMillion:Completion", "1.5"),
            ("MeaiRouter:Models:acme/small:Endpoints:1:PricePerMillion:CacheRead", "0.001"));
        FirstScript.Answers("first");
        SecondScript.Always(Reply.Text("second").WithUsage(prompt: 1000, completion: 5, cached: 900));
        var order = new { order = new[] { "second" } };

        await Ask(gateway, inHeader, ("provider", null));
        await Ask(gateway, inHeader, ("provider", order));
        var before = Second.RequestCount;
        for (var i = 0; i < 10; i++)
            await Ask(gateway, inHeader, ("provider", null));

        // Without the session the draw would send about half of them to the first one.
        Assert.True(Second.RequestCount - before is 10 or 0, $"{Second.RequestCount - before} of 10 went to the second endpoint.");

        Task<HttpAnswer> Ask(RunningGateway target, bool header, (string, object?) provider) => header
            ? SendAsync(Hello(streaming: false, provider), ("x-session-id", "s-1"), target)
            : SendAsync(Hello(streaming: false, provider, ("session_id", "s-1")), ("x-unused", "1"), target);
    }

    private async Task<HttpAnswer> SendAsync(object body, (string Name, string Value) header, RunningGateway? gateway = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri((gateway ?? Gateway).Address, "/v1/chat/completions"))
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        using var response = await client.SendAsync(request);
        return await HttpAnswer.ReadAsync(response);
    }
}

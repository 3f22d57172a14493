using System.Text.Json.Nodes;
using MeaiRouter.Costs;
using MeaiRouter.Gateway.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeaiRouter.Gateway.Tests.Accounts;

/// <summary>What was spent, by whom, where and on what, over HTTP; from the database and from memory.</summary>
public sealed class ReportTests : AccountTest
{
    private const string OtherKey = "sk-caller-of-team-b";

    private static string Today => DateTime.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings)
    {
        ["MeaiRouter:Gateway:Keys:1:Name"] = "team-b",
        ["MeaiRouter:Gateway:Keys:1:Key"] = OtherKey,
    };

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_generation_is_found_by_its_id_by_its_own_key_and_by_the_management_key(bool durable)
    {
        FirstScript.Always(MeaiRouter.Testing.Fault.Unavailable());
        SecondScript.Always(Answer.WithUsage(prompt: 100, completion: 200, cached: 40, reasoning: 50));
        await using var gateway = await ReportingAsync(durable);
        var id = (await gateway.PostAsync(Hello(streaming: true, ("user", "bob")))).Id;

        var found = await gateway.GetAsync($"/api/v1/generation?id={id}");

        Assert.Equal(200, found.Status);
        var data = found.Json["data"]!.AsObject();
        Assert.All(["created_at", "latency", "generation_time"], name => Assert.NotNull(data[name]));
        Assert.Equal([503, 200], data["provider_responses"]!.AsArray().Select(response => (int)response!["status"]!));
        HttpAnswer.AssertJson(
            $$"""
            { "id": "{{id}}", "request_id": "{{id}}", "upstream_id": null, "model": "acme/small", "requested_model": "acme/small", "provider_name": "second",
              "api_type": "completions", "streamed": true, "cancelled": false, "finish_reason": "stop", "native_finish_reason": "stop",
              "tokens_prompt": 100, "tokens_completion": 200, "native_tokens_prompt": 100, "native_tokens_completion": 200, "native_tokens_reasoning": 50,
              "native_tokens_cached": 40, "native_tokens_completion_images": 0, "num_media_prompt": 0, "num_search_results": 0, "usage_is_estimated": false,
              "usage": 300, "total_cost": 300, "unpriced_attempts": 0, "upstream_inference_cost": null, "is_byok": false, "is_cache_hit": false, "service_tier": null,
              "cache_discount": null, "moderation_latency": null, "num_input_audio_prompt": null, "num_media_completion": null, "num_fetches": null,
              "web_search_engine": null, "app_id": null, "origin": "", "http_referer": null, "user_agent": null, "router": null, "preset_id": null,
              "workspace_id": null, "data_region": "global", "session_id": null, "trace": null,
              "external_user": "bob", "key_name": "team-a", "tags": [], "feedback": {{(durable ? "[]" : "null")}} }
            """,
            data, "created_at", "latency", "generation_time", "provider_responses");
        Assert.Equal(found.Body, (await gateway.GetAsync($"/v1/generation?id={id}", AdminKey)).Body);

        var others = await gateway.GetAsync($"/v1/generation?id={id}", OtherKey);
        Assert.Equal((404, $"There is no generation with the id '{id}'."), (others.Status, (string?)others.Error["message"]));
        Assert.Equal(404, (await gateway.GetAsync("/v1/generation?id=gen-none", AdminKey)).Status);
        Assert.Equal(400, (await gateway.GetAsync("/v1/generation", AdminKey)).Status);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Activity_sums_by_day_and_endpoint_and_a_key_sees_its_own(bool durable)
    {
        await using var gateway = await ReportingAsync(durable);
        await SpendAsync(gateway);

        var all = await gateway.GetAsync("/v1/activity", AdminKey);
        Assert.Equal(200, all.Status);
        HttpAnswer.AssertJson(
            $$"""
            { "date": "{{Today}}", "model": "acme/small", "model_permaslug": "acme/small", "endpoint_id": "first", "provider_name": "first", "usage": {{3 * AnswerCost}},
              "byok_usage_inference": 0, "requests": 3, "prompt_tokens": 300, "completion_tokens": 600, "reasoning_tokens": 0, "cached_tokens": 0,
              "failed_requests": 0, "cancelled_requests": 0, "attempts": 3, "failed_attempts": 0, "unpriced_attempts": 0 }
            """,
            Assert.Single(all.Json["data"]!.AsArray())!, "mean_latency_ms", "mean_duration_ms");

        Assert.Equal(all.Body, (await gateway.GetAsync($"/v1/activity?date={Today}", AdminKey)).Body);
        Assert.Equal([1], Requests(await gateway.GetAsync("/v1/activity", OtherKey)));
        Assert.Equal([1], Requests(await gateway.GetAsync("/v1/activity?key=team-a", OtherKey)));
        Assert.Equal([2], Requests(await gateway.GetAsync("/v1/activity?key=team-a", AdminKey)));
        Assert.Equal([1], Requests(await gateway.GetAsync("/v1/activity?user=bob", AdminKey)));
        Assert.Equal([2, 1], Requests(await gateway.GetAsync("/v1/activity?group_by=key", AdminKey)));
        Assert.Empty(Requests(await gateway.GetAsync("/v1/activity?date=2020-01-01", AdminKey)));
        Assert.EndsWith(":00:00Z", (string)(await gateway.GetAsync("/v1/activity?group_by=hour", AdminKey)).Json["data"]![0]!["date"]!, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_providers_charge_to_a_callers_own_key_is_summed_apart_by_key_and_by_endpoint(bool durable)
    {
        First.RequireKey("key-of-first", "sk-own-of-team-a");
        FirstScript.Always(Answer);
        await using var gateway = await ReportingAsync(durable);
        await gateway.PostAsync(Hello(streaming: false));
        foreach (var streaming in (bool[])[false, true])
            Assert.True((bool)(await gateway.PostWithAsync(Hello(streaming), Key, ("X-Provider-Key", "first sk-own-of-team-a"))).Usage["is_byok"]!);

        var key = (await gateway.GetAsync("/v1/key", Key)).Json["data"]!;
        var other = (await gateway.GetAsync("/v1/key", OtherKey)).Json["data"]!;
        var activity = Assert.Single((await gateway.GetAsync("/v1/activity", AdminKey)).Json["data"]!.AsArray())!;

        foreach (var time in (string[])["", "_daily", "_weekly", "_monthly"])
        {
            Assert.Equal((AnswerCost, 2 * AnswerCost), (Number(key["usage" + time]), Number(key["byok_usage" + time])));
            Assert.Equal((0, 0), (Number(other["usage" + time]), Number(other["byok_usage" + time])));
        }

        Assert.Equal((AnswerCost, 2 * AnswerCost), (Number(activity["usage"]), Number(activity["byok_usage_inference"])));
        Assert.EndsWith(",0.000700000", (await gateway.GetAsync("/v1/activity?format=csv", AdminKey)).Body.Split("\r\n")[1], StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Activity_is_CSV_where_that_is_asked_for(bool durable)
    {
        await using var gateway = await ReportingAsync(durable);
        await SpendAsync(gateway);

        var csv = await gateway.GetAsync("/v1/activity?format=csv&group_by=key,model", AdminKey);

        Assert.Equal((200, "text/csv; charset=utf-8"), (csv.Status, csv.ContentType));
        var lines = csv.Body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("start,model,provider,endpoint,key,user,tag,requests,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(",acme/small,,,team-a,,,2,0,0,2,0,0,0,0.000700000,200,0,0,400,0,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith(",acme/small,,,team-b,,,1,0,0,1,0,0,0,0.000350000,100,0,0,200,0,", lines[2], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Comparison_tells_what_the_same_traffic_would_have_cost_elsewhere(bool durable)
    {
        await using var gateway = await ReportingAsync(durable);
        await SpendAsync(gateway);

        var answer = await gateway.GetAsync("/v1/activity/comparison", AdminKey);

        HttpAnswer.AssertJson(
            $$"""
            [ { "model": "acme/small", "provider_name": "first", "endpoint_id": "first", "requests": 3, "requests_served_here": 3, "requests_unpriced": 0, "usage": {{3 * AnswerCost}}, "would_have_cost": {{3 * AnswerCost}} },
              { "model": "acme/small", "provider_name": "second", "endpoint_id": "second", "requests": 3, "requests_served_here": 0, "requests_unpriced": 0, "usage": {{3 * AnswerCost}}, "would_have_cost": 900 } ]
            """,
            new JsonObject { ["rows"] = answer.Json["data"]!.DeepClone() }["rows"]!);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Credits_are_the_global_budget_and_what_is_spent_of_it(bool durable)
    {
        await using var gateway = await ReportingAsync(durable);
        await SpendAsync(gateway);
        HttpAnswer.AssertJson($$"""{ "data": { "total_credits": null, "total_usage": {{3 * AnswerCost}} } }""", (await gateway.GetAsync("/v1/credits", AdminKey)).Json);

        await using var limited = await StartAsync(("MeaiRouter:Budgets:0:Scope", "global"), ("MeaiRouter:Budgets:0:LimitUsd", "20"));
        await SpendAsync(limited);
        HttpAnswer.AssertJson($$"""{ "data": { "total_credits": 20, "total_usage": {{3 * AnswerCost}}, "resets_at": null } }""", (await limited.GetAsync("/v1/credits", AdminKey)).Json);
    }

    [Theory]
    [InlineData("/v1/activity?modell=x", "'modell' is not a parameter of activity. Did you mean 'model'?")]
    [InlineData("/v1/activity?date=yesterday", "'date' is 'yesterday'; it must be a day such as 2026-03-31.")]
    [InlineData("/v1/activity?from=2026-01-01T08:30Z", "'from' is '2026-01-01T08:30Z'; it must be a day such as 2026-03-31, or a whole hour such as 2026-03-31T08:00Z.")]
    [InlineData("/v1/activity?group_by=day,planet", "'group_by' holds 'planet', which is no dimension. Use day, hour, model, provider, endpoint, key, user, tag, separated by commas.")]
    [InlineData("/v1/activity?format=xml", "'format' is 'xml'; it must be 'csv' or 'json'.")]
    [InlineData("/v1/keys?offset=-1", "'offset' is '-1'; it must be a whole number of at least 0.")]
    public async Task A_question_that_makes_no_sense_is_400_and_says_what_would(string path, string says)
    {
        var answer = await Gateway.GetAsync(path, AdminKey);

        Assert.Equal((400, says), (answer.Status, (string?)answer.Error["message"]));
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_asked_is_501_and_says_what_to_set()
    {
        foreach (var path in (string[])["/v1/generation?id=x", "/v1/activity", "/v1/activity/comparison", "/v1/credits"])
        {
            var answer = await Gateway.GetAsync(path, AdminKey);
            Assert.Equal(
                (501, "The ledger of this gateway cannot be asked. Set MeaiRouter:Gateway:Ledger, such as 'Data Source=meairouter.db'."),
                (answer.Status, (string?)answer.Error["message"]));
        }
    }

    private static IEnumerable<int> Requests(HttpAnswer activity) => activity.Json["data"]!.AsArray().Select(row => (int)row!["requests"]!);

    private Task<RunningGateway> ReportingAsync(bool durable) => durable
        ? StartAsync(Ledger)
        : StartGatewayAsync(router => router.Services.Replace(ServiceDescriptor.Singleton<ILedger>(new InMemoryLedger())));

    private async Task SpendAsync(RunningGateway gateway)
    {
        FirstScript.Always(Answer);
        await gateway.PostAsync(Hello(streaming: false, ("user", "bob")));
        await gateway.PostAsync(Hello(streaming: true));
        await gateway.PostAsync(Hello(streaming: true), OtherKey);
    }
}

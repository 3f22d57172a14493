using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Models;

/// <summary>Who serves a model, and how well at the moment.</summary>
public sealed class EndpointListTests : GatewayTest
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["MeaiRouter:Models:acme/small:Endpoints:0:SupportedParameters:0"] = "tools",
        ["MeaiRouter:Models:acme/small:Endpoints:1:Tag"] = "second/eu",
        ["MeaiRouter:Models:acme/small:Endpoints:1:Quantization"] = "fp8",
        ["MeaiRouter:Models:acme/small:Endpoints:1:ContextLength"] = "8192",
        ["MeaiRouter:Models:acme/small:Endpoints:1:MaxOutputTokens"] = "1024",
        ["MeaiRouter:Models:acme/small:Endpoints:1:SupportedParameters:0"] = "temperature",
        ["MeaiRouter:Models:acme/small:Endpoints:1:DataPolicy:Retention"] = "none",
        ["MeaiRouter:Models:acme/small:Endpoints:1:Regions:0"] = "eu",
        ["MeaiRouter:Models:acme/large:Endpoints:0:Provider"] = "first",
        ["MeaiRouter:Models:acme/large:Endpoints:0:Model"] = "large-1",
        ["MeaiRouter:Gateway:Keys:1:Name"] = "team-b",
        ["MeaiRouter:Gateway:Keys:1:Key"] = "sk-caller-of-team-b",
        ["MeaiRouter:Gateway:Keys:1:Policy:IgnoredProviders:0"] = "first",
        ["MeaiRouter:Gateway:Keys:2:Name"] = "team-c",
        ["MeaiRouter:Gateway:Keys:2:Key"] = "sk-caller-of-team-c",
        ["MeaiRouter:Gateway:Keys:2:Policy:AllowedModels:0"] = "acme/l*",
    };

    private const string SecondRow = """
        { "name": "second | acme/small", "model_id": "acme/small", "model_name": "Acme Small", "provider_name": "second", "tag": "second/eu",
          "context_length": 8192, "max_prompt_tokens": 8192, "max_completion_tokens": 1024,
          "pricing": { "prompt": "1", "completion": "1", "request": "0" }, "quantization": "fp8", "supported_parameters": ["temperature"],
          "supports_tool_choice": { "auto": false, "none": false, "required": false, "function": false },
          "supports_implicit_caching": false, "supports_voice_cloning": false, "status": 0,
          "uptime_last_5m": null, "uptime_last_30m": null, "uptime_last_1d": null, "latency_last_30m": null, "throughput_last_30m": null }
        """;

    [Theory]
    [InlineData("/v1/models/acme/small/endpoints")]
    [InlineData("/api/v1/models/acme%2Fsmall/endpoints")]
    public async Task Every_endpoint_of_a_model_is_told_cheapest_first(string path)
    {
        var answer = await Gateway.GetAsync(path);

        Assert.Equal((200, "application/json"), (answer.Status, answer.ContentType));
        HttpAnswer.AssertJson(
            $$"""
            { "data": { "id": "acme/small", "name": "Acme Small", "created": 0, "description": "",
              "architecture": { "modality": "text+image+file+audio->text", "input_modalities": ["text", "image", "file", "audio"], "output_modalities": ["text"],
                "tokenizer": null, "instruct_type": null },
              "endpoints": [
                { "name": "first | acme/small", "model_id": "acme/small", "model_name": "Acme Small", "provider_name": "first", "tag": "first",
                  "context_length": 131072, "max_prompt_tokens": 131072, "max_completion_tokens": 8192,
                  "pricing": { "prompt": "0.0000005", "completion": "0.0000015", "request": "0", "input_cache_read": "0.00000005",
                    "input_cache_write": "0.000000625", "internal_reasoning": "0.0000025" },
                  "quantization": "unknown", "supported_parameters": ["tools"],
                  "supports_tool_choice": { "auto": true, "none": true, "required": true, "function": true },
                  "supports_implicit_caching": true, "supports_voice_cloning": false, "status": 0,
                  "uptime_last_5m": null, "uptime_last_30m": null, "uptime_last_1d": null, "latency_last_30m": null, "throughput_last_30m": null },
                {{SecondRow}} ] } }
            """,
            answer.Json);
    }

    [Fact]
    public async Task What_was_measured_since_is_told_live()
    {
        FirstScript.Next(Reply.Text("Hello").WithUsage(prompt: 5, completion: 5)).Next(Fault.Unavailable()).Always(Reply.Text("Hello").WithUsage(prompt: 5, completion: 5));
        SecondScript.Always(Reply.Text("Hello").WithUsage(prompt: 5, completion: 5));
        for (var i = 0; i < 4; i++)
            await Gateway.PostAsync(Hello(streaming: true));

        var rows = (await Gateway.GetAsync("/v1/models/acme/small/endpoints")).Json["data"]!["endpoints"]!.AsArray();

        var (first, second) = (rows[0]!, rows[1]!);
        Assert.True((double)first["uptime_last_5m"]! is > 0 and < 100, first.ToJsonString());
        Assert.Equal((double)first["uptime_last_5m"]!, (double)first["uptime_last_30m"]!);
        Assert.Equal((100d, 100d), ((double)second["uptime_last_5m"]!, (double)second["uptime_last_30m"]!));
        foreach (var row in new[] { first, second })
        {
            Assert.Equal(["p50", "p75", "p90", "p99"], row["latency_last_30m"]!.AsObject().Select(static percentile => percentile.Key));
            Assert.True((double)row["throughput_last_30m"]!["p50"]! > 0);
            Assert.Null(row["uptime_last_1d"]);
        }
    }

    [Fact]
    public async Task A_variant_that_the_catalogue_has_not_is_a_model_without_endpoints()
    {
        var answer = await Gateway.GetAsync("/v1/models/acme/small:free/endpoints");

        Assert.Equal((200, "acme/small:free"), (answer.Status, (string)answer.Json["data"]!["id"]!));
        Assert.Empty(answer.Json["data"]!["endpoints"]!.AsArray());
    }

    [Fact]
    public async Task Endpoints_that_keep_nothing_have_a_list_of_their_own()
    {
        HttpAnswer.AssertJson($$"""{ "data": [ {{SecondRow}} ] }""", (await Gateway.GetAsync("/v1/endpoints/zdr")).Json);
    }

    [Fact]
    public async Task Providers_are_told_with_where_they_compute()
    {
        HttpAnswer.AssertJson(
            """
            { "data": [
              { "name": "first", "slug": "first", "privacy_policy_url": null, "terms_of_service_url": null, "status_page_url": null, "headquarters": null, "datacenters": [] },
              { "name": "second", "slug": "second", "privacy_policy_url": null, "terms_of_service_url": null, "status_page_url": null, "headquarters": null, "datacenters": ["EU"] } ] }
            """,
            (await Gateway.GetAsync("/v1/providers")).Json);
    }

    [Fact]
    public async Task What_a_keys_policy_forbids_is_not_shown_to_it()
    {
        Assert.Equal(["acme/large", "acme/small"], await IdsAsync(Key));
        Assert.Equal(["acme/small"], await IdsAsync("sk-caller-of-team-b"));
        Assert.Equal(["acme/large"], await IdsAsync("sk-caller-of-team-c"));

        var listed = (await Gateway.GetAsync("/v1/models", "sk-caller-of-team-b")).Json["data"]![0]!;
        Assert.Equal(("1", 8192), ((string)listed["pricing"]!["prompt"]!, (int)listed["top_provider"]!["context_length"]!));
        var rows = (await Gateway.GetAsync("/v1/models/acme/small/endpoints", "sk-caller-of-team-b")).Json["data"]!["endpoints"]!;
        Assert.Equal("second", (string)Assert.Single(rows.AsArray())!["provider_name"]!);
        Assert.Equal(404, (await Gateway.GetAsync("/v1/models/acme/large", "sk-caller-of-team-b")).Status);
        Assert.Equal(404, (await Gateway.GetAsync("/v1/model/acme/small", "sk-caller-of-team-c")).Status);
        Assert.Equal(1, (int)(await Gateway.GetAsync("/v1/models/count", "sk-caller-of-team-c")).Json["data"]!["count"]!);
        Assert.Equal("second", (string)Assert.Single((await Gateway.GetAsync("/v1/providers", "sk-caller-of-team-b")).Json["data"]!.AsArray())!["slug"]!);
        Assert.Empty((await Gateway.GetAsync("/v1/endpoints/zdr", "sk-caller-of-team-c")).Json["data"]!.AsArray());
    }

    private async Task<string[]> IdsAsync(string key)
    {
        var all = (await Gateway.GetAsync("/v1/models", key)).Json["data"]!.AsArray().Select(static model => (string)model!["id"]!).ToArray();
        var own = (await Gateway.GetAsync("/v1/models/user", key)).Json["data"]!.AsArray().Select(static model => (string)model!["id"]!).ToArray();
        Assert.Equal(all, own);
        return all;
    }
}

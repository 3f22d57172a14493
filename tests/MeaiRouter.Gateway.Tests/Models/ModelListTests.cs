using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.Models;

public sealed class ModelListTests : GatewayTest
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["MeaiRouter:Models:acme/small:Endpoints:0:SupportedParameters:0"] = "tools",
        ["MeaiRouter:Models:acme/unpriced:Endpoints:0:Provider"] = "second",
        ["MeaiRouter:Models:acme/unpriced:Endpoints:0:Model"] = "large-2",
    };

    [Theory]
    [InlineData("/v1")]
    [InlineData("/api/v1")]
    public async Task The_list_has_OpenAIs_fields_and_OpenRouters_with_prices_per_token(string @base)
    {
        var answer = await Gateway.GetAsync(@base + "/models");

        Assert.Equal((200, "application/json"), (answer.Status, answer.ContentType));
        HttpAnswer.AssertJson(
            """
            { "object": "list", "data": [
              { "id": "acme/small", "object": "model", "created": 0, "owned_by": "acme", "canonical_slug": "acme/small", "name": "Acme Small", "context_length": 131072,
                "architecture": { "modality": "text+image+file+audio->text", "input_modalities": ["text", "image", "file", "audio"], "output_modalities": ["text"] },
                "pricing": { "prompt": "0.0000005", "completion": "0.0000015", "request": "0", "input_cache_read": "0.00000005",
                  "input_cache_write": "0.000000625", "internal_reasoning": "0.0000025" },
                "top_provider": { "context_length": 131072, "max_completion_tokens": 8192, "is_moderated": false }, "supported_parameters": ["tools"],
                "per_request_limits": null, "default_parameters": null, "supported_voices": null, "links": { "details": "/api/v1/models/acme/small/endpoints" } },
              { "id": "acme/unpriced", "object": "model", "created": 0, "owned_by": "acme", "canonical_slug": "acme/unpriced", "name": "acme/unpriced", "context_length": null,
                "architecture": { "modality": "text->text", "input_modalities": ["text"], "output_modalities": ["text"] },
                "pricing": { "prompt": "-1", "completion": "-1" },
                "top_provider": { "context_length": null, "max_completion_tokens": null, "is_moderated": false }, "supported_parameters": [],
                "per_request_limits": null, "default_parameters": null, "supported_voices": null, "links": { "details": "/api/v1/models/acme/unpriced/endpoints" } } ],
              "total_count": 2, "links": { "next": null } }
            """,
            answer.Json);
    }

    [Fact]
    public async Task Where_the_catalogue_lists_no_parameters_those_of_the_dialect_are_listed_and_required()
    {
        FirstScript.Answers("Hello");
        await using var gateway = await StartGatewayAsync(
            ("MeaiRouter:Providers:first:Dialect", "groq"), ("MeaiRouter:Models:acme/small:Endpoints:0:SupportedParameters:0", null));

        string[] taken =
        [
            "temperature", "top_p", "max_tokens", "stop", "seed", "frequency_penalty", "presence_penalty", "tools", "tool_choice", "parallel_tool_calls",
            "response_format",
        ];
        var listed = (await gateway.GetAsync("/v1/models")).Json["data"]!.AsArray().Single(model => (string?)model!["id"] == Model)!;
        var endpoint = (await gateway.GetAsync($"/v1/models/{Model}/endpoints")).Json["data"]!["endpoints"]![0]!;
        var found = (await gateway.GetAsync("/v1/models?supported_parameters=seed")).Json["data"]!.AsArray();
        Assert.Equal(taken, Texts(listed));
        Assert.Equal(taken, Texts(endpoint));
        Assert.Equal(Model, (string?)Assert.Single(found)!["id"]);

        foreach (var streaming in (bool[])[false, true])
        {
            var served = await gateway.PostAsync(Hello(streaming, ("seed", 7), ("provider", new { require_parameters = true })));
            var refused = await gateway.PostAsync(Hello(streaming, ("top_k", 7), ("provider", new { require_parameters = true })));
            Assert.Equal((200, "first"), (served.Status, served.Provider));
            Assert.Equal(404, refused.Status);
            Assert.Contains("first/small-1 (require_parameters): It is not known to support top_k.", (string?)refused.Error["message"], StringComparison.Ordinal);
        }

        static string[] Texts(System.Text.Json.Nodes.JsonNode item) => [.. item["supported_parameters"]!.AsArray().Select(name => (string)name!)];
    }
}

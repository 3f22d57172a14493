using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Embeddings;

public sealed class EmbeddingsTests : GatewayTest
{
    private static readonly string[] Batch = ["one", "four"];

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["MeaiRouter:Models:acme/embed:OutputModalities:0"] = "embeddings",
        ["MeaiRouter:Models:acme/embed:Endpoints:0:Provider"] = "first",
        ["MeaiRouter:Models:acme/embed:Endpoints:0:Model"] = "embed-1",
        ["MeaiRouter:Models:acme/embed:Endpoints:0:PricePerMillion:Prompt"] = "1",
        ["MeaiRouter:Models:acme/embed:Endpoints:0:PricePerMillion:Completion"] = "0",
        ["MeaiRouter:Models:acme/embed:Endpoints:1:Provider"] = "second",
        ["MeaiRouter:Models:acme/embed:Endpoints:1:Model"] = "embed-2",
        ["MeaiRouter:Models:acme/embed:Endpoints:1:PricePerMillion:Prompt"] = "2",
        ["MeaiRouter:Models:acme/embed:Endpoints:1:PricePerMillion:Completion"] = "0",
        ["MeaiRouter:Routing:Strategy"] = "price",
    };

    [Theory, InlineData("/v1"), InlineData("/api/v1")]
    public async Task A_batch_is_embedded_and_priced_and_recorded(string @base)
    {
        First.ForModel("embed-1").Always(Reply.Embeddings());

        var answer = await Gateway.PostAsync(new { model = "acme/embed", input = Batch, dimensions = 2, user = "u1", input_type = "query" }, path: @base + "/embeddings");

        Assert.Equal(200, answer.Status);
        HttpAnswer.AssertJson(
            """
            { "object": "list", "model": "acme/embed", "provider": "first",
              "data": [ { "object": "embedding", "index": 0, "embedding": [3, 0] }, { "object": "embedding", "index": 1, "embedding": [4, 0] } ],
              "usage": { "prompt_tokens": 7, "total_tokens": 7, "cost": 0.000007, "is_byok": false,
                "cost_details": { "upstream_inference_cost": null, "upstream_inference_prompt_cost": 0.000007, "upstream_inference_completions_cost": 0 } } }
            """,
            answer.Json, "id");
        Assert.Equal(answer.Headers["X-Generation-Id"], (string)answer.Json["id"]!);
        HttpAnswer.AssertJson(
            """{ "model": "embed-1", "input": ["one", "four"], "dimensions": 2, "user": "u1", "input_type": "query" }""",
            System.Text.Json.Nodes.JsonNode.Parse(First.Requests.Single().Body.GetRawText())!);
        var record = await Gateway.Ledger.SingleAsync();
        Assert.Equal((answer.Headers["X-Generation-Id"], "u1", 7_000), (record.Id, record.User, record.Charge!.Value.Value));
    }

    [Fact]
    public async Task One_text_comes_back_as_base64_where_that_is_asked_for()
    {
        First.ForModel("embed-1").Always(Reply.Embeddings(2));

        var answer = await Gateway.PostAsync(new { model = "acme/embed", input = "one", encoding_format = "base64" }, path: "/v1/embeddings");

        Assert.Equal("AABAQAAAAAA=", (string)answer.Json["data"]![0]!["embedding"]!);
    }

    [Fact]
    public async Task A_provider_that_is_down_is_followed_by_the_next()
    {
        First.ForModel("embed-1").Always(Fault.Unavailable());
        Second.ForModel("embed-2").Always(Reply.Embeddings());

        var answer = await Gateway.PostAsync(new { model = "acme/embed", input = Batch }, path: "/v1/embeddings");

        Assert.Equal((200, "second"), (answer.Status, (string)answer.Json["provider"]!));
    }

    [Fact]
    public async Task When_all_are_down_the_error_says_so_in_the_usual_envelope()
    {
        First.ForModel("embed-1").Always(Fault.Unavailable());
        Second.ForModel("embed-2").Always(Fault.Unavailable());

        var answer = await Gateway.PostAsync(new { model = "acme/embed", input = Batch }, path: "/v1/embeddings");

        Assert.Equal((503, "provider_unavailable"), (answer.Status, (string)answer.Error["metadata"]!["error_type"]!));
    }

    [Theory]
    [InlineData("""{ "model": "acme/embed" }""", "'input' is missing. It must be a string or an array of strings, none of them empty.")]
    [InlineData("""{ "model": "acme/embed", "input": "" }""", "'input' is ''; it must be a string or an array of strings, none of them empty.")]
    [InlineData("""{ "model": "acme/embed", "input": ["a", {}] }""", "'input[1]' is an object; it must be a string that is not empty.")]
    [InlineData("""{ "model": "acme/embed", "input": [1, 2] }""", "'input' holds token ids, which mean something else to every model. Send text.")]
    [InlineData("""{ "model": "acme/embed", "input": "a", "encoding_format": "int8" }""", "'encoding_format' is 'int8'; it must be 'float' or 'base64'.")]
    [InlineData("""{ "model": "acme/embed", "input": "a", "dimensions": 0 }""", "'dimensions' is 0; it must be a whole number of at least 1.")]
    public async Task What_cannot_be_embedded_is_refused_with_the_field_and_the_remedy(string body, string message)
    {
        var answer = await Gateway.PostTextAsync(body, path: "/v1/embeddings");

        Assert.Equal((400, message), (answer.Status, (string)answer.Error["message"]!));
        Assert.Equal(0, First.RequestCount);
    }

    [Fact]
    public async Task A_model_for_conversations_makes_no_embeddings()
    {
        var answer = await Gateway.PostAsync(new { model = Model, input = "a" }, path: "/v1/embeddings");

        Assert.Equal(404, answer.Status);
        Assert.Contains("'embeddings' among its output modalities", (string)answer.Error["message"]!, StringComparison.Ordinal);
    }
}

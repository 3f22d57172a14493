using System.ClientModel;
using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;
using OpenAI;
using OpenAI.Embeddings;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>Embeddings of every client that makes them. The provider's vectors begin with the length of the text.</summary>
public sealed class EmbeddingClientTests(NodeScripts scripts) : GatewayTest, IClassFixture<NodeScripts>
{
    private const string Embedder = "acme/embed";

    private static readonly string[] Batch = ["one", "four"];

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["MeaiRouter:Models:acme/embed:OutputModalities:0"] = "embeddings",
        ["MeaiRouter:Models:acme/embed:Endpoints:0:Provider"] = "first",
        ["MeaiRouter:Models:acme/embed:Endpoints:0:Model"] = "embed-1",
        ["MeaiRouter:Models:acme/embed:Endpoints:0:PricePerMillion:Prompt"] = "1",
        ["MeaiRouter:Models:acme/embed:Endpoints:0:PricePerMillion:Completion"] = "0",
    };

    // Without a word npm's openai asks for base64 and unpacks it.
    [NodeTheory]
    [InlineData("openai.mjs", null, "[3, 0]", "[4, 0]")]
    [InlineData("openai.mjs", "float", "[3, 0]", "[4, 0]")]
    [InlineData("openai.mjs", "base64", "\"AABAQAAAAAA=\"", "\"AACAQAAAAAA=\"")]
    [InlineData("openrouter.mjs", null, "[3, 0]", "[4, 0]")]
    [InlineData("openrouter.mjs", "base64", "\"AABAQAAAAAA=\"", "\"AACAQAAAAAA=\"")]
    public async Task A_batch_comes_as_numbers_or_base64_with_tokens_and_cost(string script, string? format, string one, string four)
    {
        First.ForModel("embed-1").Always(Reply.Embeddings());

        HttpAnswer.AssertJson(
            $$"""
            { "object": "list", "model": "acme/embed", "tokens": 7, "cost": 0.000007,
              "data": [ { "object": "embedding", "index": 0, "embedding": {{one}} }, { "object": "embedding", "index": 1, "embedding": {{four}} } ] }
            """,
            await EmbedAsync(script, format));
        Assert.Equal(2, First.Requests.Single().Body.GetProperty("dimensions").GetInt32());
    }

    [NodeFact]
    public async Task The_AI_SDK_embeds_many()
    {
        First.ForModel("embed-1").Always(Reply.Embeddings());

        HttpAnswer.AssertJson(
            """{ "embeddings": [[3, 0], [4, 0]], "tokens": 7, "provider": "first", "cost": 0.000007 }""", await EmbedAsync("ai-sdk.mjs", null));
    }

    [NodeTheory]
    [InlineData(null)]
    [InlineData("float")]
    public async Task LangChain_embeds_documents_and_a_query(string? format)
    {
        First.ForModel("embed-1").Always(Reply.Embeddings());

        HttpAnswer.AssertJson("""{ "documents": [[3, 0], [4, 0]], "query": [3, 0] }""", await EmbedAsync("langchain.mjs", format));
    }

    [Fact]
    public async Task The_OpenAI_SDK_for_dotnet_embeds_a_batch()
    {
        First.ForModel("embed-1").Always(Reply.Embeddings());
        var client = new EmbeddingClient(Embedder, new ApiKeyCredential(Key), new OpenAIClientOptions { Endpoint = Gateway.BaseUrl });

        var embeddings = (await client.GenerateEmbeddingsAsync(Batch, new EmbeddingGenerationOptions { Dimensions = 2 })).Value;

        Assert.Equal([[3, 0], [4, 0]], embeddings.Select(embedding => embedding.ToFloats().ToArray()));
        Assert.Equal((Embedder, 7), (embeddings.Model, embeddings.Usage.TotalTokenCount));
    }

    private async Task<JsonNode> EmbedAsync(string script, string? format)
    {
        var body = new JsonObject { ["input"] = new JsonArray([.. Batch.Select(text => JsonValue.Create(text))]), ["dimensions"] = 2 };
        if (format is not null)
            body["encoding_format"] = format;
        var seen = await scripts.AskAsync(
            script, "", new JsonObject { ["scenario"] = "embeddings", ["baseUrl"] = new Uri(Gateway.Address, "/api/v1").ToString(), ["key"] = Key, ["model"] = Embedder, ["body"] = body });
        Assert.True(seen.ContainsKey("result"), seen.ToJsonString());
        return seen["result"]!;
    }
}

using System.Net;
using System.Text;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests;

public sealed class EmbeddingTests
{
    [Fact]
    public async Task Texts_go_out_with_model_length_and_what_the_wire_alone_has_a_word_for()
    {
        using var handler = new Canned("""{"object":"list","model":"embed-1","data":[{"index":0,"embedding":[0.5,-1]},{"index":1,"embedding":"AABAQA=="}],"usage":{"prompt_tokens":7,"total_tokens":7}}""");
        using var http = new HttpClient(handler);
        using var client = new OpenAICompatibleChatClient(new OpenAICompatibleOptions { Provider = "acme", BaseUrl = new Uri("http://acme.test/v1/"), ApiKeys = ["sk-1"] }, http);
        var options = new EmbeddingGenerationOptions
        {
            ModelId = "embed",
            Dimensions = 2,
            AdditionalProperties = new() { [RequestProperties.ExtraBody] = System.Text.Json.JsonElement.Parse("""{"encoding_format":"base64","input_type":"query"}""") },
        };

        var made = await Generator(client).GenerateAsync(["one", "four"], options);

        Assert.Equal("""{"encoding_format":"base64","input_type":"query","model":"embed","dimensions":2,"input":["one","four"]}""", handler.Body);
        Assert.Equal(("http://acme.test/v1/embeddings", "Bearer sk-1"), (handler.Address, handler.Authorization));
        Assert.Equal([0.5f, -1f], made[0].Vector.ToArray());
        Assert.Equal([3f], made[1].Vector.ToArray());
        Assert.Equal(("embed-1", 7, 7), (made[0].ModelId, made.Usage!.InputTokenCount, made.Usage.TotalTokenCount));
    }

    [Theory]
    [InlineData("""{"data":[{"index":1,"embedding":[2]},{"index":0,"embedding":[1]}]}""", new[] { 1f, 2f })]
    [InlineData("""{"data":[{"embedding":[1]},{"embedding":"AAAAQA=="}],"unknown":[{}]}""", new[] { 1f, 2f })]
    public async Task The_place_says_whose_embedding_it_is_and_the_order_where_none_is_given(string body, float[] firsts) =>
        Assert.Equal(firsts, (await ReadAsync(body)).Select(embedding => embedding.Vector.Span[0]));

    [Theory]
    [InlineData("""{"data":[]}""", null)]
    [InlineData("[]", "acme sent embeddings that cannot be read as JSON.")]
    [InlineData("{}", "acme sent an answer without embeddings.")]
    [InlineData("""{"data":[{"embedding":[]}]}""", "acme sent an answer without embeddings.")]
    [InlineData("""{"data":[null]}""", "acme sent an answer without embeddings.")]
    [InlineData("""{"data":[{"embedding":["1"]}]}""", "acme sent embeddings that cannot be read as JSON.")]
    [InlineData("""{"data":[{"embedding":"AAA="}]}""", "acme sent embeddings that cannot be read as JSON.")]
    [InlineData("""{"data":[{"embedding":"?"}]}""", "acme sent embeddings that cannot be read as JSON.")]
    public async Task What_is_no_list_of_vectors_is_a_malformed_answer(string body, string? message)
    {
        if (message is null)
        {
            Assert.Empty(await ReadAsync(body));
            return;
        }

        var failure = await Assert.ThrowsAsync<RouterException>(() => ReadAsync(body));
        Assert.Equal((FailureKind.MalformedAnswer, message), (failure.Kind, failure.Message));
    }

    [Fact]
    public async Task An_error_in_their_place_has_its_kind_and_words()
    {
        var failure = await Assert.ThrowsAsync<RouterException>(() => ReadAsync("""{"error":{"message":"Slow down.","code":429}}"""));

        Assert.Equal(FailureKind.RateLimited, failure.Kind);
        Assert.Contains("Slow down.", failure.Message, StringComparison.Ordinal);
    }

    private static IEmbeddingGenerator<string, Embedding<float>> Generator(OpenAICompatibleChatClient client) =>
        client.GetService<IEmbeddingGenerator<string, Embedding<float>>>()!;

    private static async Task<GeneratedEmbeddings<Embedding<float>>> ReadAsync(string body)
    {
        using var handler = new Canned(body);
        using var http = new HttpClient(handler);
        using var client = new OpenAICompatibleChatClient(new OpenAICompatibleOptions { Provider = "acme", BaseUrl = new Uri("http://acme.test/v1") }, http);
        return await Generator(client).GenerateAsync(["a", "b"]);
    }

    private sealed class Canned(string body) : HttpMessageHandler
    {
        public string? Body { get; private set; }

        public string? Address { get; private set; }

        public string? Authorization { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            Address = request.RequestUri!.AbsoluteUri;
            Authorization = request.Headers.Authorization?.ToString();
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        }
    }
}

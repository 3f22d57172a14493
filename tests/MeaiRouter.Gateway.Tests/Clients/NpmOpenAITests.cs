using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>Chat completions and models of npm's official openai package.</summary>
public sealed class NpmOpenAITests(NodeScripts scripts) : ClientMatrix(scripts)
{
    protected override string Script => "openai.mjs";

    protected override string? Left => null;

    [NodeFact]
    public async Task The_chunks_of_a_stream_are_as_the_client_declares_them()
    {
        FirstScript.Always(Reply.Chunks("one ", "two").WithUsage(prompt: 3, completion: 2));

        var chunks = (await ResultAsync("chunks", streaming: true)).AsArray();

        Assert.All(chunks, chunk => Assert.Equal(("chat.completion.chunk", Model), ((string?)chunk!["object"], (string?)chunk["model"])));
        Assert.Equal([null, "one ", "two", null], chunks.SkipLast(1).Select(chunk => (string?)chunk!["choices"]![0]!["delta"]!["content"]));
        Assert.Equal([null, null, null, "stop"], chunks.SkipLast(1).Select(chunk => (string?)chunk!["choices"]![0]!["finish_reason"]));
        Assert.Equal((0, 5), (chunks[^1]!["choices"]!.AsArray().Count, (int)chunks[^1]!["usage"]!["total_tokens"]!));
    }

    [NodeFact]
    public async Task The_models_are_listed_and_one_is_read()
    {
        HttpAnswer.AssertJson(
            """[ { "id": "acme/small", "owned_by": "acme", "object": "model", "created": 0 } ]""", await ResultAsync("models"));
        Assert.Equal(Model, (string?)await ResultAsync("model"));
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_each_provider_said_is_in_the_error(bool streaming)
    {
        FirstScript.Always(Fault.Status(503, message: "Under repair."));
        SecondScript.Always(Fault.Status(502, message: "On fire."));

        var error = await ErrorAsync("plain", streaming);

        Assert.Equal(
            [("first", 503), ("second", 502)], error["previous"]!.AsArray().Select(previous => ((string)previous!["provider"]!, (int)previous["status"]!)));
    }

    protected override string ErrorName(int status) => OpenAIErrors.Name(status);

    protected override string ErrorMessage(int status, string message) => $"{status} {message}";
}

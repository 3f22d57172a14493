namespace MeaiRouter.Testing.Tests;

public sealed class AnswerTests : ProviderTest
{
    private const string CountedUsage = """
        {"prompt_tokens":5,"completion_tokens":3,"total_tokens":8,"prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}
        """;

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_text_is_answered_with_the_words_counted_as_usage(bool streaming)
    {
        Script.Answers("Hello, dear world");

        Assert.Equal(new Answer("Hello, dear world", "stop", CountedUsage), await AskAsync(streaming));
    }

    [Theory]
    [InlineData("one")]
    [InlineData(" leading and  double\n\nspaces\t ")]
    [InlineData("   ")]
    [InlineData("Grüße 🌍, naïve “quotes” <b>&amp;\\ 你好")]
    public async Task A_streamed_text_comes_word_by_word_and_is_the_text_again(string text)
    {
        Script.Answers(text);

        Assert.Equal(text, (await AskAsync(streaming: true)).Text);
        Assert.Equal(text, (await AskAsync(streaming: false)).Text);
    }

    [Fact]
    public async Task A_stream_has_a_role_chunk_a_chunk_for_each_word_a_finish_the_usage_and_done()
    {
        Script.Always(Reply.Text("Hello, world").WithId("gen-1").WithUsage(12, 3));

        var events = await StreamAsync();

        var created = Provider.Requests[0].ReceivedAt.ToUnixTimeSeconds();
        Assert.Equal(
            [
                Chunk("""[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"usage":null"""),
                Chunk("""[{"index":0,"delta":{"content":"Hello,"},"logprobs":null,"finish_reason":null}],"usage":null"""),
                Chunk("""[{"index":0,"delta":{"content":" world"},"logprobs":null,"finish_reason":null}],"usage":null"""),
                Chunk("""[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null"""),
                Chunk("""[],"usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}"""),
                "[DONE]",
            ],
            events);

        string Chunk(string rest) => $$"""{"id":"gen-1","object":"chat.completion.chunk","created":{{created}},"model":"small-v1","choices":{{rest}}}""";
    }
}

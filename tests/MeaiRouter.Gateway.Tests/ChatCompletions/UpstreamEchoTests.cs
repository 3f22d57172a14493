using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.ChatCompletions;

/// <summary><c>debug.echo_upstream_body</c>: what providers are sent, told to whom it concerns.</summary>
public sealed class UpstreamEchoTests : GatewayTest
{
    private static readonly (string, object?) Wanted = ("debug", new { echo_upstream_body = true });

    [Fact]
    public async Task Each_provider_tried_has_a_chunk_before_the_answer_with_the_body_it_was_sent()
    {
        FirstScript.Always(Fault.Unavailable());
        SecondScript.Answers("Hello");

        var answer = await Gateway.PostAsync(Hello(streaming: true, Wanted, ("temperature", 0.5)));

        Assert.Equal("Hello", answer.Text);
        var chunks = answer.Chunks;
        var echoes = chunks.Take(2).ToList();
        Assert.Equal(["first", "second"], echoes.Select(chunk => (string)chunk["provider"]!));
        Assert.All(chunks.Skip(2), chunk => Assert.Null(chunk["debug"]));
        Assert.Equal(
            [First.Requests.Single().Body.GetRawText(), Second.Requests.Single().Body.GetRawText()],
            echoes.Select(chunk => chunk["debug"]!["echo_upstream_body"]!.ToJsonString()));
        Assert.Equal(["small-1", "small-2"], echoes.Select(chunk => (string)chunk["debug"]!["echo_upstream_body"]!["model"]!));
        Assert.All(echoes, chunk => HttpAnswer.AssertJson(
            """{ "object": "chat.completion.chunk", "model": "acme/small", "choices": [] }""", chunk, "id", "created", "provider", "debug"));
        Assert.DoesNotContain("key-of-", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Nothing_is_told_without_a_stream_or_without_being_asked(bool streaming, bool asked)
    {
        FirstScript.Answers("Hello");

        var answer = await Gateway.PostAsync(Hello(streaming, ("debug", new { echo_upstream_body = asked })));

        Assert.Equal("Hello", answer.Text);
        Assert.DoesNotContain("debug", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_is_not_taken_from_the_cache_where_the_call_is_to_be_seen()
    {
        FirstScript.Always(Reply.Text("Hello"));

        foreach (var _ in new[] { 1, 2 })
        {
            var answer = await Gateway.PostWithAsync(Hello(streaming: true, Wanted), Key, ("X-OpenRouter-Cache", "true"));
            Assert.Single(answer.Chunks, chunk => chunk["debug"] is not null);
        }

        Assert.Equal(2, First.RequestCount);
    }
}

using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Testing.Tests;

public sealed class ScriptedChatClientTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly ScriptedChatClient _client;

    public ScriptedChatClientTests() => _client = new ScriptedChatClient("acme", _time);

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Steps_are_done_in_order_and_the_last_one_for_ever(bool streaming)
    {
        _client.Fails(FailureKind.RateLimited, retryAfter: TimeSpan.FromSeconds(3)).Answers("one two", 5, 2).Answers("and again").Always();

        var limited = await Assert.ThrowsAsync<RouterException>(() => AskAsync(streaming));
        var first = await AskAsync(streaming);
        var others = new[] { await AskAsync(streaming), await AskAsync(streaming), await AskAsync(streaming) };

        Assert.Equal((FailureKind.RateLimited, "acme", TimeSpan.FromSeconds(3)), (limited.Kind, limited.Provider, limited.RetryAfter!.Value));
        Assert.Equal(("one two", 7L, ChatFinishReason.Stop), (first.Text, first.Usage!.TotalTokenCount!.Value, first.FinishReason!.Value));
        Assert.All(others, static other => Assert.Equal("and again", other.Text));
        Assert.Equal(5, _client.Calls.Count);
        Assert.All(_client.Calls, call => Assert.Equal((streaming, "small", "Hi"), (call.IsStreamed, call.Options!.ModelId, call.Messages.Single().Text)));
    }

    [Fact]
    public async Task A_stream_comes_word_by_word_and_breaks_where_it_is_told_to()
    {
        _client.Answers("one two three").CutAfter(2).Answers("one two three");
        var seen = new List<string>();

        var cut = await Assert.ThrowsAsync<RouterException>(async () =>
        {
            await foreach (var update in _client.GetStreamingResponseAsync("Hi"))
                seen.Add(update.Text);
        });

        Assert.Equal((FailureKind.Truncated, "one| two"), (cut.Kind, string.Join('|', seen)));
        var updates = await _client.GetStreamingResponseAsync("Hi").ToListAsync();
        Assert.Equal(["one", " two", " three"], updates.Select(static update => update.Text).Where(static text => text.Length > 0));
        Assert.Equal(ChatFinishReason.Stop, updates[^1].FinishReason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_delay_runs_by_the_clients_clock_and_ends_when_the_caller_cancels(bool streaming)
    {
        _client.Answers("slow").After(TimeSpan.FromMinutes(5)).Answers("never").After(Timeout.InfiniteTimeSpan);

        var slow = AskAsync(streaming);
        Assert.False(slow.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("slow", (await slow).Text);

        using var leaving = new CancellationTokenSource();
        var never = AskAsync(streaming, leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never);
    }

    [Fact]
    public async Task A_script_without_a_step_says_so()
    {
        var failure = await Assert.ThrowsAsync<RouterException>(() => AskAsync(false));

        Assert.Equal((FailureKind.InvalidRequest, "The script of acme has no step left for its call 1."), (failure.Kind, failure.Message));
        Assert.Throws<InvalidOperationException>(() => _client.CutAfter(1));
    }

    [Fact]
    public void It_tells_its_provider_and_answers_no_keyed_service()
    {
        Assert.Equal("acme", _client.GetService<ChatClientMetadata>()!.ProviderName);
        Assert.Same(_client, _client.GetService<ScriptedChatClient>());
        Assert.Null(_client.GetService<ChatClientMetadata>("key"));
    }

    private async Task<ChatResponse> AskAsync(bool streaming, CancellationToken cancellationToken = default)
    {
        var options = new ChatOptions { ModelId = "small" };
        return streaming
            ? await _client.GetStreamingResponseAsync("Hi", options, cancellationToken).ToChatResponseAsync(cancellationToken)
            : await _client.GetResponseAsync("Hi", options, cancellationToken);
    }
}

namespace MeaiRouter.Testing.Tests;

public sealed class RecordingTests : ProviderTest
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_request_is_kept_with_all_that_came_with_it(bool streaming)
    {
        Script.Answers("Hi");
        var before = DateTimeOffset.UtcNow;

        await SendAndReadAsync(streaming, key: "k1");

        var request = Provider.Requests.Single();
        Assert.Equal(("acme", 1, "POST", "/v1/chat/completions"), (request.Provider, request.Number, request.Method, request.Path));
        Assert.Equal((Model, streaming, "Hi there, friend"), (request.Model, request.Streamed, request.LastUserText));
        Assert.Equal("Bearer k1", request.Headers["authorization"]);
        Assert.Equal("application/json; charset=utf-8", request.Headers["Content-Type"]);
        Assert.Equal("Be kind.", request.Body.GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.InRange(request.ReceivedAt, before, DateTimeOffset.UtcNow);
        Assert.Equal(RequestOutcome.Answered, await request.Ended);
        Assert.True(request.ClientAborted.IsCanceled);
        Assert.Equal($"#1 POST /v1/chat/completions small-v1{(streaming ? ", streamed" : "")}: Answered", request.ToString());
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}""", "a")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url"},{"type":"text","text":"b"}]}]}""", "ab")]
    [InlineData("""{"messages":[{"role":"user","content":null}]}""", "")]
    [InlineData("""{"messages":[{"content":"a"},7]}""", "")]
    [InlineData("""{"messages":{}}""", "")]
    [InlineData("""{}""", "")]
    [InlineData("[]", "")]
    public async Task The_last_text_of_the_user_is_found_in_any_shape(string body, string text)
    {
        await RawResponse.ReadAsync(Provider.BaseUrl, body);

        Assert.Equal(text, Provider.Requests.Single().LastUserText);
    }

    [Fact]
    public async Task Requests_at_the_same_time_are_all_kept_and_each_takes_one_step()
    {
        const int Count = 200;
        for (var i = 0; i < Count; i++)
            Script.Next(Reply.Text($"{i}"));

        var waiting = Provider.WaitForRequestsAsync(Count);
        var answers = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => AskAsync(streaming: i % 2 == 0)));
        await waiting.WaitAsync(Patience);

        Assert.Equal(Count, Provider.RequestCount);
        Assert.Equal(Enumerable.Range(1, Count), Provider.Requests.Select(static r => r.Number));
        Assert.Equal(
            Enumerable.Range(0, Count).Select(static i => $"{i}").Order(StringComparer.Ordinal),
            answers.Select(static a => a.Text!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Waiting_for_requests_can_be_given_up()
    {
        using var patience = new CancellationTokenSource();
        var waiting = Provider.WaitForRequestsAsync(1, patience.Token);
        Assert.False(waiting.IsCompleted);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Provider.WaitForRequestsAsync(0);
    }

    [Fact]
    public async Task Forgotten_requests_are_not_counted_and_their_numbers_not_given_again()
    {
        Script.Answers("Hi");
        await AskAsync(streaming: false);

        Provider.ClearRequests();
        Assert.Equal(0, Provider.RequestCount);
        await AskAsync(streaming: false);

        Assert.Equal(2, Provider.Requests.Single().Number);
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_a_stream_is_noticed()
    {
        Script.Always(Reply.Text("one two three").HoldContentUntil(new TaskCompletionSource().Task));

        using (await SendAsync(streaming: true))
            Assert.Equal(RequestOutcome.Pending, Provider.Requests.Single().Outcome);

        await Provider.Requests.Single().ClientAborted.WaitAsync(Patience);
        Assert.Equal(RequestOutcome.ClientAborted, Provider.Requests.Single().Outcome);
    }

    [Fact]
    public async Task A_client_that_leaves_after_the_last_byte_has_aborted_nothing()
    {
        Script.Answers("Hi");
        for (var i = 0; i < 50; i++)
        {
            using var response = await SendAsync(streaming: true);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() != "data: [DONE]")
            {
            }
        }

        Assert.All(Provider.Requests, static r => Assert.Equal(RequestOutcome.Answered, r.Outcome));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_event_that_fails_breaks_the_exchange_off(bool streaming)
    {
        Script.Always(Reply.Text("Hi").HoldUntil(Task.FromException(new InvalidOperationException())));

        var (status, body) = await SendAndReadAsync(streaming);

        Assert.Equal((500, ""), (status, body));
        Assert.Equal(RequestOutcome.BrokenOff, await Provider.Requests.Single().Ended.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_stream_that_ends_with_an_empty_write_is_answered()
    {
        Script.Next(Reply.Sse(": hi\n\n", "")).Next(Reply.Sse());

        Assert.Equal(": hi\n\n", (await SendAndReadAsync(streaming: true)).Body);
        Assert.Equal("", (await SendAndReadAsync(streaming: true)).Body);
        foreach (var request in Provider.Requests)
            Assert.Equal(RequestOutcome.Answered, await request.Ended.WaitAsync(Patience));
    }
}

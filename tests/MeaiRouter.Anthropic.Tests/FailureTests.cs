using System.Globalization;
using MeaiRouter.Anthropic.Tests.Serving;
using MeaiRouter.Attempts;
using MeaiRouter.Keys;
using MeaiRouter.Limits;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Tests;

public sealed class FailureTests : ClientTest
{
    private const string Overload = """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""";

    public static TheoryData<bool, int, string, string, FailureKind> Refusals
    {
        get
        {
            var data = new TheoryData<bool, int, string, string, FailureKind>();
            foreach (var streaming in (bool[])[false, true])
            {
                data.Add(streaming, 400, "invalid_request_error", "max_tokens: Field required", FailureKind.InvalidRequest);
                data.Add(streaming, 400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum", FailureKind.ContextTooLong);
                data.Add(streaming, 400, "invalid_request_error", "input length and `max_tokens` exceed context limit: 1 + 2 > 2", FailureKind.ContextTooLong);
                data.Add(streaming, 400, "invalid_request_error", "Your credit balance is too low to access the Claude API.", FailureKind.PaymentRequired);
                data.Add(streaming, 400, "invalid_request_error", "Output blocked by content filtering policy", FailureKind.ContentFiltered);
                data.Add(streaming, 401, "authentication_error", "invalid x-api-key", FailureKind.Unauthorized);
                data.Add(streaming, 402, "billing_error", "Pay.", FailureKind.PaymentRequired);
                data.Add(streaming, 403, "permission_error", "No.", FailureKind.PermissionDenied);
                data.Add(streaming, 404, "not_found_error", "model: claude-x", FailureKind.ModelNotFound);
                data.Add(streaming, 413, "request_too_large", "Request exceeds the maximum size", FailureKind.RequestTooLarge);
                data.Add(streaming, 429, "rate_limit_error", "Slow down.", FailureKind.RateLimited);
                data.Add(streaming, 500, "api_error", "Internal server error", FailureKind.ServerError);
                data.Add(streaming, 503, "api_error", "Unavailable", FailureKind.Unavailable);
                data.Add(streaming, 504, "timeout_error", "Too slow.", FailureKind.Timeout);
                data.Add(streaming, 529, "overloaded_error", "Overloaded", FailureKind.Overloaded);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_is_read_with_its_kind_words_wait_and_request_and_is_not_retried(bool streaming, int status, string type, string message, FailureKind kind)
    {
        Server.Then(MessagesAnswer.Refusal(status, type, message, ("Retry-After", "17"), ("x-should-retry", "true")));

        var failure = await Assert.ThrowsAsync<RouterException>(() => AskAsync(streaming, "?"));

        Assert.Equal(
            (kind, status, "anthropic", type, "req_1", TimeSpan.FromSeconds(17), $"anthropic answered {status}: {message}"),
            (failure.Kind, failure.Status, failure.Provider, failure.ProviderCode, failure.RequestId, failure.RetryAfter, failure.Message));
        Assert.Single(Server.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Limits_are_reported_of_answers_and_of_refusals(bool streaming)
    {
        (string, string)[] headers =
        [
            ("anthropic-ratelimit-requests-limit", "50"), ("anthropic-ratelimit-requests-remaining", "49"),
            ("anthropic-ratelimit-input-tokens-remaining", "0"),
            ("anthropic-ratelimit-input-tokens-reset", DateTimeOffset.UtcNow.AddHours(1).ToString("O", CultureInfo.InvariantCulture)),
        ];
        Server.Then(MessagesAnswer.Text("Yes.") with { Headers = headers });
        Server.Then(MessagesAnswer.Refusal(429, "rate_limit_error", "Slow down.", headers));
        var observer = new Observer();
        var options = new ChatOptions().WithRateLimitObserver(observer);

        await AskAsync(streaming, "?", options);
        var failure = await Assert.ThrowsAsync<RouterException>(() => AskAsync(streaming, "?", options));

        Assert.All(observer.Seen, limits => Assert.Equal((50, 49, 0), (limits.Requests!.Value.Limit, limits.Requests.Value.Remaining, limits.InputTokens!.Value.Remaining)));
        Assert.Equal(2, observer.Seen.Count);
        Assert.InRange(failure.RetryAfter!.Value.TotalMinutes, 59, 60);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 1)]
    public async Task An_error_in_a_stream_is_a_failure_after_which_the_usage_so_far_is_known(int events, int texts)
    {
        Server.Then(MessagesAnswer.Text("Hello") with { CutAfter = events, LastEvent = Overload, UsageJson = """{"input_tokens":10,"cache_creation_input_tokens":5,"output_tokens":7}""" });
        var updates = new List<ChatResponseUpdate>();

        var failure = await Assert.ThrowsAsync<RouterException>(async () =>
        {
            await foreach (var update in Client.GetStreamingResponseAsync("?"))
                updates.Add(update);
        });

        Assert.Equal(
            (FailureKind.Overloaded, "overloaded_error", "req_1", "anthropic broke off its answer with an error: Overloaded"),
            (failure.Kind, failure.ProviderCode, failure.RequestId, failure.Message));
        Assert.Equal(texts, updates.Count(update => update.Text.Length > 0));
        Assert.Equal(15, updates.SelectMany(update => update.Contents).OfType<UsageContent>().Single().Details.InputTokenCount);
    }

    [Fact]
    public async Task A_stream_that_ends_before_its_end_is_truncated()
    {
        Server.Then(MessagesAnswer.Text("Hello") with { CutAfter = 4 });

        var failure = await Assert.ThrowsAsync<RouterException>(() => AskAsync(streaming: true, "?"));

        Assert.Equal(
            (FailureKind.Truncated, "req_1", "anthropic ended its answer in the middle, without message_stop."), (failure.Kind, failure.RequestId, failure.Message));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_whose_connection_breaks_is_truncated(bool streaming)
    {
        var answer = MessagesAnswer.Text("Hello");
        var body = streaming ? string.Concat(answer.Events(Model).Take(4).Select(MessagesAnswer.Sse)) : answer.Whole(Model)[..40];
        using var client = new AnthropicMessagesChatClient(
            new AnthropicMessagesOptions { DefaultModelId = Model },
            new HttpClient(new FixedAnswer(body, streaming ? "text/event-stream" : "application/json") { Breaks = true }));

        var failure = await Assert.ThrowsAsync<RouterException>(() => AskAsync(client, streaming, [new(ChatRole.User, "?")]));

        Assert.Equal(
            (FailureKind.Truncated, "req_1", "The connection to anthropic broke in the middle of its answer."), (failure.Kind, failure.RequestId, failure.Message));
    }

    [Theory]
    [InlineData(false, "<html>Sign in</html>")]
    [InlineData(false, "[1]")]
    [InlineData(false, "")]
    [InlineData(true, "data: {\"type\":\n\n")]
    [InlineData(true, "event: message_start\ndata: <html>\n\n")]
    [InlineData(true, "<html>Sign in</html>")]
    public async Task Bytes_that_are_no_answer_are_a_failure(bool streaming, string body)
    {
        using var client = new AnthropicMessagesChatClient(
            new AnthropicMessagesOptions { DefaultModelId = Model }, new HttpClient(new FixedAnswer(body, streaming ? "text/event-stream" : "application/json")));

        var failure = await Assert.ThrowsAsync<RouterException>(() => AskAsync(client, streaming, [new(ChatRole.User, "?")]));

        Assert.True(failure.Kind is FailureKind.MalformedAnswer or FailureKind.Truncated, failure.Kind.ToString());
    }

    [Fact]
    public async Task An_error_with_the_status_of_a_success_is_a_failure()
    {
        Server.Then(new MessagesAnswer { Body = Overload });

        var failure = await Assert.ThrowsAsync<RouterException>(() => AskAsync(streaming: false, "?"));

        Assert.Equal(FailureKind.Overloaded, failure.Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_nobody_listens_the_connection_failed(bool streaming)
    {
        await Server.DisposeAsync();

        var failure = await Assert.ThrowsAsync<RouterException>(() => AskAsync(streaming, "?"));

        Assert.Equal((FailureKind.ConnectionFailed, "anthropic"), (failure.Kind, failure.Provider));
    }

    [Fact]
    public async Task The_callers_cancellation_is_one_and_reaches_the_provider()
    {
        Server.Then(MessagesAnswer.Text("Hello") with { CutAfter = 4, StaysSilent = true });
        using var cancellation = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in Client.GetStreamingResponseAsync("?", cancellationToken: cancellation.Token))
            {
                if (update.Text.Length > 0)
                    await cancellation.CancelAsync();
            }
        });

        await Server.LeftAlone.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_key_shows_in_a_failure(bool streaming)
    {
        Server.Then(MessagesAnswer.Refusal(401, "authentication_error", "The key key-of-anthropic is wrong."));
        Server.Then(MessagesAnswer.Refusal(401, "authentication_error", "The key key-of-caller is wrong."));

        var own = await Assert.ThrowsAsync<RouterException>(() => AskAsync(streaming, "?"));
        var callers = await Assert.ThrowsAsync<RouterException>(() => AskAsync(Client.WithKey(new ProviderKey("his", "key-of-caller")), streaming, [new(ChatRole.User, "?")]));

        Assert.Equal("anthropic answered 401: The key [redacted] is wrong.", own.Message);
        Assert.Equal(own.Message, callers.Message);
    }

    [Fact]
    public async Task Keys_take_turns_and_one_of_the_callers_takes_the_place_of_all()
    {
        for (var i = 0; i < 5; i++)
            Server.Then(MessagesAnswer.Text("Yes."));
        using var client = new AnthropicMessagesChatClient(new AnthropicMessagesOptions
        {
            BaseUrl = Server.BaseUrl,
            ApiKeys = ["key-1", "key-2"],
            Headers = new Dictionary<string, string> { ["x-api-key"] = "operator", ["anthropic-beta"] = "beta-1" },
            DefaultModelId = Model,
        });

        await client.GetResponseAsync("?");
        await client.GetResponseAsync("?");
        await client.GetResponseAsync("?");
        await client.WithKey(client.Keys[1]).GetResponseAsync("?");
        await client.WithKey(new ProviderKey("his", "key-3")).GetResponseAsync("?");

        Assert.Equal(["Bearer key-1", "Bearer key-2", "Bearer key-1", "Bearer key-2", "Bearer key-3"], Server.Requests.Select(request => request.Headers["Authorization"]));
        Assert.Equal(["operator", "operator", "operator", "operator", null], Server.Requests.Select(request => request.Headers.GetValueOrDefault("x-api-key")));
        Assert.All(Server.Requests, request => Assert.Equal("beta-1", request.Headers["anthropic-beta"]));
        Assert.Equal(["key 1", "key 2"], client.Keys.Select(key => key.Name));
        Assert.Same(client, client.GetService(typeof(IKeyedChatClient)));
        Assert.Same(client, client.GetService(typeof(IRateLimitSource)));
        Assert.Equal("anthropic", ((ChatClientMetadata)client.GetService(typeof(ChatClientMetadata))!).ProviderName);
    }

    [Fact]
    public async Task Without_a_key_none_is_taken_from_the_environment()
    {
        const string Variable = "ANTHROPIC_API_KEY";
        var before = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, "key-of-environment");
        try
        {
            Server.Then(MessagesAnswer.Text("Yes."));
            using var client = CreateClient();

            await client.GetResponseAsync("?");

            var headers = Server.Requests.Single().Headers;
            Assert.Equal((false, false), (headers.ContainsKey("Authorization"), headers.ContainsKey("x-api-key")));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, before);
        }
    }

    private sealed class Observer : IRateLimitObserver
    {
        public List<RateLimits> Seen { get; } = [];

        public void Observe(RateLimits limits) => Seen.Add(limits);
    }
}

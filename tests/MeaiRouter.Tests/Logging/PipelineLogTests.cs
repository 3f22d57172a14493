using System.Net;
using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Tests.Configuration;
using MeaiRouter.Tests.Registration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Tests.Logging;

public sealed class PipelineLogTests : IDisposable
{
    private const string Configuration = """
        {
          "Models": { "acme/small": { "Endpoints": [
            { "Provider": "one", "Model": "small-1", "PricePerMillion": { "Prompt": 1, "Completion": 1 } },
            { "Provider": "two", "Model": "small-2", "PricePerMillion": { "Prompt": 9, "Completion": 9 } } ] } },
          "Routing": { "Strategy": "price" },
          "Budgets": [ { "Scope": "user:*", "LimitUsd": 0.000001 }, { "Scope": "key:soft", "LimitUsd": 0.01, "Soft": true } ]
        }
        """;

    private readonly ManualTimeProvider _time = new();
    private readonly Lines _log = new();
    private Func<ChatResponse> _one = static () => throw new HttpRequestException("quotes the prompt: hi", null, HttpStatusCode.ServiceUnavailable);

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_failover_is_one_line_and_an_endpoint_that_fails_a_hundred_times_is_told_of_once_until_it_is_back()
    {
        await using var services = Services();
        var client = services.GetRequiredService<IChatClient>();
        var pinned = new ChatOptions { ModelId = "acme/small" }.WithRouting(new() { Only = ["one"] });

        var answer = await client.AskAsync(streaming: false, new ChatOptions { ModelId = "acme/small" });
        for (var i = 0; i < 100; i++)
            await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming: false, pinned));
        _one = Answer;
        _time.Advance(TimeSpan.FromMinutes(1));
        await client.AskAsync(streaming: false, pinned);

        Assert.Equal(
            [
                $"Warning 1001 {answer.GetRouteTrace()!.Id}: acme/small at one/small-1 failed with Unavailable (HTTP 503); two/small-2 is asked, 0 ms later.",
                "Warning 1011 acme/small at one/small-1 is left alone until 2026-01-01T00:00:05Z, because of Unavailable (HTTP 503). Then a single call finds out whether it is well.",
                "Information 1012 acme/small at one/small-1 answers again.",
            ],
            _log.All);
    }

    [Fact]
    public async Task A_stream_that_breaks_says_who_goes_on_or_that_nobody_could()
    {
        await using var services = Services(FakeChatClient.Playing(
            new ChatResponseUpdate(ChatRole.Assistant, new string('a', 100)), new HttpRequestException("cut", null, HttpStatusCode.BadGateway)));
        var client = services.GetRequiredService<IChatClient>();

        var failure = await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming: true, new ChatOptions { ModelId = "acme/small" }));

        var lines = _log.All.Select(static line => line[..line.IndexOf(' ', line.IndexOf(' ', StringComparison.Ordinal) + 1)]).ToList();
        Assert.Equal(2, failure.Attempts.Count);
        Assert.Equal(["Warning 1003", "Error 1004"], lines);
        Assert.Contains("acme/small at one/small-1 broke off in the middle of its answer with ", _log.All[0], StringComparison.Ordinal);
        Assert.EndsWith("two/small-2 is asked to go on.", _log.All[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_that_refuses_is_told_of_once_a_minute_with_when_room_returns()
    {
        _one = Answer;
        await using var services = Services();
        var client = services.GetRequiredService<IChatClient>();
        var options = new ChatOptions { ModelId = "acme/small", MaxOutputTokens = 1_000 }.WithUser("bob\nError forged").WithRouting(new() { Only = ["one"] });

        for (var i = 0; i < 5; i++)
            await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming: false, options));
        _time.Advance(TimeSpan.FromMinutes(2));
        await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming: false, options));

        Assert.Equal(2, _log.All.Count);
        Assert.StartsWith("Warning 1021 The budget user:bob?Error forged refused a call: Usd ", _log.All[0], StringComparison.Ordinal);
        Assert.EndsWith("It refused 0 more in the minute before.", _log.All[0], StringComparison.Ordinal);
        Assert.EndsWith("It refused 4 more in the minute before.", _log.All[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_soft_budget_that_is_reached_is_told_of()
    {
        _one = Answer;
        await using var services = Services();
        var client = services.GetRequiredService<IChatClient>();

        for (var i = 0; i < 10; i++)
            await client.AskAsync(streaming: false, new ChatOptions { ModelId = "acme/small" }.WithCaller("soft").WithRouting(new() { Only = ["one"] }));

        Assert.Contains(_log.All, static line => line.StartsWith("Warning 1022 The budget key:soft has reached 80 % of its limit of 0.01", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_formatted_where_the_level_is_off()
    {
        await using var services = Services(level: LogLevel.None);

        await services.GetRequiredService<IChatClient>().AskAsync(streaming: false, new ChatOptions { ModelId = "acme/small" });

        Assert.Empty(_log.All);
    }

    private static ChatResponse Answer() => new(new ChatMessage(ChatRole.Assistant, "hello"))
    {
        FinishReason = ChatFinishReason.Stop,
        Usage = new UsageDetails { InputTokenCount = 500, OutputTokenCount = 500, TotalTokenCount = 1_000 },
    };

    private ServiceProvider Services(IChatClient? one = null, LogLevel level = LogLevel.Information)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time)
            .AddLogging(logging => logging.SetMinimumLevel(level).AddProvider(_log));
        services.AddMeaiRouter(Json.Section(Configuration))
            .AddProvider("one", one ?? new FakeChatClient { Whole = () => _one() })
            .AddProvider("two", one ?? new FakeChatClient { Whole = Answer });
        return services.BuildServiceProvider();
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public List<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (All)
                All.Add($"{logLevel} {eventId.Id} {formatter(state, exception)}");
        }

        public void Dispose()
        {
        }
    }
}

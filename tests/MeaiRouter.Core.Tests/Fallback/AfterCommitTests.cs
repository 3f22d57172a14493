using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fallback;

/// <summary>What happens to a stream of which the caller has seen a part: nothing may be taken back and nothing may end silently.</summary>
public sealed class AfterCommitTests
{
    public static TheoryData<Exception, FailureKind, string> Breaks => new()
    {
        { new HttpRequestException("Reset."), FailureKind.Truncated, "Reset." },
        { new IOException("Reset."), FailureKind.Truncated, "Reset." },
        { new HttpIOException(HttpRequestError.ResponseEnded, "Ended."), FailureKind.Truncated, "Ended. (ResponseEnded)" },
        { new OperationCanceledException("Timed out."), FailureKind.Timeout, "Timed out." },
        { new RouterException(FailureKind.Overloaded, "Busy."), FailureKind.Overloaded, "Busy." },
        { new RouterException(FailureKind.ContentFiltered, "Filtered."), FailureKind.ContentFiltered, "Filtered." },
        { new InvalidOperationException("Odd."), FailureKind.Unknown, "Odd." },
    };

    [Theory]
    [MemberData(nameof(Breaks), DisableDiscoveryEnumeration = true)]
    public async Task A_stream_that_breaks_and_may_not_be_continued_says_so_and_starts_nothing_else(Exception thrown, FailureKind kind, string reason)
    {
        var (breaking, backup) = (FakeChatClient.Playing(Step.Role, "Hel", thrown), FakeChatClient.Answering("Hello"));

        var options = new FallbackOptions { Hold = TimeSpan.Zero, RestartBroken = false };
        var (updates, exception) = await TestPipeline.With(options, null, null, breaking, backup).ReadAsync();

        Assert.Equal("Hel", updates.Text());
        AssertBroken(exception, kind, reason);
        Assert.Empty(backup.Calls);
        await breaking.Call.Ended.Soon();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_just_ends_is_incomplete(bool withUsage)
    {
        Step[] steps = withUsage ? ["Hel", new UsageDetails { OutputTokenCount = 1 }] : ["Hel"];

        var (updates, exception) = await TestPipeline.Of(new FakeChatClient(steps)).ReadAsync();

        Assert.Equal("Hel", updates.Text());
        AssertBroken(exception, FailureKind.Incomplete, "The answer ended without a finish reason, so it may be cut short.");
    }

    [Fact]
    public async Task An_error_in_band_is_a_break()
    {
        var pipeline = TestPipeline.Of(
            FakeChatClient.Playing("Hel", new ErrorContent("Upstream died.") { ErrorCode = "502" }, "lo", ChatFinishReason.Stop));

        var (updates, exception) = await pipeline.ReadAsync();

        Assert.Equal("Hel", updates.Text());
        AssertBroken(exception, FailureKind.Unavailable, "Upstream died.");
        Assert.Equal("502", ((RouterException)exception!).ProviderCode);
    }

    [Fact]
    public async Task A_break_after_the_finish_reason_is_a_success()
    {
        var pipeline = TestPipeline.Of(FakeChatClient.Playing("Hello", ChatFinishReason.Stop, new HttpRequestException("Reset.")));

        var (updates, exception) = await pipeline.ReadAsync();

        Assert.Null(exception);
        Assert.Equal("Hello", updates.Text());
        Assert.Equal(["a Answered"], updates[^1].GetRouteTrace()!.Attempts.Told());
        Assert.Equal(ChatFinishReason.Stop, updates.ToChatResponse().FinishReason);
    }

    [Fact]
    public async Task A_caller_who_stops_reading_closes_the_providers_stream()
    {
        var (provider, backup) = (FakeChatClient.Playing("Hel", "lo", Step.Silence), FakeChatClient.Answering("Hello"));

        await foreach (var update in TestPipeline.Of(provider, backup).GetStreamingResponseAsync([new(ChatRole.User, "Hi")]))
        {
            if (update.Text == "Hel")
                break;
        }

        await provider.Call.Ended.Soon();
        Assert.Empty(backup.Calls);
    }

    [Fact]
    public async Task A_finish_reason_that_is_a_failure_in_truth_is_a_break()
    {
        var (_, exception) = await TestPipeline.Of(FakeChatClient.Playing("Hel", new ChatFinishReason("insufficient_system_resource"))).ReadAsync();

        AssertBroken(exception, FailureKind.Overloaded, "The provider ended the answer with 'insufficient_system_resource'.");
        Assert.Equal("insufficient_system_resource", ((RouterException)exception!).ProviderCode);
    }

    private static void AssertBroken(Exception? exception, FailureKind kind, string reason)
    {
        var failure = Assert.IsType<RouterException>(exception);
        Assert.Equal(
            (kind, $"a/large-a: The stream broke after 3 characters had been delivered. {reason}", "a", "a"),
            (failure.Kind, failure.Message, failure.Provider, failure.Endpoint));
        Assert.Equal([$"a Failed {kind}"], failure.Attempts.Told());
    }
}

using System.Text.Json;
using MeaiRouter.Limits;

namespace MeaiRouter.Core.Tests.Limits;

public sealed class RetryDelayTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Rate limit reached for gpt-x on tokens per min. Please try again in 20s. Visit https://acme.example", 20.0)]
    [InlineData("Please try again in 1m30s.", 90.0)]
    [InlineData("try again in 350ms", 0.35)]
    [InlineData("Try again in 2m59.56s. Need more tokens?", 179.56)]
    [InlineData("Please retry after 6 seconds.", 6.0)]
    [InlineData("Please retry in 34.074824224s.", 34.074824)]
    [InlineData("Please retry after 1 minute and 5 seconds", 65.0)]
    [InlineData("Please try again in 1 hour, 2 minutes", 3720.0)]
    [InlineData("Please try again after 30.", 30.0)]
    [InlineData("Too many requests, retry after 30", 30.0)]
    [InlineData("try again in 400 days", 2_592_000.0)]
    [InlineData("retry in a while, or try again in 3 min", 180.0)]
    [InlineData("Please retry after 2026-05-01.", null)]
    [InlineData("Please retry after 12:30.", null)]
    [InlineData("Please try again in a few minutes", null)]
    [InlineData("Please try again in ", null)]
    [InlineData("Please try again in .", null)]
    [InlineData("The limit is 20s", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Words_name_a_wait_in_many_ways(string? message, double? seconds) => AssertSeconds(seconds, RetryDelay.FromMessage(message));

    [Theory]
    [InlineData("""{"error":{"code":429,"details":[{"@type":"x.QuotaFailure"},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"12s"}]}}""", 12.0)]
    [InlineData("""[{"error":{"details":[{"retryDelay":"0.5s"}]}}]""", 0.5)]
    [InlineData("""{"error":{"availability":{"code":"capacity_exhausted","retry_after":40}}}""", 40.0)]
    [InlineData("""{"error":{"metadata":{"headers":{"X-RateLimit-Limit":"10","X-RateLimit-Remaining":"0","X-RateLimit-Reset":"1777636860000"}}}}""", 60.0)]
    [InlineData("""{"error":{"metadata":{"headers":{"Retry-After":"7","X-RateLimit-Reset":"1777636860000"}}}}""", 7.0)]
    [InlineData("""{"retry_after_ms":1500}""", 1.5)]
    [InlineData("""{"retry_after_seconds":"3"}""", 3.0)]
    [InlineData("""{"retryAfter":"1m"}""", 60.0)]
    [InlineData("""{"retry_after":-1}""", null)]
    [InlineData("""{"retry_after":"soon"}""", null)]
    [InlineData("""{"retry_after":{}}""", null)]
    [InlineData("""{"retry_after":1e999}""", null)]
    [InlineData("""{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"retry_after":1}}}}}}}}}""", null)]
    [InlineData("{}", null)]
    [InlineData("7", null)]
    public void Bodies_name_a_wait_in_many_places(string body, double? seconds)
    {
        using var document = JsonDocument.Parse(body);

        AssertSeconds(seconds, RetryDelay.FromBody(document.RootElement, Now));
    }

    [Theory]
    [InlineData(7.0, "retry-after", "7")]
    [InlineData(1.5, "Retry-After", " 1.5 ")]
    [InlineData(30.0, "retry-after", "Fri, 01 May 2026 12:00:30 GMT")]
    [InlineData(0.0, "retry-after", "Fri, 01 May 2026 11:00:30 GMT")]
    [InlineData(90.0, "retry-after", "1m30s")]
    [InlineData(0.25, "retry-after-ms", "250")]
    [InlineData(1.25, "x-ms-retry-after-ms", "1250")]
    [InlineData(1.25, "Retry-After", "2", "Retry-After-Ms", "1250")]
    [InlineData(1.25, "retry-after-ms", "1250", "retry-after", "2")]
    [InlineData(2.0, "retry-after-ms", "soon", "retry-after", "2")]
    [InlineData(null, "retry-after", "-5")]
    [InlineData(null, "retry-after", "soon")]
    [InlineData(null, "retry-before", "5")]
    public void Headers_state_a_wait_in_many_spellings(double? seconds, params string[] headers)
    {
        var read = new RetryHeaders(Now);
        for (var i = 0; i < headers.Length; i += 2)
            read.Add(headers[i], headers[i + 1]);

        AssertSeconds(seconds, read.Stated);
        Assert.Null(read.Limits);
    }

    [Fact]
    public void Limits_say_how_long_a_refusal_lasts_if_one_is_exhausted_or_nothing_is_said_of_what_remains()
    {
        RateLimit used = new(10, 0, TimeSpan.FromSeconds(8)), free = new(10, 3, TimeSpan.FromSeconds(50)), silent = new(null, null, TimeSpan.FromSeconds(20));

        Assert.Equal(TimeSpan.FromSeconds(8), RetryDelay.FromLimits(new RateLimits { Requests = used, Tokens = free, InputTokens = silent }));
        Assert.Equal(TimeSpan.FromSeconds(20), RetryDelay.FromLimits(new RateLimits { Requests = silent }));
        Assert.Null(RetryDelay.FromLimits(new RateLimits { Requests = silent, Tokens = free }));
        Assert.Null(RetryDelay.FromLimits(new RateLimits { Requests = new(10, null, null) }));
        Assert.Null(RetryDelay.FromLimits(null));
    }

    [Fact]
    public void Headers_that_say_nothing_of_limits_cost_nothing()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = new RetryHeaders(Now);
        for (var i = 0; i < 1_000; i++)
        {
            read.Add("content-type", "application/json");
            read.Add("x-request-id", "123");
            read.Add("x-ratelimit-limit-images", "1");
            _ = read.Limits;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void AssertSeconds(double? expected, TimeSpan? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is not null)
            Assert.Equal(expected.Value, actual!.Value.TotalSeconds, 3);
    }
}

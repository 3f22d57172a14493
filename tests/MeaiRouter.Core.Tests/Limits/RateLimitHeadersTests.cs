using MeaiRouter.Limits;

namespace MeaiRouter.Core.Tests.Limits;

public sealed class RateLimitHeadersTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Headers_of_OpenAI_are_read()
    {
        var limits = Read(
            ("X-RateLimit-Limit-Requests", "60"), ("x-ratelimit-limit-tokens", "150000"), ("x-ratelimit-remaining-requests", "59"),
            ("x-ratelimit-remaining-tokens", "149984"), ("x-ratelimit-reset-requests", "1s"), ("x-ratelimit-reset-tokens", "6m0s"));

        Assert.Equal(
            new RateLimits
            {
                Requests = new(60, 59, TimeSpan.FromSeconds(1)),
                Tokens = new(150_000, 149_984, TimeSpan.FromMinutes(6)),
            },
            limits);
    }

    [Fact]
    public void Headers_of_Anthropic_are_read()
    {
        var limits = Read(
            ("anthropic-ratelimit-requests-limit", "50"), ("anthropic-ratelimit-requests-remaining", "0"),
            ("anthropic-ratelimit-requests-reset", "2026-05-01T12:00:30Z"), ("anthropic-ratelimit-tokens-limit", "100000"),
            ("anthropic-ratelimit-input-tokens-remaining", "0"), ("anthropic-ratelimit-input-tokens-reset", "2026-05-01T12:01:00Z"),
            ("anthropic-ratelimit-output-tokens-limit", "8000"));

        Assert.Equal(
            new RateLimits
            {
                Requests = new(50, 0, TimeSpan.FromSeconds(30)),
                Tokens = new(100_000, null, null),
                InputTokens = new(null, 0, TimeSpan.FromMinutes(1)),
                OutputTokens = new(8_000, null, null),
            },
            limits);
        Assert.Equal(TimeSpan.FromMinutes(1), limits!.ExhaustedFor);
    }

    [Theory]
    [InlineData("20ms", 0.02)]
    [InlineData("1h2m3.5s", 3723.5)]
    [InlineData("2m59.56s", 179.56)]
    [InlineData("1d", 86_400)]
    [InlineData("12", 12)]
    [InlineData("0.5", 0.5)]
    [InlineData("1777636860", 60)]
    [InlineData("1777636860000", 60)]
    [InlineData("2026-05-01T11:00:00Z", 0)]
    [InlineData("999999999d", 31_536_000)]
    public void Resets_come_in_many_spellings(string value, double seconds) =>
        Assert.Equal(seconds, Read(("x-ratelimit-reset", value))!.Requests!.Value.ResetsIn!.Value.TotalSeconds, 3);

    [Theory]
    [InlineData("x-ratelimit-reset", "soon")]
    [InlineData("x-ratelimit-reset", "")]
    [InlineData("x-ratelimit-reset", "5 apples")]
    [InlineData("x-ratelimit-reset", "m")]
    [InlineData("x-ratelimit-limit", "many")]
    [InlineData("x-ratelimit-", "1")]
    [InlineData("x-ratelimit-limit-images", "1")]
    [InlineData("anthropic-ratelimit-", "1")]
    [InlineData("anthropic-ratelimit-limit", "1")]
    [InlineData("content-length", "1")]
    public void What_is_not_understood_is_passed_over(string name, string value) => Assert.Null(Read((name, value)));

    private static RateLimits? Read(params (string Name, string Value)[] headers) =>
        RateLimitHeaders.Read(headers.Select(header => KeyValuePair.Create(header.Name, header.Value)), Now);
}

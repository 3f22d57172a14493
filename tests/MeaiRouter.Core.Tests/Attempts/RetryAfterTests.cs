using System.Collections;
using System.Net;
using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;

namespace MeaiRouter.Core.Tests.Attempts;

/// <summary>How long a provider asks to wait, in exceptions shaped like those of the SDKs.</summary>
public sealed class RetryAfterTests
{
    private const string Google = """{"error":{"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"12s"}]}}""";

    // The clock of the tests: midnight of the first of January 2026.
    private readonly ManualTimeProvider _time = new();

    public static TheoryData<Exception, double?> Refusals => new()
    {
        { new RawResponseException(429, [new("retry-after", "7")]), 7 },
        { new RawResponseException(503, [new("Retry-After", "Thu, 01 Jan 2026 00:00:30 GMT")]), 30 },
        { new RawResponseException(400, [new("retry-after", "7")]), 7 },
        { new RawResponseException(429, [new("x-ratelimit-remaining-tokens", "0"), new("x-ratelimit-reset-tokens", "6m0s")]), 360 },
        { new RawResponseException(500, [new("x-ratelimit-remaining-tokens", "0"), new("x-ratelimit-reset-tokens", "6m0s")]), null },
        { new RawResponseException(429, [], Google), 12 },
        { new RawResponseException(429, [new("retry-after", "7")], Google), 7 },
        { new RawResponseException(429, [], "HTTP 429\n" + Google), 12 },
        { new RawResponseException(429, [], """{"error":{"message":"Please try again in 350ms"}}"""), 0.35 },
        { new RawResponseException(400, [], """{"error":{"message":"Please try again in 350ms"}}"""), null },
        { new RawResponseException(429, [], "{ no JSON"), null },
        { new RawResponseException(429, [], null), null },
        { new InvalidOperationException("Wrapped.", new RawResponseException(429, [new("retry-after", "7")])), 7 },
        { new AzureStyleException(429, ("retry-after-ms", "1500")), 1.5 },
        { new HeadersException(HttpStatusCode.TooManyRequests, new() { ["Retry-After"] = ["9"] }), 9 },
        { new BodyException(HttpStatusCode.TooManyRequests, Google), 12 },
        { new BodyException((HttpStatusCode)529, """{"type":"error","error":{"message":"Overloaded, retry after 6 seconds"}}"""), 6 },
        { new HttpRequestException("try again in 3s", null, HttpStatusCode.TooManyRequests), 3 },
        { new HttpRequestException("Response status code does not indicate success: 429.", null, HttpStatusCode.TooManyRequests), null },
        { new InvalidOperationException("try again in 3s"), null },
        { Noted("11"), 11 },
        { Noted(11), 11 },
        { Noted(1.5), 1.5 },
        { Noted(TimeSpan.FromSeconds(8)), 8 },
        { Noted(new DateTimeOffset(2026, 1, 1, 0, 0, 40, TimeSpan.Zero)), 40 },
        { Noted(new object()), null },
        { Noted("soon"), null },
    };

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public void A_wait_is_found_wherever_an_SDK_hides_it(Exception exception, double? seconds)
    {
        var read = FailureClassifier.Read(exception, "acme", "acme/eu", _time);

        Assert.Equal(seconds, read.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public void A_wait_that_one_of_our_own_clients_found_is_not_looked_for_again()
    {
        var thrown = new RouterException(FailureKind.RateLimited, "try again in 3s") { RetryAfter = TimeSpan.FromSeconds(7) };

        Assert.Equal(TimeSpan.FromSeconds(7), FailureClassifier.Read(new InvalidOperationException("m", thrown), "acme").RetryAfter);
    }

    private static HttpRequestException Noted(object note)
    {
        var exception = new HttpRequestException("m", null, HttpStatusCode.ServiceUnavailable);
        exception.Data["Retry-After"] = note;
        return exception;
    }

    /// <summary>As System.ClientModel has it: the body throws unless it was buffered.</summary>
    private sealed class RawResponseException(int status, KeyValuePair<string, string>[] headers, string? body = null) : Exception("m")
    {
        public int Status => status;

        public RawResponse GetRawResponse() => new(headers, body);
    }

    private sealed class RawResponse(KeyValuePair<string, string>[] headers, string? body)
    {
        public RawHeaders Headers { get; } = new(headers);

        public object Content => body ?? throw new InvalidOperationException("Not buffered.");
    }

    private sealed class RawHeaders(KeyValuePair<string, string>[] headers) : IEnumerable<KeyValuePair<string, string>>
    {
        public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => headers.AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>As Azure.Core has it: headers are pairs of a type of its own.</summary>
    private sealed class AzureStyleException(int status, params (string Name, string Value)[] headers) : Exception("m")
    {
        public int Status => status;

        public AzureResponse GetRawResponse() => new([.. headers.Select(header => new AzureHeader(header.Name, header.Value))]);
    }

    private sealed record AzureResponse(AzureHeader[] Headers);

    private readonly record struct AzureHeader(string Name, string Value);

    private sealed class HeadersException(HttpStatusCode status, Dictionary<string, IEnumerable<string>> headers) : Exception("m")
    {
        public HttpStatusCode StatusCode => status;

        public Dictionary<string, IEnumerable<string>> ResponseHeaders => headers;
    }

    /// <summary>As Anthropic's SDK has it: a body and no headers.</summary>
    private sealed class BodyException(HttpStatusCode status, string body) : Exception("m")
    {
        public HttpStatusCode StatusCode => status;

        public string ResponseBody => body;
    }
}

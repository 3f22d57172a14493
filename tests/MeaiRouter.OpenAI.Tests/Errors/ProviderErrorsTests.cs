using System.Text;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Errors;

namespace MeaiRouter.OpenAI.Tests.Errors;

public sealed class ProviderErrorsTests
{
    [Theory]
    [InlineData(400, FailureKind.InvalidRequest)]
    [InlineData(401, FailureKind.Unauthorized)]
    [InlineData(402, FailureKind.PaymentRequired)]
    [InlineData(403, FailureKind.PermissionDenied)]
    [InlineData(404, FailureKind.ModelNotFound)]
    [InlineData(405, FailureKind.InvalidRequest)]
    [InlineData(408, FailureKind.Timeout)]
    [InlineData(413, FailureKind.RequestTooLarge)]
    [InlineData(422, FailureKind.InvalidRequest)]
    [InlineData(429, FailureKind.RateLimited)]
    [InlineData(500, FailureKind.ServerError)]
    [InlineData(501, FailureKind.ServerError)]
    [InlineData(502, FailureKind.Unavailable)]
    [InlineData(503, FailureKind.Unavailable)]
    [InlineData(504, FailureKind.Timeout)]
    [InlineData(520, FailureKind.ServerError)]
    [InlineData(524, FailureKind.Timeout)]
    [InlineData(529, FailureKind.Overloaded)]
    [InlineData(302, FailureKind.Unknown)]
    public void A_status_alone_has_its_kind(int status, FailureKind kind)
    {
        var failure = ProviderErrors.FromHttp("acme", status, headers: null, body: []);

        Assert.Equal((kind, status, "acme", $"acme answered {status}."), (failure.Kind, failure.Status, failure.Provider, failure.Message));
        Assert.Null(failure.ProviderCode);
        Assert.Null(failure.RetryAfter);
        Assert.Null(failure.RequestId);
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"This model's maximum context length is 8192 tokens","type":"invalid_request_error","code":"context_length_exceeded"}}""", FailureKind.ContextTooLong, "context_length_exceeded")]
    [InlineData(400, """{"error":{"message":"This endpoint's maximum context length is 8192 tokens. Please reduce the length","code":400}}""", FailureKind.ContextTooLong, "400")]
    [InlineData(400, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 200001 tokens > 200000 maximum"}}""", FailureKind.ContextTooLong, "invalid_request_error")]
    [InlineData(400, """{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","code":"content_filter"}}""", FailureKind.ContentFiltered, "content_filter")]
    [InlineData(400, """{"error":{"message":"Your request was rejected as a result of our safety system."}}""", FailureKind.ContentFiltered, null)]
    [InlineData(403, """{"error":{"code":403,"message":"Flagged","metadata":{"reasons":["violence"],"flagged_input":"..."}}}""", FailureKind.ContentFiltered, "403")]
    [InlineData(400, """{"error":{"code":400,"message":"a/z is not a valid model ID"}}""", FailureKind.ModelNotFound, "400")]
    [InlineData(404, """{"error":{"message":"The model does not exist","type":"invalid_request_error","code":"model_not_found"}}""", FailureKind.ModelNotFound, "model_not_found")]
    [InlineData(401, """{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}""", FailureKind.Unauthorized, "invalid_api_key")]
    [InlineData(429, """{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}""", FailureKind.PaymentRequired, "insufficient_quota")]
    [InlineData(429, """{"error":{"message":"Rate limit reached","type":"tokens","code":"rate_limit_exceeded"}}""", FailureKind.RateLimited, "rate_limit_exceeded")]
    [InlineData(413, """{"error":{"message":"Request too large for model on tokens per minute","type":"tokens","code":"rate_limit_exceeded"}}""", FailureKind.RateLimited, "rate_limit_exceeded")]
    [InlineData(500, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", FailureKind.Overloaded, "overloaded_error")]
    [InlineData(503, """{"error":{"message":"Busy","type":"server_error"}}""", FailureKind.Unavailable, "server_error")]
    [InlineData(502, """{"error":{"code":502,"message":"x","metadata":{"error_type":"provider_overloaded","provider_name":"P"}}}""", FailureKind.Overloaded, "provider_overloaded")]
    [InlineData(422, """{"detail":[{"loc":["body"],"msg":"field required"}]}""", FailureKind.InvalidRequest, null)]
    [InlineData(422, """{"object":"error","message":"bad","type":"invalid_request_error","code":3051}""", FailureKind.InvalidRequest, "3051")]
    [InlineData(429, """[{"error":{"code":429,"message":"Quota","status":"RESOURCE_EXHAUSTED"}}]""", FailureKind.RateLimited, "RESOURCE_EXHAUSTED")]
    [InlineData(400, """{"error":"model not found"}""", FailureKind.ModelNotFound, null)]
    [InlineData(500, "upstream connect error", FailureKind.ServerError, null)]
    public void A_telling_word_outranks_the_status_and_the_status_a_general_word(int status, string body, FailureKind kind, string? code)
    {
        var failure = ProviderErrors.FromHttp("acme", status, headers: null, Encoding.UTF8.GetBytes(body));

        Assert.Equal((kind, status, code), (failure.Kind, failure.Status, failure.ProviderCode));
    }

    [Theory]
    [InlineData("""{"error":{"message":"Said so"}}""", "acme answered 400: Said so")]
    [InlineData("""{"error":"Said so"}""", "acme answered 400: Said so")]
    [InlineData("""{"message":"Said so"}""", "acme answered 400: Said so")]
    [InlineData("""{"detail":"Said so"}""", "acme answered 400: Said so")]
    [InlineData("\"Said so\"", "acme answered 400: Said so")]
    [InlineData("  Said so\n", "acme answered 400: Said so")]
    [InlineData("<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", "acme answered 400: an HTML page instead of an error")]
    [InlineData("""{"error":["Said","so"]}""", "acme answered 400: Said; so")]
    [InlineData("""{"object":"error","message":{"detail":[{"loc":["body","name"],"msg":"Said so"}]}}""", "acme answered 400: body.name: Said so")]
    [InlineData("""{"error":null}""", "acme answered 400.")]
    [InlineData("[]", "acme answered 400.")]
    [InlineData("7", "acme answered 400.")]
    [InlineData("""{"error":{"message":{"deep":1}}}""", "acme answered 400.")]
    public void The_provider_s_words_are_passed_on_whatever_form_they_have(string body, string message) =>
        Assert.Equal(message, ProviderErrors.FromHttp("acme", 400, headers: null, Encoding.UTF8.GetBytes(body)).Message);

    [Fact]
    public void The_provider_s_words_are_bounded_and_keys_removed()
    {
        const string Key = "sk-secret-key-123";
        var body = Encoding.UTF8.GetBytes($$$"""{"error":{"message":"Incorrect key: {{{Key}}}. {{{new string('x', 5_000)}}}","code":"{{{Key}}}"}}""");

        var failure = ProviderErrors.FromHttp("acme", 401, headers: null, body, secrets: [Key, "short"]);

        Assert.DoesNotContain(Key, failure.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("acme answered 401: Incorrect key: [redacted]. xxx", failure.Message, StringComparison.Ordinal);
        Assert.Equal("acme answered 401: ".Length + ProviderErrors.MaxMessageLength + "...".Length, failure.Message.Length);
        Assert.Equal("[redacted]", failure.ProviderCode);
    }

    [Theory]
    [InlineData("retry-after", "7", 7.0)]
    [InlineData("retry-after", "1.5", 1.5)]
    [InlineData("retry-after", "Wed, 01 Jan 2025 00:00:30 GMT", 30.0)]
    [InlineData("retry-after", "Wed, 01 Jan 2020 00:00:30 GMT", 0.0)]
    [InlineData("retry-after-ms", "250", 0.25)]
    [InlineData("x-ms-retry-after-ms", "1250", 1.25)]
    [InlineData("retry-after", "soon", null)]
    [InlineData("retry-after", "-5", null)]
    [InlineData("retry-after-ms", "1e300", 2_592_000.0)]
    public void The_wait_is_read_in_every_form(string header, string value, double? seconds)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation(header, value);

        var failure = ProviderErrors.FromHttp("acme", 429, response.Headers, body: [], new FixedTime(new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)));

        Assert.Equal(seconds, failure.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public void Milliseconds_outrank_seconds_and_headers_the_body()
    {
        var body = """{"error":{"code":429,"message":"x","availability":{"code":"capacity_exhausted","retry_after":40}}}"""u8;
        using var response = new HttpResponseMessage();
        Assert.Equal(TimeSpan.FromSeconds(40), ProviderErrors.FromHttp("acme", 429, response.Headers, body).RetryAfter);

        response.Headers.TryAddWithoutValidation("retry-after", "2");
        Assert.Equal(TimeSpan.FromSeconds(2), ProviderErrors.FromHttp("acme", 429, response.Headers, body).RetryAfter);

        response.Headers.TryAddWithoutValidation("retry-after-ms", "1500");
        Assert.Equal(TimeSpan.FromSeconds(1.5), ProviderErrors.FromHttp("acme", 429, response.Headers, body).RetryAfter);
    }

    [Theory]
    [InlineData(429, """{"error":{"message":"Rate limit reached. Please try again in 1m30s.","type":"tokens","code":"rate_limit_exceeded"}}""", 90.0)]
    [InlineData(429, """[{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Quota.","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"12s"}]}}]""", 12.0)]
    [InlineData(429, """{"error":{"message":"x","code":429,"metadata":{"headers":{"X-RateLimit-Remaining":"0","X-RateLimit-Reset":"1735689660000"}}}}""", 60.0)]
    [InlineData(503, """{"error":"Model is loading","estimated_time":20,"retry_after":20}""", 20.0)]
    [InlineData(400, """{"error":{"message":"Shorten your prompt, then try again in 5s."}}""", null)]
    [InlineData(429, """{"error":{"message":"Slow down."}}""", null)]
    public void Without_a_header_the_wait_is_in_the_body(int status, string body, double? seconds)
    {
        var failure = ProviderErrors.FromHttp(
            "acme", status, headers: null, Encoding.UTF8.GetBytes(body), new FixedTime(new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)));

        Assert.Equal(seconds, failure.RetryAfter?.TotalSeconds);
    }

    [Theory, InlineData("x-request-id"), InlineData("request-id"), InlineData("x-generation-id"), InlineData("cf-ray")]
    public void The_request_s_id_is_kept_for_the_provider_s_support(string header)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation(header, "req-1");

        Assert.Equal("req-1", ProviderErrors.FromHttp("acme", 500, response.Headers, body: []).RequestId);
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

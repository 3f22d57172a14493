using System.Text.Json.Nodes;

namespace MeaiRouter.Testing.Tests;

public sealed class FaultTests : ProviderTest
{
    public static TheoryData<Fault, int, string, string?> Statuses => new()
    {
        { Fault.BadRequest("odd", "Odd."), 400, "invalid_request_error", "odd" },
        { Fault.BadRequest(), 400, "invalid_request_error", null },
        { Fault.ContextLengthExceeded(), 400, "invalid_request_error", "context_length_exceeded" },
        { Fault.ContentFiltered(), 400, "invalid_request_error", "content_filter" },
        { Fault.Unauthorized(), 401, "authentication_error", "invalid_api_key" },
        { Fault.PaymentRequired(), 402, "insufficient_quota", "insufficient_credits" },
        { Fault.Forbidden(), 403, "permission_error", "permission_denied" },
        { Fault.ModelNotFound(), 404, "invalid_request_error", "model_not_found" },
        { Fault.TooLarge(), 413, "invalid_request_error", "payload_too_large" },
        { Fault.RateLimited(), 429, "rate_limit_error", "rate_limit_exceeded" },
        { Fault.InternalError(), 500, "server_error", "server_error" },
        { Fault.BadGateway(), 502, "server_error", "bad_gateway" },
        { Fault.Unavailable(), 503, "server_error", "service_unavailable" },
        { Fault.Overloaded(), 529, "server_error", "overloaded" },
        { Fault.Status(418, "teapot", "Short and stout."), 418, "invalid_request_error", "teapot" },
    };

    [Theory, MemberData(nameof(Statuses))]
    public async Task A_status_has_an_error_body_in_either_mode(Fault fault, int status, string type, string? code)
    {
        Script.Always(fault);

        foreach (var streaming in new[] { false, true })
        {
            using var response = await SendAsync(streaming);
            var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject().Single();

            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
            Assert.Null(response.Headers.RetryAfter);
            Assert.Equal("error", error.Key);
            Assert.StartsWith("acme: ", error.Value!["message"]!.GetValue<string>());
            Assert.Equal(type, error.Value["type"]!.GetValue<string>());
            Assert.Equal(code, error.Value["code"]?.GetValue<string>());
        }

        Assert.All(Provider.Requests, static r => Assert.Equal(RequestOutcome.Answered, r.Outcome));
    }

    [Theory]
    [InlineData(2000, "2", "2000")]
    [InlineData(300, "1", "300")]
    [InlineData(0, "0", "0")]
    [InlineData(90_500, "91", "90500")]
    public async Task A_rate_limit_says_when_to_come_back_in_whole_seconds_and_exactly(int milliseconds, string seconds, string exact)
    {
        Script.Always(Fault.RateLimited(TimeSpan.FromMilliseconds(milliseconds)));

        using var response = await SendAsync(streaming: true);

        Assert.Equal([seconds], response.Headers.GetValues("Retry-After"));
        Assert.Equal([exact], response.Headers.GetValues("retry-after-ms"));
    }

    [Fact]
    public async Task Any_fault_can_say_when_to_come_back_in_any_form()
    {
        Script.Next(Fault.Unavailable().WithRetryAfter(TimeSpan.FromSeconds(3)))
            .Next(Fault.RateLimited().WithHeader("Retry-After", "Fri, 02 Jan 2026 00:00:00 GMT"));

        using var unavailable = await SendAsync(streaming: false);
        using var limited = await SendAsync(streaming: false);

        Assert.Equal(TimeSpan.FromSeconds(3), unavailable.Headers.RetryAfter!.Delta);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), limited.Headers.RetryAfter!.Date);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_200_can_hold_an_error_nothing_or_a_page(bool streaming)
    {
        Script.Next(Fault.ErrorWith200(503, "provider_overloaded", "Full.")).Next(Fault.EmptyBody()).Next(Fault.Html())
            .Next(Fault.Body(200, "[]", "text/json"));

        using var error = await SendAsync(streaming);
        using var empty = await SendAsync(streaming);
        using var page = await SendAsync(streaming);
        using var body = await SendAsync(streaming);

        Assert.All([error, empty, page, body], static r => Assert.Equal(200, (int)r.StatusCode));
        Assert.Equal(
            ["application/json", streaming ? "text/event-stream" : "application/json", "text/html; charset=utf-8", "text/json"],
            new[] { error, empty, page, body }.Select(static r => r.Content.Headers.ContentType!.ToString()));
        Assert.Equal(
            """{"error":{"code":503,"message":"acme: Full.","metadata":{"error_type":"provider_overloaded","provider_name":"acme"}}}""",
            await error.Content.ReadAsStringAsync());
        Assert.Equal("", await empty.Content.ReadAsStringAsync());
        Assert.StartsWith("<!DOCTYPE html>", await page.Content.ReadAsStringAsync());
        Assert.Equal("[]", await body.Content.ReadAsStringAsync());
    }
}

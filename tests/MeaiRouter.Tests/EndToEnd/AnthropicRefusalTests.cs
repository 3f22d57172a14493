using Anthropic;
using MeaiRouter.Attempts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Tests.EndToEnd;

/// <summary>What can be learned from the exceptions of Anthropic's SDK, which hold the status and the body but no headers.</summary>
public sealed class AnthropicRefusalTests
{
    [Theory]
    [InlineData(false, 429, "rate_limit_error", "Rate limited. Please try again in 1m30s.", FailureKind.RateLimited, 90.0)]
    [InlineData(true, 429, "rate_limit_error", "Rate limited. Please try again in 1m30s.", FailureKind.RateLimited, 90.0)]
    [InlineData(false, 529, "overloaded_error", "Overloaded, retry after 6 seconds", FailureKind.Overloaded, 6.0)]
    [InlineData(true, 529, "overloaded_error", "Overloaded, retry after 6 seconds", FailureKind.Overloaded, 6.0)]
    [InlineData(false, 429, "rate_limit_error", "Rate limited.", FailureKind.RateLimited, null)]
    [InlineData(false, 400, "invalid_request_error", "Shorten it and try again in 5s.", FailureKind.InvalidRequest, null)]
    public async Task The_status_and_the_wait_are_read(bool streaming, int status, string type, string message, FailureKind kind, double? seconds)
    {
        await using var server = await StartAsync(status, $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"}}""");
        using var sdk = new AnthropicClient { ApiKey = "test-key", BaseUrl = server.Urls.First(), MaxRetries = 0 };
        using var client = sdk.AsIChatClient("claude-x");
        var options = new ChatOptions { MaxOutputTokens = 100 };

        var thrown = await Record.ExceptionAsync(() => streaming
            ? client.GetStreamingResponseAsync("Hello", options).ToChatResponseAsync()
            : client.GetResponseAsync("Hello", options));
        var read = FailureClassifier.Read(thrown!, "anthropic");

        Assert.StartsWith("Anthropic", thrown!.GetType().Name, StringComparison.Ordinal);
        Assert.Equal((kind, status, seconds), (read.Kind, read.Status, read.RetryAfter?.TotalSeconds));
    }

    private static async Task<WebApplication> StartAsync(int status, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/messages", http =>
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = "application/json";
            return http.Response.WriteAsync(body);
        });
        await app.StartAsync();
        return app;
    }
}

using System.Net.Http.Json;
using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.Hosting;

public sealed class EndpointTests : GatewayTest
{
    [Theory]
    [InlineData("POST", "/v1/completions")]
    [InlineData("POST", "/v1/embeddings")]
    [InlineData("GET", "/v1")]
    [InlineData("GET", "/v1/")]
    [InlineData("GET", "/v1/models/acme/small")]
    [InlineData("GET", "/v1/chat/completions")]
    [InlineData("DELETE", "/v1/models")]
    [InlineData("POST", "/api/v1/models")]
    [InlineData("POST", "/v1/v1/chat/completions")]
    public async Task What_is_not_served_is_404_in_the_envelope_and_says_what_is(string method, string path)
    {
        var answer = await Gateway.SendAsync(new HttpMethod(method), path, method == "POST" ? JsonContent.Create(Hello(streaming: false)) : null, Key);

        Assert.Equal((404, "application/json"), (answer.Status, answer.ContentType));
        HttpAnswer.AssertJson(
            $$"""
            { "error": { "code": 404, "message": "There is no {{method}} {{path}}. This gateway serves POST /v1/chat/completions, POST /v1/route and GET /v1/models, and for accounts GET /v1/key, /v1/keys, /v1/credits, /v1/generation and /v1/activity.",
              "metadata": { "error_type": "not_found" } } }
            """,
            answer.Json);
        Assert.Equal(0, First.RequestCount);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_is_told_without_a_key(string path)
    {
        var answer = await Gateway.GetAsync(path, key: null);

        Assert.Equal((200, "Healthy"), (answer.Status, answer.Body));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task The_content_type_of_a_request_does_not_matter(string? contentType)
    {
        FirstScript.Answers("Hello");
        using var content = JsonContent.Create(Hello(streaming: false));
        content.Headers.ContentType = contentType is null ? null : new(contentType);

        Assert.Equal("Hello", (await Gateway.SendAsync(HttpMethod.Post, "/v1/chat/completions", content, Key)).Text);
    }
}

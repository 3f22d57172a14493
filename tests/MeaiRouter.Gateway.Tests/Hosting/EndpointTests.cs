using System.Net.Http.Json;
using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.Hosting;

public sealed class EndpointTests : GatewayTest
{
    [Theory]
    [InlineData("POST", "/v1/completions")]
    [InlineData("GET", "/v1")]
    [InlineData("GET", "/v1/")]
    [InlineData("POST", "/v1/v1/chat/completions")]
    public async Task What_is_not_served_is_404_in_the_envelope_and_says_what_is(string method, string path)
    {
        var answer = await Gateway.SendAsync(new HttpMethod(method), path, method == "POST" ? JsonContent.Create(Hello(streaming: false)) : null, Key);

        Assert.Equal((404, "application/json"), (answer.Status, answer.ContentType));
        var message = (string)answer.Error["message"]!;
        Assert.StartsWith($"There is no {method} {path}. This gateway serves ", message, StringComparison.Ordinal);
        Assert.All(["POST /v1/chat/completions", "POST /v1/route", "GET /v1/models", "PATCH /v1/keys/{hash}"], served => Assert.Contains(served, message, StringComparison.Ordinal));
        HttpAnswer.AssertJson("""{ "code": 404, "metadata": { "error_type": "not_found" } }""", answer.Error, except: "message");
        Assert.Equal(0, First.RequestCount);
    }

    [Theory]
    [InlineData("GET", "/v1/chat/completions", "POST")]
    [InlineData("PUT", "/api/v1/route", "POST")]
    [InlineData("DELETE", "/v1/models", "GET")]
    [InlineData("POST", "/api/v1/models", "GET")]
    [InlineData("POST", "/v1/models/acme/small/endpoints", "GET")]
    [InlineData("PUT", "/v1/keys", "GET, POST")]
    [InlineData("OPTIONS", "/v1/chat/completions", "POST")]
    public async Task A_path_with_another_method_is_405_in_the_envelope_and_says_which_it_takes(string method, string path, string allowed)
    {
        using var response = await Gateway.OpenAsync(new HttpMethod(method), path, null, Key);
        var answer = await HttpAnswer.ReadAsync(response);

        Assert.Equal((405, allowed), (answer.Status, string.Join(", ", response.Content.Headers.Allow)));
        HttpAnswer.AssertJson(
            $$"""{ "error": { "code": 405, "message": "{{path}} takes {{allowed}}, not {{method}}.", "metadata": { "error_type": "invalid_request" } } }""", answer.Json);
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

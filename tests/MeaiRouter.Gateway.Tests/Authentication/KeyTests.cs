using System.Net.Http.Headers;
using System.Net.Http.Json;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Authentication;

public sealed class KeyTests : GatewayTest
{
    private const string NoKey = "No key was given. Send it as 'Authorization: Bearer KEY'.";
    private const string UnknownKey = "The key is not known here.";

    [Theory]
    [InlineData(null, NoKey)]
    [InlineData("Basic dXNlcjpwYXNz", NoKey)]
    [InlineData(Key, NoKey)]
    [InlineData("Bearer", NoKey)]
    [InlineData("Bearer ", NoKey)]
    [InlineData("Bearer wrong", UnknownKey)]
    [InlineData("Bearer sk-caller-012345678", UnknownKey)]
    [InlineData("Bearer SK-CALLER-0123456789", UnknownKey)]
    [InlineData("Bearer sk-caller-0123456789, Bearer other", UnknownKey)]
    public async Task Without_a_right_key_the_answer_is_401_in_the_one_envelope(string? authorization, string says)
    {
        foreach (var (method, path) in new[] { (HttpMethod.Post, "/v1/chat/completions"), (HttpMethod.Post, "/api/v1/chat/completions"), (HttpMethod.Get, "/v1/models"), (HttpMethod.Get, "/v1/nothing") })
        {
            using var request = new HttpRequestMessage(method, new Uri(Gateway.Address, path));
            if (method == HttpMethod.Post)
                request.Content = JsonContent.Create(Hello(streaming: true));
            if (authorization is not null)
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var http = new HttpClient();
            using var response = await http.SendAsync(request);
            var answer = await HttpAnswer.ReadAsync(response);

            Assert.Equal((401, "application/json"), (answer.Status, answer.ContentType));
            Assert.Equal(new AuthenticationHeaderValue("Bearer"), response.Headers.WwwAuthenticate.Single());
            HttpAnswer.AssertJson(
                $$"""{ "error": { "code": 401, "message": "{{says}}", "metadata": { "error_type": "authentication" } } }""", answer.Json);
        }

        Assert.Equal(0, First.RequestCount);
        Assert.DoesNotContain("sk-caller", Gateway.Log.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("bearer " + Key)]
    [InlineData("Bearer   " + Key)]
    public async Task The_scheme_is_read_as_RFC_9110_reads_it(string authorization)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);

        using var response = await http.GetAsync(new Uri(Gateway.Address, "/v1/models"));

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task Each_of_several_keys_admits()
    {
        await using var gateway = await StartGatewayAsync(
            ("MeaiRouter:Gateway:Keys:1:Name", "team-b"), ("MeaiRouter:Gateway:Keys:1:Key", "sk-caller-of-team-b"));

        Assert.Equal(200, (await gateway.GetAsync("/v1/models", Key)).Status);
        Assert.Equal(200, (await gateway.GetAsync("/v1/models", "sk-caller-of-team-b")).Status);
        Assert.Equal(401, (await gateway.GetAsync("/v1/models", "sk-caller-of-team-c")).Status);
    }

    [Fact]
    public async Task Without_configured_keys_everybody_is_served_and_the_operator_is_warned()
    {
        FirstScript.Answers("Hello");
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Gateway:Keys:0:Name", null), ("MeaiRouter:Gateway:Keys:0:Key", null));

        Assert.Equal("Hello", (await gateway.PostAsync(Hello(streaming: false), key: null)).Text);
        Assert.Equal("Hello", (await gateway.PostAsync(Hello(streaming: true), key: "anything")).Text);
        Assert.Contains("No keys are configured: everybody who reaches this gateway can spend. Add MeaiRouter:Gateway:Keys.", gateway.Log.Visible);
    }
}

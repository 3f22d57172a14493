using System.Net.Http.Json;
using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.Hosting;

/// <summary>The sample as a stranger runs it.</summary>
public sealed class SampleTests : GatewayTest
{
    private const string AnyPort = "http://127.0.0.1:0";

    [Fact]
    public async Task Without_a_configuration_it_serves_a_demonstration_and_says_how_to_try_it()
    {
        await using var sample = new SampleProcess("--urls", AnyPort);

        var address = await sample.ListeningAsync();
        var answer = await AskAsync(address, key: null, preferred: "cheap");

        Assert.Equal((200, "Hello from the reliable provider.", "reliable"), (answer.Status, answer.Text, answer.Provider));
        Assert.Equal(12 * 0.000003m + 6 * 0.000009m, answer.Cost);
        Assert.DoesNotContain("Server", answer.Headers.Keys);
        Assert.Contains($"curl -i {address.ToString().TrimEnd('/')}/v1/chat/completions -H 'Content-Type: application/json'", sample.Output, StringComparison.Ordinal);
        await sample.WritesAsync("acme/small at cheap/small-v1 failed with Unavailable (HTTP 503); reliable/small-v1 is asked");
    }

    [Fact]
    public async Task A_configuration_file_is_laid_over_the_rest()
    {
        FirstScript.Answers("Hello");
        using var file = TemporaryFile.Of(Configuration());
        await using var sample = new SampleProcess(
            "--urls", AnyPort, "--config", Path.GetFileName(file.Path), "--MeaiRouter:Models:acme/small:Name", "laid under", "--MeaiRouter:Aliases:tiny", Model);

        var address = await sample.ListeningAsync();

        Assert.Equal(401, (await AskAsync(address, key: null)).Status);
        Assert.Equal("Hello", (await AskAsync(address, Key)).Text);
        Assert.Equal("Hello", (await AskAsync(address, Key, "tiny")).Text);
        using var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        using var models = await http.GetAsync("/v1/models");
        Assert.Equal("Acme Small", (string)(await HttpAnswer.ReadAsync(models)).Json["data"]![0]!["name"]!);
        Assert.DoesNotContain("No models are configured", sample.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft.AspNetCore", sample.Output, StringComparison.Ordinal);
        Assert.Equal("", sample.ErrorOutput);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("Warning", true)]
    public async Task A_request_that_nobody_traces_has_a_span_only_where_the_operator_wants_one(string? level, bool hasSpan)
    {
        FirstScript.Answers("Hello");
        using var file = TemporaryFile.Of(Configuration());
        await using var sample = new SampleProcess(
            ["--urls", AnyPort, "--config", file.Path, .. level is null ? [] : (string[])["--Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", level]]);

        Assert.Equal("Hello", (await AskAsync(await sample.ListeningAsync(), Key)).Text);

        Assert.Equal(hasSpan, Assert.Single(First.Requests).Headers.ContainsKey("traceparent"));
    }

    [Fact]
    public async Task A_wrong_configuration_ends_with_1_and_every_error_and_no_stack_trace()
    {
        using var file = new TemporaryFile(
            """
            { "MeaiRouter": {
              "Providers": { "acme": { "BaseUrl": "not an address" } },
              "Models": { "acme/small": { "Endpoints": [ { "Provider": "acme", "Model": "small-1", "Wieght": 1 } ] } },
              "Gateway": { "Keys": [ { "Name": "team-a", "Key": "short" } ] } } }
            """);
        await using var sample = new SampleProcess("--urls", AnyPort, "--config", file.Path);

        Assert.Equal(1, await sample.EndedAsync());
        Assert.Equal(
            """
            The configuration of MeaiRouter has 3 errors:
            - MeaiRouter:Gateway:Keys:0:Key: has fewer than 8 characters. Use a long random one.
            - MeaiRouter:Providers:acme:BaseUrl: must be an absolute http or https address, such as https://api.example.com/v1.
            - MeaiRouter:Models:acme/small:Endpoints:0:Wieght: 'Wieght' is not a setting. Did you mean 'Weight'?
            """,
            sample.ErrorOutput);
        Assert.Equal("", sample.Output);
    }

    [Fact]
    public async Task An_endpoint_of_an_unknown_provider_ends_the_start_the_same_way()
    {
        using var file = new TemporaryFile(
            """
            { "MeaiRouter": {
              "Providers": { "acme": { "BaseUrl": "http://127.0.0.1:9/v1" } },
              "Models": { "acme/small": { "Endpoints": [ { "Provider": "acmee", "Model": "small-1" } ] } } } }
            """);
        await using var sample = new SampleProcess("--urls", AnyPort, "--config", file.Path);

        Assert.Equal(1, await sample.EndedAsync());
        Assert.Equal(
            """
            The configuration of MeaiRouter has an error:
            - MeaiRouter:Models:acme/small:Endpoints:0:Provider: 'acmee' is not a provider. Did you mean 'acme'?
            """,
            sample.ErrorOutput);
        Assert.DoesNotContain("   at ", sample.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{ \"MeaiRouter\": { \"Models\": ")]
    public async Task A_configuration_file_that_cannot_be_read_ends_the_start_with_its_name(string? text)
    {
        using var file = new TemporaryFile(text);
        await using var sample = new SampleProcess("--urls", AnyPort, "--config", file.Path);

        Assert.Equal(1, await sample.EndedAsync());
        Assert.Contains(Path.GetFileName(file.Path), sample.ErrorOutput, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", sample.ErrorOutput + sample.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_start_with_its_address()
    {
        await using var sample = new SampleProcess("--urls", Gateway.Address.ToString());

        Assert.Equal(1, await sample.EndedAsync());
        Assert.Equal($"Failed to bind to address {Gateway.Address.ToString().TrimEnd('/')}: address already in use.", sample.ErrorOutput);
    }

    private static async Task<HttpAnswer> AskAsync(Uri address, string? key, string model = Model, string? preferred = null)
    {
        using var http = new HttpClient { BaseAddress = address };
        if (key is not null)
            http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        using var response = await http.PostAsJsonAsync("/v1/chat/completions", Hello(
            streaming: false, ("model", model), ("provider", preferred is null ? null : new { order = new[] { preferred } })));
        return await HttpAnswer.ReadAsync(response);
    }
}

namespace MeaiRouter.Testing.Tests;

public sealed class ScriptTests : ProviderTest
{
    [Fact]
    public async Task Steps_are_taken_in_order_and_then_the_last_word_holds()
    {
        Script.Next(Reply.Text("one")).Next(Fault.Unavailable(), times: 2).Next(Reply.Text("two")).Then(Reply.Text("ever after"));

        Assert.Equal("one", (await AskAsync(streaming: true)).Text);
        Assert.Equal(503, (await SendAndReadAsync(streaming: true)).Status);
        Assert.Equal(503, (await SendAndReadAsync(streaming: false)).Status);
        Assert.Equal("two", (await AskAsync(streaming: false)).Text);
        Assert.Equal("ever after", (await AskAsync(streaming: true)).Text);
        Assert.Equal("ever after", (await AskAsync(streaming: false)).Text);
    }

    [Fact]
    public async Task A_script_can_change_between_requests()
    {
        Script.Answers("before");
        Assert.Equal("before", (await AskAsync(streaming: false)).Text);

        Script.Answers("after").Next(Reply.Text("once"));

        Assert.Equal("once", (await AskAsync(streaming: false)).Text);
        Assert.Equal("after", (await AskAsync(streaming: false)).Text);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_script_without_a_step_left_says_so(bool streaming)
    {
        Script.Next(Reply.Text("only"));
        await AskAsync(streaming);

        Assert.Equal(
            (400, Error("The script of 'small-v1' has no step left for this request.", "invalid_request_error", "script_exhausted")),
            await SendAndReadAsync(streaming));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_script_that_throws_says_so(bool streaming)
    {
        Script.Always(Reply.From(static _ => throw new InvalidOperationException("Oh no.")));

        Assert.Equal(
            (400, Error("The script failed. InvalidOperationException: Oh no.", "invalid_request_error", "script_failed")),
            await SendAndReadAsync(streaming));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_model_without_a_script_does_not_exist(bool streaming)
    {
        Script.Answers("Hi");

        Assert.Equal(
            (404, Error("The model 'large-v1' does not exist.", "invalid_request_error", "model_not_found")),
            await SendAndReadAsync(streaming, model: "large-v1"));
    }

    [Fact]
    public async Task Each_model_has_its_script_and_the_others_share_one()
    {
        Script.Answers("small");
        Provider.ForAnyModel().Always(Reply.From(static r => Reply.Text($"any {r.Model}")));

        Assert.Equal("small", (await AskAsync(streaming: false)).Text);
        Assert.Contains("any a", (await SendAndReadAsync(streaming: false, model: "a")).Body);
        Assert.Contains("any b", (await SendAndReadAsync(streaming: false, model: "b")).Body);
        Assert.Equal([1, 1, 1, 0], new[] { Model, "a", "b", "c" }.Select(m => Provider.RequestsFor(m).Count));
    }

    [Fact]
    public async Task A_required_key_keeps_others_out_and_costs_no_step()
    {
        Provider.RequireKey("k1", "k2");
        Script.Next(Reply.Text("in")).Next(Reply.Text("in"));
        var unauthorized = (401, Error("Incorrect API key provided.", "authentication_error", "invalid_api_key"));

        Assert.Equal(unauthorized, await SendAndReadAsync(streaming: false));
        Assert.Equal(unauthorized, await SendAndReadAsync(streaming: true, key: "k3"));
        Assert.Equal(200, (await SendAndReadAsync(streaming: true, key: "k1")).Status);
        Assert.Equal(200, (await SendAndReadAsync(streaming: false, key: "k2")).Status);
        using var models = await GetAsync("/models");
        Assert.Equal(401, (int)models.StatusCode);
    }

    [Fact]
    public async Task The_scripted_models_are_listed()
    {
        Provider.ForModel("b");
        Provider.ForModel("a");

        using var response = await GetAsync("/models");

        Assert.Equal(
            """{"object":"list","data":[{"id":"a","object":"model","created":0,"owned_by":"acme"},{"id":"b","object":"model","created":0,"owned_by":"acme"}]}""",
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Another_path_does_not_exist()
    {
        using var response = await GetAsync("/v1/models");

        Assert.Equal(404, (int)response.StatusCode);
        Assert.Equal(
            Error("Unknown request URL: GET /v1/v1/models.", "invalid_request_error", "unknown_url"), await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("{", "invalid_json", "The body is not a JSON object.")]
    [InlineData("[]", "invalid_json", "The body is not a JSON object.")]
    [InlineData("""{"model":1}""", "missing_model", "The body names no model.")]
    public async Task A_body_that_is_no_request_is_refused(string body, string code, string message)
    {
        Script.Answers("Hi");

        var response = await RawResponse.ReadAsync(Provider.BaseUrl, body);

        Assert.StartsWith("HTTP/1.1 400 ", response.Headers);
        Assert.Equal(Error(message, "invalid_request_error", code), response.Body);
        Assert.Null(Provider.Requests.Single().Model);
    }

    private static string Error(string message, string type, string code) =>
        $$$"""{"error":{"message":"acme: {{{message}}}","type":"{{{type}}}","param":null,"code":"{{{code}}}"}}""";
}

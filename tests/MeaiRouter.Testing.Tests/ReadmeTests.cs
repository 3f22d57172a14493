using System.Net.Http.Json;

namespace MeaiRouter.Testing.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public async Task The_example_of_the_readme_works_as_it_says()
    {
        await using var acme = await ScriptedProvider.StartAsync("acme");
        acme.ForModel("small-v1")
            .Next(Fault.RateLimited(retryAfter: TimeSpan.FromSeconds(2)))                        // the first request
            .Next(Reply.Text("never read to its end").CutAfter(3))                               // the second
            .Then(Reply.Text("Hello, world").WithUsage(prompt: 12, completion: 3, cached: 4));   // all others

        using var http = new HttpClient();
        using var limited = await AskAsync();
        var cut = await Record.ExceptionAsync(AskAsync);
        using var answered = await AskAsync();

        Assert.Equal(429, (int)limited.StatusCode);
        Assert.IsType<HttpRequestException>(cut);
        Assert.Equal("Hello, world", Answer.FromWhole(await answered.Content.ReadAsStringAsync()).Text);
        Assert.Equal(
            [RequestOutcome.Answered, RequestOutcome.BrokenOff, RequestOutcome.Answered], acme.RequestsFor("small-v1").Select(static r => r.Outcome));

        Task<HttpResponseMessage> AskAsync() => http.PostAsJsonAsync($"{acme.BaseUrl}/chat/completions", new
        {
            model = "small-v1", messages = new[] { new { role = "user", content = "Hi" } },
        });
    }

    [Fact]
    public async Task The_strict_providers_of_the_readme_refuse_as_it_says()
    {
        await using var acme = await ScriptedProvider.StartAsync("acme");
        using var http = new HttpClient();

        acme.Enforce(StrictDialect.Mistral).ForModel("small-v1").Answers("Fine.");
        using var refused = await AskAsync(new
        {
            model = "small-v1",
            messages = new object[]
            {
                new { role = "user", content = "Hi" },
                new { role = "assistant", tool_calls = new[] { new { id = "call_1", type = "function", function = new { name = "f", arguments = "{}" } } } },
                new { role = "tool", tool_call_id = "call_1", content = "1" },
            },
        });
        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Equal("tool-call-id", acme.Refused[^1].Refusal!.Rule);

        acme.Enforce(StrictDialect.Groq.Without("stop").With(new StrictRule("house",
            body => body.TryGetProperty("user", out _) ? null : new RuleViolation("Every request names its user."))));
        using var nameless = await AskAsync(new { model = "small-v1", messages = new[] { new { role = "user", content = "Hi" } } });
        using var named = await AskAsync(new { model = "small-v1", user = "ann", messages = new[] { new { role = "user", content = "Hi" } } });
        Assert.Equal((400, "house", 200), ((int)nameless.StatusCode, acme.Refused[^1].Refusal!.Rule, (int)named.StatusCode));

        Task<HttpResponseMessage> AskAsync(object body) => http.PostAsJsonAsync($"{acme.BaseUrl}/chat/completions", body);
    }
}

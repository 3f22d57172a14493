using System.Net.Http.Json;
using System.Text;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Testing.Tests;

public sealed class ProviderRecorderTests : IAsyncLifetime
{
    private const string Key = "sk-live-0123456789abcdef";

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.tape.json");
    private ScriptedProvider _real = null!;
    private ProviderRecorder _recorder = null!;

    public async Task InitializeAsync()
    {
        _real = await ScriptedProvider.StartAsync("real");
        _recorder = await ProviderRecorder.StartAsync(_real.BaseUrl);
    }

    public async Task DisposeAsync()
    {
        await _recorder.DisposeAsync();
        await _real.DisposeAsync();
        File.Delete(_file);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_provider_did_is_done_again_by_its_tape(bool streaming)
    {
        _real.RequireKey(Key).ForModel("small-v1")
            .Next(Fault.RateLimited(TimeSpan.FromSeconds(7)).WithHeader("x-ratelimit-remaining-requests", "0"))
            .Next(Reply.Text("Grüße, world 🎉").WithReasoning("hm").WithToolCall("weather", new { city = "Oslo" }).WithUsage(12, 3, cached: 4).WithWriteSize(7))
            .Next(Reply.Text("never read to its end").CutAfter(2));

        var before = await ThreeCallsAsync(_recorder.BaseUrl, streaming);
        _recorder.Tape.Save(_file);
        await using var played = await ScriptedProvider.StartAsync("played");
        played.Play(Tape.Load(_file));
        var after = await ThreeCallsAsync(played.BaseUrl, streaming);

        Assert.Equal(before, after);
        Assert.Equal(
            $"RateLimited 7 s; Grüße, world 🎉 / hm / weather / 15; {FailureKind.Truncated}", before);
        Assert.Equal(Key, _real.Requests[0].Headers["Authorization"]["Bearer ".Length..]);
    }

    [Fact]
    public async Task No_key_and_no_prompt_is_on_the_tape_however_the_bytes_fall()
    {
        var leak = $"Incorrect API key provided: {Key}. Your organization org-AbCdEfGhIjKlMnOp has sk-proj-****************wxyz in project proj_0123456789abcdef.";
        _real.ForModel("small-v1").Next(Fault.Status(401, "invalid_api_key", leak).WithWriteSize(3));

        await AskAsync(_recorder.BaseUrl, streaming: false, "a prompt that nobody may see");
        _recorder.Tape.Save(_file);

        var tape = await File.ReadAllTextAsync(_file);
        foreach (var secret in new[] { Key, "0123456789abcdef", "org-AbCd", "wxyz", "nobody may see", "Bearer" })
            Assert.DoesNotContain(secret, tape);
        var body = string.Concat(_recorder.Tape.Exchanges.Single().Writes.Select(static write => write.Text));
        Assert.Contains("Incorrect API key provided: [removed]. Your organization [removed] has [removed] in project [removed].", body);
    }

    [Fact]
    public async Task The_pace_is_kept_by_the_clock_of_whoever_plays_it_if_asked()
    {
        var tape = new Tape
        {
            Exchanges =
            [
                new RecordedExchange
                {
                    Path = "/chat/completions", Model = "small-v1", IsStreamed = true, Status = 200, Headers = new Dictionary<string, string> { ["Content-Type"] = "text/event-stream" },
                    Writes =
                    [
                        new RecordedWrite { After = TimeSpan.FromSeconds(30), Text = """data: {"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}""" + "\n\n" },
                        new RecordedWrite { After = TimeSpan.FromSeconds(5), Bytes = Encoding.UTF8.GetBytes("data: [DONE]\n\n") },
                    ],
                },
            ],
        };
        var time = new VirtualTime();
        await using var played = await ScriptedProvider.StartAsync("played", timeProvider: time);
        played.Play(tape, keepsPace: true);

        var asking = AskAsync(played.BaseUrl, streaming: true, "Hi");
        await time.AdvanceAsync(TimeSpan.FromSeconds(29));
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await time.AdvanceAsync(TimeSpan.FromSeconds(5));

        Assert.StartsWith("Hi", await asking.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_request_in_the_other_mode_is_told_what_the_tape_has()
    {
        _real.ForModel("small-v1").Answers("Hello");
        await AskAsync(_recorder.BaseUrl, streaming: false, "Hi");
        await using var played = await ScriptedProvider.StartAsync("played");
        played.Play(_recorder.Tape);

        Assert.Contains("The tape has a whole answer here, and the request asks for a stream.", await AskAsync(played.BaseUrl, streaming: true, "Hi"));
    }

    [Fact]
    public async Task Other_paths_are_passed_on_and_not_recorded()
    {
        _real.ForModel("small-v1").Answers("Hello");
        using var http = new HttpClient();

        Assert.Contains("small-v1", await http.GetStringAsync($"{_recorder.BaseUrl}/models"));
        using var invalid = await http.PostAsJsonAsync($"{_recorder.BaseUrl}/chat/completions", "no object");

        Assert.Equal(400, (int)invalid.StatusCode);
        Assert.Empty(_recorder.Tape.Exchanges);
    }

    [Fact]
    public async Task A_provider_that_cannot_be_reached_is_a_broken_connection_on_the_tape_too()
    {
        await _real.DisposeAsync();

        var failure = await AskAsync(_recorder.BaseUrl, streaming: false, "Hi");

        Assert.StartsWith(nameof(FailureKind.ConnectionFailed), failure);
        Assert.Equal((null, RecordedEnd.Broken), (_recorder.Tape.Exchanges.Single().Status, _recorder.Tape.Exchanges.Single().End));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"exchanges":[],"keys":["sk"]}""")]
    [InlineData("no json")]
    public void A_file_that_is_no_tape_is_named(string content)
    {
        File.WriteAllText(_file, content);

        Assert.Contains(_file, Assert.Throws<InvalidDataException>(() => Tape.Load(_file)).Message);
    }

    [Fact]
    public async Task An_address_that_is_none_is_refused() =>
        Assert.Contains(
            "https://api.openai.com/v1",
            (await Assert.ThrowsAsync<ArgumentException>(() => ProviderRecorder.StartAsync(new Uri("/v1", UriKind.Relative)))).Message);

    private static async Task<string> ThreeCallsAsync(Uri address, bool streaming)
    {
        var answers = new List<string>();
        for (var i = 0; i < 3; i++)
            answers.Add(await AskAsync(address, streaming, "Hi"));
        return string.Join("; ", answers);
    }

    private static async Task<string> AskAsync(Uri address, bool streaming, string prompt)
    {
        using var client = new OpenAICompatibleChatClient(new OpenAICompatibleOptions { Provider = "acme", BaseUrl = address, ApiKeys = [Key], DefaultModelId = "small-v1" });
        try
        {
            var answer = streaming
                ? await client.GetStreamingResponseAsync(prompt).ToChatResponseAsync()
                : await client.GetResponseAsync(prompt);
            var contents = answer.Messages.SelectMany(static message => message.Contents).ToList();
            var reasoning = contents.OfType<TextReasoningContent>().FirstOrDefault()?.Text;
            return $"{answer.Text} / {reasoning} / {contents.OfType<FunctionCallContent>().FirstOrDefault()?.Name} / {answer.Usage?.TotalTokenCount}";
        }
        catch (RouterException failure)
        {
            return failure.RetryAfter is { } wait ? $"{failure.Kind} {wait.TotalSeconds} s" : failure.Kind == FailureKind.InvalidRequest ? failure.Message : $"{failure.Kind}";
        }
    }
}

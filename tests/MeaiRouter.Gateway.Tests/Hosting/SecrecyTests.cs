using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Hosting;

/// <summary>Prompts, answers and keys appear in no log, at any level, whatever happens.</summary>
public sealed class SecrecyTests : GatewayTest
{
    private const string Prompt = "prompt-XYZZY";
    private const string Answer = "answer-PLUGH";

    private static readonly string[] Secrets = [Prompt, Answer, Key, "key-of-first", "key-of-second"];

    // A provider that repeats what it was sent, as many do in their error messages.
    private static readonly ScriptStep Echo = Reply.From(request =>
        Fault.Status(502, message: $"Failed on '{request.LastUserText}' with {request.Headers["Authorization"]} after {Answer}."));

    public static TheoryData<string, bool> EveryEndInBothModes()
    {
        var data = new TheoryData<string, bool>();
        foreach (var end in (ReadOnlySpan<string>)["answered", "fell back", "failed", "broke", "malformed", "refused"])
        {
            data.Add(end, false);
            data.Add(end, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryEndInBothModes))]
    public async Task No_log_holds_a_prompt_an_answer_or_a_key(string end, bool streaming)
    {
        var answer = Reply.Text($"{Answer} {Answer} {Answer}");
        FirstScript.Always(end switch
        {
            "fell back" or "failed" => Echo,
            "broke" => answer.CutAfter(2),
            "malformed" => Fault.Body(200, $"<{Answer}>{Prompt}", streaming ? "text/event-stream" : "application/json"),
            _ => answer,
        });
        SecondScript.Always(end is "failed" or "malformed" ? Echo : answer);
        var model = end == "refused" ? Prompt : Model;

        var given = await Gateway.PostAsync(Hello(streaming, ("model", model), ("messages", new[] { new { role = "user", content = Prompt } }), ("user", Prompt)));

        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, Gateway.Log.Text, StringComparison.Ordinal));

        // The keys of providers reach the caller as little as the log.
        Assert.DoesNotContain("key-of-", given.Body, StringComparison.Ordinal);
        if (end == "failed")
            Assert.Contains($"Failed on '{Prompt}' with Bearer", given.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_request_is_told_of_with_kinds_and_statuses_only()
    {
        FirstScript.Always(Echo);
        SecondScript.Always(Fault.Unauthorized());

        var answer = await Gateway.PostAsync(Hello(streaming: false));

        Assert.Equal(
            $"{answer.Headers["X-Generation-Id"]}: failed with Unavailable, answered with 503. first/small-1: Unavailable (HTTP 502); second/small-2: Unauthorized (HTTP 401)",
            Gateway.Log.Visible.Last());
        Assert.Equal(4, Gateway.Log.Visible.Count());
        Assert.DoesNotContain(Prompt, string.Join('\n', Gateway.Log.Visible), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_broke_is_one_line_with_kinds_and_statuses_only()
    {
        FirstScript.Always(Reply.Text($"{Answer} {Answer}").CutAfter(1));

        var answer = await Gateway.PostAsync(Hello(streaming: true, ("provider", new { allow_fallbacks = false })));

        Assert.Equal(
            $"{answer.Id}: acme/small at first/small-1 broke off in the middle of its answer with Truncated, and nobody could go on; the caller has an error.",
            Assert.Single(Gateway.Log.Visible));
    }
}

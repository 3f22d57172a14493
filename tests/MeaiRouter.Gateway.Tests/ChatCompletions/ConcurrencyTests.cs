using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.ChatCompletions;

public sealed class ConcurrencyTests : GatewayTest
{
    private const int Requests = 200;

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["MeaiRouter:Fallback:FirstContent"] = "0:00:02",
        ["MeaiRouter:Fallback:WholeAnswer"] = "0:00:02",
    };

    [Fact]
    public async Task Two_hundred_requests_at_once_end_with_their_own_text_or_a_clean_error()
    {
        const int seed = 20261120;
        FirstScript.Always(Scripted(seed));
        SecondScript.Always(Scripted(seed + 1));
        var random = new Random(seed);
        var streams = Enumerable.Range(0, Requests).Select(_ => random.Next(2) == 0).ToList();

        var answers = await Task.WhenAll(streams.Select((streaming, number) =>
            Gateway.PostAsync(Hello(streaming, ("messages", new[] { new { role = "user", content = $"{number}" } })))));

        Assert.All(answers, (answer, number) => AssertClean(answer, TextOf($"{number}"), streams[number]));
        Assert.Contains(answers, answer => answer.Status == 200 && answer.FinishReason == "stop");
        Assert.Contains(answers, answer => answer.Status != 200);
        Assert.Contains(answers, answer => answer.Status == 200 && answer.FinishReason == "error");

        // Every request is recorded once, under the id its caller knows; the providers saw the attempts the records claim.
        Assert.Equal(
            answers.Select(answer => answer.Headers["X-Generation-Id"]).Order(StringComparer.Ordinal),
            Gateway.Ledger.Records.Select(record => record.Id).Order(StringComparer.Ordinal));
        var attempts = Gateway.Ledger.Records.SelectMany(record => record.Attempts).ToList();
        Assert.Equal(First.RequestCount, attempts.Count(attempt => attempt.Provider == "first"));
        Assert.Equal(Second.RequestCount, attempts.Count(attempt => attempt.Provider == "second"));
        Assert.DoesNotContain(attempts, attempt => attempt.Outcome is AttemptOutcome.Running or AttemptOutcome.Cancelled);
    }

    private static string TextOf(string question) => $"The answer to {question} is {string.Join(' ', Enumerable.Repeat($"<{question}>", 20))}.";

    // What happens to a request depends on its number, not on the order in which requests arrive.
    private static ScriptStep Scripted(int seed) => Reply.From(request =>
    {
        var question = request.LastUserText;
        var answer = Reply.Text(TextOf(question)).WithUsage(prompt: 10, completion: 20);
        return new Random(seed ^ (int.Parse(question, System.Globalization.CultureInfo.InvariantCulture) * 7919)).Next(12) switch
        {
            0 => Fault.Unavailable(),
            1 => Fault.RateLimited(TimeSpan.FromSeconds(9)),
            2 => Fault.Reset(),
            3 => Fault.Html(),
            4 => answer.CutAfter(0),
            5 => answer.CutAfter(5),
            6 => answer.ErrorAfter(3),
            7 => answer.WithWriteSize(3),
            _ => answer,
        };
    });

    private static void AssertClean(HttpAnswer answer, string text, bool streaming)
    {
        if (answer.Status != 200)
        {
            Assert.Equal((int)answer.Error["code"]!, answer.Status);
            Assert.NotEmpty(answer.Error["metadata"]!["previous_errors"]!.AsArray());
        }
        else if (streaming && answer.Events[^1] != "[DONE]")
        {
            Assert.StartsWith(answer.Text, text, StringComparison.Ordinal);
            Assert.Equal("error", answer.FinishReason);
            Assert.NotNull(answer.Chunks[^1]["error"]);
        }
        else
        {
            Assert.Equal((text, "stop"), (answer.Text, answer.FinishReason));
            Assert.NotNull(answer.Cost);
        }
    }
}

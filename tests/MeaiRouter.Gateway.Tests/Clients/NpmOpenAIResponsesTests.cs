using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>The Responses API of npm's official openai package.</summary>
public sealed class NpmOpenAIResponsesTests(NodeScripts scripts) : ClientMatrix(scripts)
{
    protected override string Script => "openai-responses.mjs";

    protected override (string Complete, string Calls) Finish => ("completed", "completed");

    protected override string? Left => null;

    [NodeFact]
    public async Task A_stream_that_breaks_after_content_ends_as_failed()
    {
        FirstScript.Always(Reply.Chunks(new string('a', 70), "two").CutAfter(1));
        SecondScript.Answers("something else");

        HttpAnswer.AssertJson("""["error server_error", "response.failed failed"]""", await ResultAsync("broken", streaming: true));
    }

    [NodeFact]
    public async Task A_rate_limit_has_OpenAIs_code_and_type()
    {
        FirstScript.Always(Fault.RateLimited(TimeSpan.FromSeconds(30)));
        SecondScript.Always(Fault.RateLimited(TimeSpan.FromSeconds(12)));

        var error = await ErrorAsync("plain", streaming: false);

        Assert.Equal(("rate_limit_exceeded", "rate_limit_error"), ((string?)error["code"], (string?)error["type"]));
    }

    protected override string ErrorName(int status) => OpenAIErrors.Name(status);

    protected override string ErrorMessage(int status, string message) => $"{status} {message}";
}

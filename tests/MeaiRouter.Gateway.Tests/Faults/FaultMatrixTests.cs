using System.Diagnostics;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Health;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using MeaiRouter.Tests.Faults;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Tests.Faults;

/// <summary>Every fault, in both modes, wherever it strikes, as a caller over HTTP sees it.</summary>
public sealed class FaultMatrixTests : GatewayTest
{
    private static readonly Price FirstPrice = new() { Prompt = 0.5m, Completion = 1.5m, Reasoning = 2.5m };
    private static readonly Price SecondPrice = new() { Prompt = 1_000_000, Completion = 1_000_000 };

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        // Every break is one after the commit, as far as there is content before it; and only silence may run into a deadline.
        ["MeaiRouter:Fallback:HoldCharacters"] = "0",
        ["MeaiRouter:Fallback:FirstContent"] = "0:02:00",
        ["MeaiRouter:Fallback:Idle"] = "0:02:00",
    };

    public static TheoryData<string> EveryFault() => [.. FaultTable.Names];

    [Theory]
    [MemberData(nameof(EveryFault))]
    public async Task The_caller_gets_the_exact_answer_or_the_typed_error(string name)
    {
        var fault = FaultTable.Find(name);
        FirstScript.Always(fault.First);
        SecondScript.Always(fault.Second);
        await using var impatient = fault.IsSilent ? await ImpatientAsync(fault.Kind) : null;
        var gateway = impatient ?? Gateway;

        var begun = Stopwatch.GetTimestamp();
        var answer = await gateway.PostAsync(Hello(fault.Streaming));
        var elapsed = Stopwatch.GetElapsedTime(begun);

        FaultChecks.AssertHeard(fault, fault.End == FaultEnd.Refused ? Heard.Nothing : HeardIn(answer));
        var record = await gateway.Ledger.SingleAsync();
        Assert.Equal(record.Id, answer.Headers["X-Generation-Id"]);
        AssertEnd(fault, answer);
        if (fault.End is FaultEnd.Replaced or FaultEnd.Continued)
            Assert.Equal(record.Cost!.Value.ToUsd(), answer.Cost);

        await FaultChecks.AssertRequestsAsync(fault, First, Second, elapsed);
        FaultChecks.AssertRecord(fault, record, FirstPrice, SecondPrice);
        FaultChecks.AssertHealth(fault, Health(gateway, "first"), Health(gateway, "second"));
    }

    private static void AssertEnd(FaultCase fault, HttpAnswer answer)
    {
        var consequences = fault.Kind.Consequences();
        switch (fault.End)
        {
            case FaultEnd.Replaced or FaultEnd.Continued:
                Assert.Equal((200, "tool_calls"), (answer.Status, answer.FinishReason));
                if (fault.Streaming)
                    Assert.Equal("[DONE]", answer.Events[^1]);
                break;

            case FaultEnd.Refused:
                Assert.Equal((consequences.HttpStatus, "application/json"), (answer.Status, answer.ContentType));
                Assert.Equal(consequences.ErrorType, (string?)answer.Error["metadata"]!["error_type"]);
                break;

            case FaultEnd.BrokenOff:
                Assert.Equal(200, answer.Status);
                Assert.DoesNotContain("[DONE]", answer.Events);
                var error = answer.Chunks[^1]["error"]!;
                Assert.Equal(
                    (consequences.HttpStatus, consequences.ErrorType), ((int)error["code"]!, (string?)error["metadata"]!["error_type"]));
                Assert.Equal("error", answer.FinishReason);
                break;
        }
    }

    /// <summary>A gateway that bears the one silence only shortly.</summary>
    private Task<RunningGateway> ImpatientAsync(FailureKind kind)
    {
        var deadline = FaultChecks.Deadline.ToString("c");
        return kind == FailureKind.Stalled
            ? StartGatewayAsync(("MeaiRouter:Fallback:Idle", deadline))
            : StartGatewayAsync(("MeaiRouter:Fallback:FirstContent", deadline), ("MeaiRouter:Fallback:WholeAnswer", deadline));
    }

    private static HealthSnapshot Health(RunningGateway gateway, string provider)
    {
        var router = (RouterChatClient)gateway.Pipeline.GetService(typeof(RouterChatClient))!;
        var plan = router.Explain([new ChatMessage(ChatRole.User, "Hello")], new ChatOptions { ModelId = Model });
        return plan.Candidates.Single(candidate => candidate.Endpoint.Provider == provider).Health.Snapshot();
    }

    private static Heard HeardIn(HttpAnswer answer)
    {
        var isStream = answer.ContentType == "text/event-stream";
        var messages = isStream
            ? answer.Chunks.SelectMany(chunk => chunk["choices"]?.AsArray() ?? []).Select(choice => choice!["delta"]!).ToList()
            : [answer.Json["choices"]![0]!["message"]!];
        return new Heard(
            string.Concat(messages.Select(message => (string?)message["reasoning"])),
            string.Concat(messages.Select(message => (string?)message["content"])),
            string.Join("; ", messages.SelectMany(message => message["tool_calls"]?.AsArray() ?? []).Select(Told)));

        static string Told(JsonNode? call) => $"{call!["id"]} {call["function"]!["name"]} {call["function"]!["arguments"]}";
    }
}

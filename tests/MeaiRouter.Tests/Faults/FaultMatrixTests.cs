using System.Diagnostics;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.Faults;

/// <summary>Every fault, in both modes, wherever it strikes, against the pipeline in this process.</summary>
public sealed class FaultMatrixTests
{
    // Longer than any answer takes on a busy machine: only silence may run into a deadline.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static TheoryData<string> EveryFault() => [.. FaultTable.Names];

    [Theory]
    [MemberData(nameof(EveryFault))]
    public async Task The_caller_gets_the_exact_answer_or_the_typed_error(string name)
    {
        var fault = FaultTable.Find(name);
        await using var pipeline = await FaultPipeline.StartAsync(fault.First, fault.Second, options =>
        {
            options.HoldCharacters = 0;
            options.FirstContent = fault.Kind == FailureKind.Timeout ? FaultChecks.Deadline : Patience;
            options.WholeAnswer = options.FirstContent;
            options.Idle = fault.Kind == FailureKind.Stalled ? FaultChecks.Deadline : Patience;
        });

        var begun = Stopwatch.GetTimestamp();
        var (heard, finish, trace, failure) = await pipeline.AskAsync(fault.Streaming);
        var elapsed = Stopwatch.GetElapsedTime(begun);

        FaultChecks.AssertHeard(fault, heard);
        if (fault.End is FaultEnd.Replaced or FaultEnd.Continued)
        {
            Assert.Null(failure);
            Assert.Equal(ChatFinishReason.ToolCalls, finish);
            Assert.Equal(fault.End == FaultEnd.Continued ? 1 : 0, trace!.Seams.Count);
        }
        else
        {
            var typed = Assert.IsType<RouterException>(failure);
            Assert.Equal(fault.Kind, typed.Kind);
            Assert.Equal(fault.AttemptsAtFirst + fault.AttemptsAtSecond, typed.Attempts.Count);
        }

        await FaultChecks.AssertRequestsAsync(fault, pipeline.First, pipeline.Second, elapsed);
        FaultChecks.AssertRecord(fault, Assert.Single(pipeline.Ledger.Records), FaultPipeline.FirstPrice, FaultPipeline.SecondPrice);
        FaultChecks.AssertHealth(fault, pipeline.FirstHealth, pipeline.SecondHealth);
    }
}

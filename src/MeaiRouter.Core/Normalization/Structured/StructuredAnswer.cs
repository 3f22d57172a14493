using MeaiRouter.Attempts;
using MeaiRouter.Mending;
using MeaiRouter.Schemas;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Structured;

/// <summary>Holds an answer to the format that was asked for: checks it, mends what was certainly meant, and rejects the rest.</summary>
/// <remarks>
/// Not held to it are refusals, turns of tool calls, and answers that a filter or a limit cut, which say so by their finish reason: nothing
/// that was cut is ever made to look whole.
/// </remarks>
internal sealed class StructuredAnswer(ChatResponseFormatJson format, bool hasStops, bool mends, RouteAttempt? attempt, RouteNotes notes)
{
    private const string Remedy = "Ask again, ask with a simpler schema, or let models answer that keep to it (`models`).";

    private readonly SchemaFit _fit = new(format.Schema);

    /// <summary>Checks a whole answer, and replaces its text where that had to be mended.</summary>
    /// <exception cref="RouterException">It is not in the format, and cannot be mended.</exception>
    public void Settle(ChatResponse response, bool hasToolCalls)
    {
        if (Judge(new AnswerText(response), response.FinishReason, hasToolCalls, mayMend: true) is not { } mended)
            return;

        for (var i = 0; i < response.Messages.Count; i++)
            response.Messages[i].Contents = AnswerText.Replace(response.Messages[i].Contents, ref mended);
    }

    /// <summary>What the text of an answer should have been; <see langword="null"/> if it may stay as it is.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="reason">Its finish reason; <see langword="null"/> if it has none.</param>
    /// <param name="hasToolCalls">Whether it holds calls that the caller is to carry out.</param>
    /// <param name="mayMend">Whether the text can still be replaced.</param>
    /// <exception cref="RouterException">It is not in the format, and cannot be mended.</exception>
    public string? Judge(AnswerText answer, ChatFinishReason? reason, bool hasToolCalls, bool mayMend)
    {
        if (hasToolCalls || answer.HasErrors || !answer.IsSubstantive || reason == ChatFinishReason.Length || reason == ChatFinishReason.ContentFilter)
            return null;

        var text = answer.Text;
        var problem = default(SchemaProblem);
        if (LooseJson.TryParse(text, out var json))
        {
            problem = _fit.Problem(json);
            if (problem is null)
                return null;
        }

        // A stop sequence ends an answer as the model itself does.
        var mayClose = reason == ChatFinishReason.Stop && !hasStops;
        return (mends && mayMend ? Mend(text, mayClose, ref problem) : null) ?? throw Failure(problem, reason);
    }

    private string? Mend(string text, bool mayClose, ref SchemaProblem? problem)
    {
        var found = JsonReadings.Of(text, mayClose);
        foreach (var reading in found)
        {
            if (_fit.Problem(reading.Json) is not { } broken)
            {
                Note($"The answer was not the JSON that was asked for and was mended ({reading.Flaws}).");
                return reading.Text;
            }

            problem ??= broken;
        }

        foreach (var reading in found)
        {
            if (_fit.Rewrapped(reading.Json) is { } rewrapped)
            {
                Note("The answer was the JSON that was asked for in another wrapping, which was changed.");
                return rewrapped;
            }
        }

        return null;
    }

    private void Note(string change)
    {
        notes.Add(change);
        if (attempt is not null)
            attempt.IsMended = true;
    }

    private static RouterException Failure(SchemaProblem? problem, ChatFinishReason? reason)
    {
        if (problem is not null)
            return new(FailureKind.SchemaMismatch, $"The answer does not fit the schema that was asked for: {problem}. {Remedy}");
        return reason is null
            ? new(FailureKind.Incomplete, "The answer ended without a finish reason and is not the whole JSON that was asked for.")
            : new(FailureKind.SchemaMismatch, "The answer is not the JSON that was asked for: $ must be a JSON value and nothing else. " + Remedy);
    }
}

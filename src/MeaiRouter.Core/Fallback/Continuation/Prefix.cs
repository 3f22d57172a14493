namespace MeaiRouter.Fallback.Continuation;

/// <summary>The beginning of an answer, as the caller has it.</summary>
/// <param name="Characters">Text and reasoning in the order in which they were handed out.</param>
/// <param name="Runs">Which of it is text and which reasoning; none is empty.</param>
internal sealed record Prefix(string Characters, Run[] Runs)
{
    public bool IsText => Runs is [{ IsReasoning: false }];

    public int TextLength => Characters.Length - ReasoningLength;

    public int ReasoningLength
    {
        get
        {
            var (length, start) = (0, 0);
            foreach (var run in Runs)
            {
                if (run.IsReasoning)
                    length += run.End - start;
                start = run.End;
            }

            return length;
        }
    }
}

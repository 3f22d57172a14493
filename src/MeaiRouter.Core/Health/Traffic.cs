namespace MeaiRouter.Health;

/// <summary>What an endpoint did over a while, as sums; weighted ones if the last minutes count most.</summary>
internal readonly record struct Traffic
{
    /// <summary>Whether nothing happened at all.</summary>
    public bool IsNone => Answered + Failed + RateLimited == 0;

    public double Answered { get; init; }

    public double Failed { get; init; }

    public double RateLimited { get; init; }

    /// <summary>Seconds of all answers until the first content, which whole answers show at their end.</summary>
    public double LatencySeconds { get; init; }

    /// <summary>Answers whose output tokens are known, with the tokens and the seconds they took.</summary>
    public double Measured { get; init; }

    public double OutputTokens { get; init; }

    public double Seconds { get; init; }

    /// <summary>Streamed answers, with the seconds until their first content.</summary>
    public double Streamed { get; init; }

    public double SecondsToFirstContent { get; init; }

    public double InputTokens { get; init; }

    public double CachedTokens { get; init; }

    /// <summary>Answers with tool calls, and those of them with a call that could not be read.</summary>
    public double ToolAnswers { get; init; }

    public double BadToolAnswers { get; init; }
}

namespace MeaiRouter.Testing;

/// <summary>In which pieces a provider streams the call of a tool.</summary>
public enum ToolCallDeltas
{
    /// <summary>First the id and the name, then the arguments piece by piece, as OpenAI does.</summary>
    Pieces,

    /// <summary>The whole call in one delta, as Mistral does.</summary>
    Whole,

    /// <summary>The whole call in one delta whose index is always 0, as some gateways do.</summary>
    WholeAtIndexZero,

    /// <summary>The whole call in one delta without an index, as Gemini does.</summary>
    WholeWithoutIndex,

    /// <summary>In pieces and without ids, as servers of open models do.</summary>
    PiecesWithoutId,
}

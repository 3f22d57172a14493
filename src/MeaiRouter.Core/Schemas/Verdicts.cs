namespace MeaiRouter.Schemas;

/// <summary>Verdicts put together.</summary>
internal static class Verdicts
{
    /// <summary>Makes it the lesser of the two.</summary>
    /// <returns>Whether it is worth going on.</returns>
    public static bool And(ref this Verdict whole, Verdict part)
    {
        if (part < whole)
            whole = part;
        return whole != Verdict.Broken;
    }
}

namespace MeaiRouter.Schemas;

/// <summary>Whether a value satisfies a schema. Ordered, so that "and" is the least and "or" the greatest.</summary>
internal enum Verdict
{
    /// <summary>It breaks a rule that is known here.</summary>
    Broken,

    /// <summary>It breaks none, but there are rules that are not known here.</summary>
    Unknown,

    /// <summary>It satisfies all there is.</summary>
    Satisfied,
}

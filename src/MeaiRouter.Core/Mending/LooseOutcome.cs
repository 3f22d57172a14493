namespace MeaiRouter.Mending;

/// <summary>How the reading of a value ended.</summary>
internal enum LooseOutcome
{
    /// <summary>The value is whole.</summary>
    Whole,

    /// <summary>The text ended where nothing but closing brackets is missing.</summary>
    Unclosed,

    /// <summary>The text ended within something.</summary>
    Cut,

    /// <summary>This is no JSON.</summary>
    Broken,
}

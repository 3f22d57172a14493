namespace MeaiRouter.Dialects;

/// <summary>Forms of <c>tool_choice</c> besides <c>auto</c>, which every endpoint with tools takes.</summary>
[Flags]
public enum ToolChoiceForms
{
    /// <summary>Only <c>auto</c>.</summary>
    AutoOnly = 0,

    /// <summary><c>none</c>: the model must not call a tool.</summary>
    None = 1,

    /// <summary><c>required</c>: the model must call a tool.</summary>
    Required = 2,

    /// <summary>One function by name.</summary>
    Named = 4,

    /// <summary>All of them.</summary>
    All = None | Required | Named,
}

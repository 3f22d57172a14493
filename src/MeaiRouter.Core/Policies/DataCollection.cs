using System.Diagnostics.CodeAnalysis;

namespace MeaiRouter.Policies;

/// <summary>Whether providers may collect what they are sent.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "OpenRouter's name of the field; what is collected are data, not items.")]
public enum DataCollection
{
    /// <summary>Any provider will do.</summary>
    Allow,

    /// <summary>Only providers known not to train on it.</summary>
    Deny,
}

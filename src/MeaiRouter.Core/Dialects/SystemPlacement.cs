namespace MeaiRouter.Dialects;

/// <summary>Where an endpoint takes messages of the system.</summary>
public enum SystemPlacement
{
    /// <summary>Anywhere in the conversation.</summary>
    Anywhere,

    /// <summary>Only before all other messages.</summary>
    Leading,

    /// <summary>As one message before all others.</summary>
    OneLeading,

    /// <summary>Nowhere: the role is unknown, and its words are put before those of the first user.</summary>
    Nowhere,
}

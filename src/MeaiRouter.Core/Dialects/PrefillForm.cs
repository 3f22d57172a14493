namespace MeaiRouter.Dialects;

/// <summary>What an endpoint does with a last message that is the assistant's.</summary>
public enum PrefillForm
{
    /// <summary>It takes it, be it to continue it or to answer it.</summary>
    AsItIs,

    /// <summary>It continues it if it carries <c>"prefix": true</c>.</summary>
    Marked,

    /// <summary>It refuses it.</summary>
    Refused,
}

namespace MeaiRouter.EntityFrameworkCore.Keys;

/// <summary>The kinds of keys that a <see cref="KeyStore"/> keeps, each in a table of its own.</summary>
public enum KeyKind
{
    /// <summary>Keys that callers of the gateway present, as digests.</summary>
    Gateway,

    /// <summary>Keys with which the gateway calls providers on behalf of callers, encrypted by whoever stores them.</summary>
    Provider,
}

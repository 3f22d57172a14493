using System.Buffers;
using MeaiRouter.Dialects;

namespace MeaiRouter.OpenAI;

/// <summary>A provider whose chat completions this library can call knowing nothing but a key and, for some, whose account it is.</summary>
/// <remarks>A record: start from one that is near, and change what differs with <c>with</c>.</remarks>
public sealed record KnownProvider
{
    // What clouds allow in the names of resources, projects and regions; nothing that could lead an address elsewhere.
    private static readonly SearchValues<char> PartCharacters = SearchValues.Create("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    /// <summary>Creates a provider with the dialect and the spelling of the common wire, under its own name.</summary>
    /// <param name="name">The name by which configuration refers to it.</param>
    /// <param name="baseUrl">The address of its API, with <see cref="AddressParts"/> in braces.</param>
    public KnownProvider(string name, string baseUrl)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(baseUrl);
        Name = name;
        DisplayName = name;
        BaseUrl = baseUrl;
        Dialect = new Dialect(name);
    }

    /// <summary>The name by which configuration refers to it.</summary>
    public string Name { get; init; }

    /// <summary>The name for people. Default: <see cref="Name"/>.</summary>
    public string DisplayName { get; init; }

    /// <summary>The address of its public API, from its own documentation, with <see cref="AddressParts"/> in braces.</summary>
    public string BaseUrl { get; init; }

    /// <summary>The parts of the address that are the customer's own. Default: none.</summary>
    public IReadOnlyList<AddressPart> AddressParts { get; init; } = [];

    /// <summary>The environment variables that hold its key by custom, the first first; empty where it needs none.</summary>
    public IReadOnlyList<string> KeyVariables { get; init; } = [];

    /// <summary>The header that carries the key. Default: <see cref="OpenAICompatibleOptions.DefaultKeyHeader"/>, as a bearer token.</summary>
    public string KeyHeader { get; init; } = OpenAICompatibleOptions.DefaultKeyHeader;

    /// <summary>How it deviates from the common chat wire. Default: not at all.</summary>
    public Dialect Dialect { get; init; }

    /// <summary>How it spells what others spell differently. Default: <see cref="RequestSpelling.Default"/>.</summary>
    public RequestSpelling Spelling { get; init; } = RequestSpelling.Default;

    /// <summary>Fills the address.</summary>
    /// <param name="valueOf">Gives the customer's value for a part; asked once for each.</param>
    /// <exception cref="ArgumentException">A part has no value, or one that cannot stand in an address; the message names setting and variables.</exception>
    public Uri Address(Func<AddressPart, string?> valueOf)
    {
        ArgumentNullException.ThrowIfNull(valueOf);

        var address = BaseUrl;
        foreach (var part in AddressParts)
        {
            var value = valueOf(part);
            if (Problem(part, value) is { } problem)
                throw new ArgumentException($"{part.Setting} of {DisplayName} {problem}", nameof(valueOf));
            address = address.Replace("{" + part.Name + "}", value, StringComparison.Ordinal);
        }

        return new Uri(address);
    }

    /// <summary>Fills the address from the environment.</summary>
    /// <exception cref="ArgumentException">A part has no value, or one that cannot stand in an address; the message names setting and variables.</exception>
    public Uri Address() => Address(static part => part.Variables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(static value => !string.IsNullOrWhiteSpace(value))?.Trim());

    /// <summary>What is wrong with the value of a part, as the rest of a sentence; <see langword="null"/> if it can stand in the address.</summary>
    /// <param name="part">The part.</param>
    /// <param name="value">Its value.</param>
    public static string? Problem(AddressPart part, string? value)
    {
        ArgumentNullException.ThrowIfNull(part);

        if (string.IsNullOrWhiteSpace(value))
            return $"is missing. Set it, or {Variables(part.Variables)}.";
        return value.AsSpan().ContainsAnyExcept(PartCharacters) || value.StartsWith('.')
            ? "can hold only letters, digits, '-', '_' and '.'."
            : null;
    }

    /// <summary>Environment variables as words: <c>the environment variable A</c>, <c>the environment variable A or B</c>.</summary>
    /// <param name="variables">Their names.</param>
    public static string Variables(IReadOnlyList<string> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        return "the environment variable " + string.Join(" or ", variables);
    }
}

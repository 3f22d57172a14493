using System.Buffers;
using System.Collections.Frozen;
using MeaiRouter.OpenAI;

namespace MeaiRouter.Configuration;

/// <summary>Reads the providers.</summary>
/// <param name="environmentVariable">
/// Gives the value of an environment variable; the place of a known provider's key, and of the parts of its address, when none are configured.
/// </param>
/// <param name="dialects">The dialects of the configuration.</param>
internal sealed class ProviderReader(Func<string, string?> environmentVariable, DialectReader dialects)
{
    private const string OpenAICompatible = "openai-compatible";

    // RFC 9110: a field name is a token; a field value is visible ASCII, here with inner spaces.
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The names of the providers about which everything but the key is known.</summary>
    public static IReadOnlyList<string> KnownNames { get; } = [.. KnownProviders.All.Select(static provider => provider.Name)];

    /// <summary>Reads one provider; <see langword="null"/> if it cannot be called.</summary>
    public ProviderConfiguration? Read(SectionReader section)
    {
        var typeIsUnderstood = TryReadType(section, out var known);
        var baseUrl = section.HttpAddress("BaseUrl");
        if (!section.Has("BaseUrl"))
        {
            if (known is not null)
                baseUrl = ReadAddress(section, known);
            else if (typeIsUnderstood)
                RefuseWithoutAddress(section);
        }

        var keys = ReadKeys(section, known);
        var keyHeader = ReadKeyHeader(section) ?? known?.KeyHeader ?? OpenAICompatibleOptions.DefaultKeyHeader;
        var headers = ReadHeaders(section);
        var traits = ProviderTraits.Read(section, dialects).Within(new ProviderTraits { Rules = known is null ? null : ProviderRules.Of(known) });

        var limit = ResilienceReader.ReadLimit(section);
        var resilience = ResilienceReader.Read(section.Section("Resilience"));

        return baseUrl is null
            ? null
            : new ProviderConfiguration(section.Key, baseUrl)
            {
                ApiKeys = keys,
                KeyHeader = keyHeader,
                Headers = headers,
                Traits = traits,
                Limit = limit,
                Resilience = resilience,
            };
    }

    // What is the customer's own in the address of a cloud: in the configuration under its setting, or in the environment.
    private Uri? ReadAddress(SectionReader section, KnownProvider known)
    {
        var values = new Dictionary<string, string?>();
        var isWhole = true;
        foreach (var part in known.AddressParts)
        {
            var value = section.Text(part.Setting) ?? FirstSet(part.Variables).Value;
            values[part.Name] = value;
            if (KnownProvider.Problem(part, value) is not { } problem)
                continue;

            section.Refuse(part.Setting, problem);
            isWhole = false;
        }

        return isWhole ? known.Address(part => values[part.Name]) : null;
    }

    private (string? Name, string? Value) FirstSet(IReadOnlyList<string> variables)
    {
        foreach (var variable in variables)
        {
            if (environmentVariable(variable)?.Trim() is { Length: > 0 } value)
                return (variable, value);
        }

        return default;
    }

    private static string? ReadKeyHeader(SectionReader section)
    {
        var name = section.Text("KeyHeader");
        if (name is not null && name.AsSpan().ContainsAnyExcept(NameCharacters))
            section.Refuse("KeyHeader", "cannot be the name of an HTTP header. Give one such as Authorization or x-api-key.");
        return name;
    }

    private static bool TryReadType(SectionReader section, out KnownProvider? known)
    {
        var type = section.Text("Type");
        if (KnownProviders.TryGet(type ?? section.Key, out known) || type is null or OpenAICompatible)
            return true;

        section.Refuse("Type", $"'{type}' is not a type of provider.{Suggestion.For(type, [OpenAICompatible, .. KnownNames])}");
        return false;
    }

    private static void RefuseWithoutAddress(SectionReader section) => section.Refuse("BaseUrl", section.Has("Type")
        ? $"is missing. A provider of the type {OpenAICompatible} needs it."
        : $"is missing. '{section.Key}' is not a known provider.{Suggestion.For(section.Key, KnownNames)}");

    private IReadOnlyList<string> ReadKeys(SectionReader section, KnownProvider? known)
    {
        var one = section.Text("ApiKey");
        var several = section.Texts("ApiKeys");
        if (one is not null && several is not null)
            section.Refuse("ApiKeys", "ApiKey is set as well. Only one of the two can be.");

        if (section.Has("ApiKey") || section.Has("ApiKeys") || known is not { KeyVariables: { Count: > 0 } variables })
        {
            IReadOnlyList<string> keys = several ?? (one is null ? [] : [one]);
            if (!keys.All(CanBeSent))
                section.Refuse(several is null ? "ApiKey" : "ApiKeys", "holds a character that cannot be sent in an HTTP header.");
            return keys;
        }

        var (variable, fromEnvironment) = FirstSet(variables);
        if (fromEnvironment is null)
            section.Refuse("ApiKey", $"is missing. Set it, or {KnownProvider.Variables(variables)}.");
        else if (!CanBeSent(fromEnvironment))
            section.Refuse("ApiKey", $"the environment variable {variable} holds a character that cannot be sent in an HTTP header.");

        return [fromEnvironment ?? ""];
    }

    private static FrozenDictionary<string, string> ReadHeaders(SectionReader section)
    {
        var headers = section.NamedTexts("Headers");
        foreach (var (name, value) in headers)
            if (name.AsSpan().ContainsAnyExcept(NameCharacters) || !CanBeSent(value))
                section.Refuse($"Headers:{name}", "cannot be sent as an HTTP header.");

        return headers.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether a text can be sent as the value of an HTTP header.</summary>
    public static bool CanBeSent(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}

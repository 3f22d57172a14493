using MeaiRouter.Dialects;
using MeaiRouter.OpenAI;

namespace MeaiRouter.Configuration;

/// <summary>Reads the dialects that the configuration adds to those of the known providers.</summary>
/// <remarks>Each begins with its <c>Base</c>, a known provider's dialect or another of its own, and says what differs.</remarks>
internal sealed class DialectReader
{
    private readonly Dictionary<string, SectionReader> _sections = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ProviderRules?> _read = new(StringComparer.OrdinalIgnoreCase);

    private DialectReader()
    {
    }

    /// <summary>The names by which a dialect can be referred to.</summary>
    public IReadOnlyList<string> Names => [.. _sections.Keys, .. ProviderReader.KnownNames];

    /// <summary>Reads all dialects of the configuration.</summary>
    public static DialectReader Read(SectionReader root)
    {
        var reader = new DialectReader();
        foreach (var section in root.Sections("Dialects"))
        {
            if (KnownProviders.TryGet(section.Key, out var known))
                section.Refuse($"'{known.Name}' is the dialect of a known provider. Choose another name, with '{known.Name}' as its Base.");
            else
                reader._sections[section.Key] = section;
        }

        foreach (var name in reader._sections.Keys)
            reader.Find(name);
        return reader;
    }

    /// <summary>Finds what a name refers to; <see langword="null"/> if nothing has the name.</summary>
    public ProviderRules? Find(string name)
    {
        if (KnownProviders.TryGet(name, out var known))
            return ProviderRules.Of(known);
        if (_read.TryGetValue(name, out var read) || !_sections.TryGetValue(name, out var section))
            return read;

        // Until it is read it is not there, so that no chain of bases can end in itself.
        _read[name] = null;
        return _read[name] = ReadOne(section);
    }

    private ProviderRules ReadOne(SectionReader section)
    {
        var start = BaseOf(section);
        var members = new DialectMembers(section);
        var dialect = members.Over(start.Dialect) with { Name = section.Key };

        // What differs does so for every model; variations of its own go before those it inherits.
        var inherited = start.Dialect.Models.Select(variation => variation with { Dialect = members.Over(variation.Dialect) with { Name = section.Key } });
        return new ProviderRules(
            section.Key,
            dialect with { Models = [.. ReadVariations(section, dialect), .. inherited] },
            SpellingReader.Over(start.Spelling, section.Section("Spelling")));
    }

    private ProviderRules BaseOf(SectionReader section)
    {
        var common = new ProviderRules(section.Key, Dialect.Default, RequestSpelling.Default);
        if (section.Text("Base") is not { } name)
            return common;
        if (Find(name) is { } found)
            return found;

        section.Refuse("Base", _sections.ContainsKey(name)
            ? $"'{name}' rests on this dialect itself."
            : $"'{name}' is not a dialect.{Suggestion.For(name, Names)}");
        return common;
    }

    private static IEnumerable<ModelDialect> ReadVariations(SectionReader section, Dialect dialect)
    {
        foreach (var variation in section.Sections("Models"))
        {
            var patterns = variation.Texts("Patterns");
            if (patterns is null)
                variation.Refuse("Patterns", "is missing. Give ids of models, with * for any run of characters, such as [\"large-*\"].");

            yield return new ModelDialect(patterns ?? [], new DialectMembers(variation).Over(dialect));
        }
    }
}

using MeaiRouter.Catalog;

namespace MeaiRouter.Configuration;

/// <summary>Reads other names for models.</summary>
internal static class AliasReader
{
    public static IReadOnlyDictionary<string, string> Read(SectionReader root, IReadOnlyCollection<string> modelIds)
    {
        var aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (alias, target) in root.NamedTexts("Aliases"))
        {
            aliases.Add(alias, target);
            if (modelIds.Contains(alias, StringComparer.OrdinalIgnoreCase))
                root.Refuse($"Aliases:{alias}", "is the id of a model already.");
            if (!modelIds.Contains(ModelName.Parse(target).Id, StringComparer.OrdinalIgnoreCase))
                root.Refuse($"Aliases:{alias}", $"'{target}' is not a model.{Suggestion.For(target, modelIds)}");
        }

        return aliases;
    }
}

using MeaiRouter.Catalog;

namespace MeaiRouter.Configuration;

/// <summary>Reads where models and prices come from besides the configuration itself.</summary>
internal static class CatalogSourcesReader
{
    public static CatalogSources Read(SectionReader? section)
    {
        if (section is null)
            return CatalogSources.None;

        var files = new List<CatalogFileSettings>();
        var imports = new List<CatalogContribution>();
        foreach (var entry in section.Sections("Files"))
        {
            // Read here as well as by whoever follows the file, so that a broken one is reported together with everything else.
            if (ReadFile(entry) is { } file && TryImport(entry, file) is { } import)
            {
                files.Add(file);
                imports.Add(import);
            }
        }

        return new CatalogSources
        {
            BuiltIn = section.Choice<CatalogUse>("BuiltIn") is { } use
                ? [BuiltInCatalog.ToContribution() with { OnlyCompletes = use == CatalogUse.Prices }]
                : [],
            Files = files,
            Imports = imports,
        };
    }

    private static CatalogFileSettings? ReadFile(SectionReader section)
    {
        var path = section.RequiredText("Path");
        var parse = ReadFormat(section);
        var defaults = new FileCatalogOptions();
        var options = defaults with
        {
            Interval = section.Duration("Interval") ?? defaults.Interval,
            OnlyCompletes = section.Choice<CatalogUse>("Use") == CatalogUse.Prices,
        };

        return path is null || parse is null ? null : new CatalogFileSettings(path, parse, options);
    }

    private static Func<ReadOnlyMemory<byte>, CatalogImport>? ReadFormat(SectionReader section)
    {
        switch (section.RequiredText("Format"))
        {
            case null:
                return null;
            case "litellm":
                return static json => LiteLlmCatalog.Parse(json);
            case "openrouter":
                return static json => OpenRouterCatalog.Parse(json);
            case var other:
                section.Refuse("Format", $"'{other}' is not a format of catalogues. Known: litellm, openrouter.");
                return null;
        }
    }

    private static CatalogContribution? TryImport(SectionReader section, CatalogFileSettings file)
    {
        try
        {
            return file.Read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CatalogImportException)
        {
            section.Refuse("Path", $"'{file.Path}' cannot be used. {exception.Message}");
            return null;
        }
    }
}

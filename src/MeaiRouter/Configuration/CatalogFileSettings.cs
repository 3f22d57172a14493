using MeaiRouter.Catalog;

namespace MeaiRouter.Configuration;

/// <summary>A file of models and prices that the catalogue follows.</summary>
internal sealed record CatalogFileSettings(string Path, Func<ReadOnlyMemory<byte>, CatalogImport> Parse, FileCatalogOptions Options)
{
    public CatalogContribution Read() => Parse(File.ReadAllBytes(Path)).ToContribution(Path) with { OnlyCompletes = Options.OnlyCompletes };
}

namespace MeaiRouter.Catalog;

/// <summary>Collects what an import has to say and judges the file as a whole in the end.</summary>
internal sealed class ImportLog
{
    private readonly List<CatalogProblem> _problems = [];
    private readonly List<Model> _models = [];
    private readonly HashSet<string> _ids = new(StringComparer.OrdinalIgnoreCase);
    private int _broken;

    public void Add(CatalogProblemKind kind, string path, string message) => _problems.Add(new CatalogProblem(kind, path, message));

    /// <summary>Reads one entry; what it throws on text that is no text costs the entry, not the file.</summary>
    public void Read(EntryReader entry, Func<EntryReader, Model?> read)
    {
        try
        {
            if (read(entry) is { } model && !entry.IsBroken)
                Take(entry, model);
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json: a string with half a surrogate pair has no value.
            entry.Refuse("", "holds text that is not Unicode.");
        }

        if (entry.IsBroken)
            _broken++;
    }

    public CatalogImport Judge(CatalogImportOptions options)
    {
        if (_models.Count < options.MinModels)
            throw new CatalogImportException(
                $"The file holds {_models.Count} usable models, fewer than the {options.MinModels} expected.", _problems);
        if (_broken * 100L > (_broken + _models.Count) * (long)options.MaxBrokenPercent)
            throw new CatalogImportException(
                $"{_broken} of {_broken + _models.Count} entries are wrong, more than {options.MaxBrokenPercent} %.", _problems);
        return new CatalogImport(_models, _problems);
    }

    private void Take(EntryReader entry, Model model)
    {
        if (_ids.Add(model.Id))
            _models.Add(model);
        else
            entry.Skip("", $"is the model '{model.Id}' again. The first entry stands.");
    }
}

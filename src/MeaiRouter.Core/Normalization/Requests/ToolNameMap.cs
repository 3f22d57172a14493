namespace MeaiRouter.Normalization.Requests;

/// <summary>The names of tools that an endpoint would refuse, each with the one it is sent under.</summary>
internal sealed class ToolNameMap(Dictionary<string, string> sent)
{
    private readonly Dictionary<string, string> _originals = sent.ToDictionary(static pair => pair.Value, static pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The caller's name of the tool that an answer calls; the same name where it was not replaced.</summary>
    public string Original(string name) => _originals.GetValueOrDefault(name, name);

    /// <summary>The name a tool is sent under.</summary>
    public string Sent(string name) => sent.GetValueOrDefault(name, name);

    /// <summary>Every replaced name with the one that is sent.</summary>
    public override string ToString() => string.Join(", ", sent.Select(static pair => $"'{pair.Key}' by '{pair.Value}'"));
}

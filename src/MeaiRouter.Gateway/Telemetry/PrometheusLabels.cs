using System.Globalization;
using System.Text;

namespace MeaiRouter.Gateway.Telemetry;

/// <summary>The labels of one sample. Names that only differed in what Prometheus does not take are one, with both values.</summary>
internal sealed class PrometheusLabels
{
    private readonly List<(string Name, string Value)> _labels = [];

    public void Add(string name, object? value)
    {
        var label = PrometheusNames.OfLabel(name);
        var text = value switch
        {
            null => "",
            bool flag => flag ? "true" : "false",
            Array array => string.Join(",", array.Cast<object?>().Select(static item => Convert.ToString(item, CultureInfo.InvariantCulture))),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
        var index = _labels.FindIndex(known => known.Name == label);
        if (index < 0)
            _labels.Add((label, text));
        else
            _labels[index] = (label, $"{_labels[index].Value};{text}");
    }

    /// <summary>In braces, escaped; empty if there are none.</summary>
    public override string ToString() => Write(null);

    /// <summary>The same with the upper bound of a bucket.</summary>
    public string With(string bound) => Write(bound);

    private string Write(string? bound)
    {
        if (_labels.Count == 0 && bound is null)
            return "";

        var text = new StringBuilder("{");
        foreach (var (name, value) in _labels)
        {
            text.Append(text.Length > 1 ? "," : "").Append(name).Append("=\"");
            foreach (var character in value)
                _ = character switch
                {
                    '\\' => text.Append("\\\\"),
                    '"' => text.Append("\\\""),
                    '\n' => text.Append("\\n"),
                    _ => text.Append(character),
                };
            text.Append('"');
        }

        if (bound is not null)
            text.Append(text.Length > 1 ? "," : "").Append("le=\"").Append(bound).Append('"');
        return text.Append('}').ToString();
    }
}

using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Gateway.Tests.Hosting;

/// <summary>A file of configuration that is gone after the test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(string? text)
    {
        if (text is not null)
            File.WriteAllText(Path, text);
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"gateway-{Guid.NewGuid():n}.json");

    /// <summary>Settings as the JSON file that says the same.</summary>
    public static TemporaryFile Of(IReadOnlyDictionary<string, string?> settings) =>
        new(Nested(new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetChildren()).ToJsonString());

    public void Dispose() => File.Delete(Path);

    private static JsonObject Nested(IEnumerable<IConfigurationSection> sections) => new(sections.Select(section => KeyValuePair.Create(
        section.Key, section.Value is { } value ? JsonValue.Create(value) : (JsonNode?)Nested(section.GetChildren()))));
}

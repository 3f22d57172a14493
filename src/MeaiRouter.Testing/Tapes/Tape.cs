using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.Testing;

/// <summary>What a provider answered, as a <see cref="ProviderRecorder"/> heard it: a file to keep beside a test and to play with <see cref="ScriptedProvider.Play"/>.</summary>
/// <remarks>It holds answers, and of requests only path, model and mode. Keys and account ids are taken out; what models said is not.</remarks>
public sealed record Tape
{
    /// <summary>The exchanges, in the order in which they began.</summary>
    public required IReadOnlyList<RecordedExchange> Exchanges { get; init; }

    /// <summary>Reads a tape.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is no tape.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Tape Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), TapeJson.Default.Tape) ?? throw new InvalidDataException($"'{path}' is no tape: it holds null.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' is no tape: {error.Message}", error);
        }
    }

    /// <summary>Writes the tape, in place of what the file held.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        // Whole or not at all.
        var beside = path + ".part";
        File.WriteAllBytes(beside, JsonSerializer.SerializeToUtf8Bytes(this, TapeJson.Default.Tape));
        File.Move(beside, path, overwrite: true);
    }
}

[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Tape))]
internal sealed partial class TapeJson : JsonSerializerContext;

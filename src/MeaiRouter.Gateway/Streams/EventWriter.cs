using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.Gateway.Streams;

/// <summary>Writes server-sent events and sends them together, when whoever writes them says so.</summary>
internal sealed class EventWriter(PipeWriter output) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(output, new JsonWriterOptions
    {
        Encoder = WireJson.Strict.Options.Encoder,
        SkipValidation = true,
    });

    // A segment or two of a pipe: more together spares nothing, and only keeps the caller waiting.
    private const int Most = 8 * 1024;

    private bool _hasMore;

    /// <summary>Whether there is enough to be sent although more could be put together.</summary>
    public bool IsFull => output.UnflushedBytes >= Most;

    /// <summary>Puts an event among those that the next <see cref="FlushAsync"/> sends.</summary>
    public void Append<T>(T data, JsonTypeInfo<T> type)
    {
        Append("data: "u8);
        _json.Reset(output);
        JsonSerializer.Serialize(_json, data, type);
        _json.Flush();
        Append("\n\n"u8);
    }

    /// <summary>The same for an event with a name.</summary>
    public void Append<T>(string name, T data, JsonTypeInfo<T> type)
    {
        Append("event: "u8);
        output.Advance(Encoding.UTF8.GetBytes(name, output.GetSpan(Encoding.UTF8.GetMaxByteCount(name.Length))));
        Append("\n"u8);
        Append(data, type);
    }

    /// <summary>The same for bytes that are whole events already.</summary>
    public void Append(ReadOnlySpan<byte> events)
    {
        _hasMore = true;
        events.CopyTo(output.GetSpan(events.Length));
        output.Advance(events.Length);
    }

    /// <summary>Sends what there is to send.</summary>
    public ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken)
    {
        if (!_hasMore)
            return default;

        _hasMore = false;
        return output.FlushAsync(cancellationToken);
    }

    public void Dispose() => _json.Dispose();
}

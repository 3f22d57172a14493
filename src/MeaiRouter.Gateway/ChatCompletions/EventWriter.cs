using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.Gateway.ChatCompletions;

/// <summary>Writes server-sent events, those of one update with one flush, so that every token leaves at once.</summary>
internal sealed class EventWriter(PipeWriter output) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(output, new JsonWriterOptions
    {
        Encoder = WireJson.Strict.Options.Encoder,
        SkipValidation = true,
    });

    public ValueTask<FlushResult> WriteAsync(ChatCompletion chunk, CancellationToken cancellationToken)
    {
        Append(chunk, WireJson.Strict.ChatCompletion);
        return FlushAsync(cancellationToken);
    }

    /// <summary>Puts an event with a name among those that the next <see cref="FlushAsync"/> sends.</summary>
    public void Append<T>(string name, T data, JsonTypeInfo<T> type)
    {
        Append("event: "u8);
        output.Advance(Encoding.UTF8.GetBytes(name, output.GetSpan(Encoding.UTF8.GetMaxByteCount(name.Length))));
        Append("\n"u8);
        Append(data, type);
    }

    public ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    public ValueTask<FlushResult> EndAsync(CancellationToken cancellationToken)
    {
        Append("data: [DONE]\n\n"u8);
        return output.FlushAsync(cancellationToken);
    }

    public void Dispose() => _json.Dispose();

    private void Append<T>(T data, JsonTypeInfo<T> type)
    {
        Append("data: "u8);
        _json.Reset(output);
        JsonSerializer.Serialize(_json, data, type);
        _json.Flush();
        Append("\n\n"u8);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output.GetSpan(bytes.Length));
        output.Advance(bytes.Length);
    }
}

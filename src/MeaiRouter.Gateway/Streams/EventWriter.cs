using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeaiRouter.Gateway.Answers;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Streams;

/// <summary>Writes server-sent events and sends them together, when whoever writes them says so.</summary>
internal sealed class EventWriter : IDisposable
{
    // A segment or two of a pipe: more together spares nothing, and only keeps the caller waiting.
    private const int Most = 8 * 1024;

    private readonly PipeWriter _output;
    private readonly AnswerBuffer _events = new();
    private readonly Utf8JsonWriter _json;

    public EventWriter(PipeWriter output)
    {
        _output = output;
        _json = new(_events, new JsonWriterOptions { Encoder = WireJson.Strict.Options.Encoder, SkipValidation = true });
    }

    /// <summary>Whether there is enough to be sent although more could be put together.</summary>
    public bool IsFull => _events.Length >= Most;

    /// <summary>Puts an event among those that the next <see cref="FlushAsync"/> sends.</summary>
    public void Append<T>(T data, JsonTypeInfo<T> type)
    {
        Append("data: "u8);
        _json.Reset();
        JsonSerializer.Serialize(_json, data, type);
        _json.Flush();
        Append("\n\n"u8);
    }

    /// <summary>The same for a chunk that is given by its text and what stands around it.</summary>
    public void Append(ChunkFrame frame, string text)
    {
        Append("data: "u8);
        Append(frame.Before);
        _json.Reset();
        _json.WriteStringValue(text);
        _json.Flush();
        Append(frame.After);
        Append("\n\n"u8);
    }

    /// <summary>The same for an event with a name.</summary>
    public void Append<T>(string name, T data, JsonTypeInfo<T> type)
    {
        Append("event: "u8);
        _events.Advance(Encoding.UTF8.GetBytes(name, _events.GetSpan(Encoding.UTF8.GetMaxByteCount(name.Length))));
        Append("\n"u8);
        Append(data, type);
    }

    /// <summary>The same for bytes that are whole events already, or parts of one.</summary>
    public void Append(ReadOnlySpan<byte> events)
    {
        events.CopyTo(_events.GetSpan(events.Length));
        _events.Advance(events.Length);
    }

    /// <summary>Sends what there is to send.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_events.Length == 0)
            return;

        await _output.WriteAsync(_events.Written, cancellationToken);
        _events.Clear();
    }

    /// <summary>Sends what there is in one piece with the end of the answer.</summary>
    public Task FinishAsync(HttpResponse response)
    {
        // Not flushed: the server sends it together with the end. Whoever stands between it and us, such as a middleware that counts bytes, passes it on now.
        _output.Write(_events.Written.Span);
        _events.Clear();
        return response.CompleteAsync();
    }

    public void Dispose()
    {
        _json.Dispose();
        _events.Dispose();
    }
}

using System.IO.Pipelines;
using System.Text.Json;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.Gateway.ChatCompletions;

/// <summary>Writes server-sent events, each with one write and one flush, so that every token leaves at once.</summary>
internal sealed class EventWriter(PipeWriter output) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(output, new JsonWriterOptions
    {
        Encoder = WireJson.Strict.Options.Encoder,
        SkipValidation = true,
    });

    public ValueTask<FlushResult> WriteAsync(ChatCompletion chunk, CancellationToken cancellationToken)
    {
        Append("data: "u8);
        _json.Reset(output);
        JsonSerializer.Serialize(_json, chunk, WireJson.Strict.ChatCompletion);
        _json.Flush();
        Append("\n\n"u8);
        return output.FlushAsync(cancellationToken);
    }

    public ValueTask<FlushResult> EndAsync(CancellationToken cancellationToken)
    {
        Append("data: [DONE]\n\n"u8);
        return output.FlushAsync(cancellationToken);
    }

    public void Dispose() => _json.Dispose();

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output.GetSpan(bytes.Length));
        output.Advance(bytes.Length);
    }
}

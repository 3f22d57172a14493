using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Transport;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Benchmarks;

/// <summary>A stream of 100 chunks in each direction. The baseline parses the same chunks into a <see cref="JsonDocument"/>.</summary>
public class CodecBenchmarks
{
    private const int Chunks = 100;

    private static readonly byte[] Chunk = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"small-v1","choices":[{"index":0,"delta":{"content":" word"},"finish_reason":null}]}""");

    private static readonly byte[] Events =
    [
        .. Enumerable.Range(0, Chunks).SelectMany(_ => (byte[])[.. "data: "u8, .. Chunk, .. "\n\n"u8]),
        .. "data: [DONE]\n\n"u8,
    ];

    private static readonly ChatResponseUpdate Update = new(ChatRole.Assistant, " word") { ResponseId = "r", MessageId = "r", ModelId = "m" };

    private readonly MemoryStream _stream = new(Events);
    private readonly MemoryStream _output = new(64 * 1024);

    /// <summary>The least a reader could do: parse the JSON.</summary>
    [Benchmark(Baseline = true)]
    public int ParseJson()
    {
        var count = 0;
        for (var i = 0; i < Chunks; i++)
        {
            using var document = JsonDocument.Parse(Chunk);
            count += document.RootElement.GetProperty("choices").GetArrayLength();
        }

        return count;
    }

    /// <summary>Chunks to updates.</summary>
    [Benchmark]
    public int Read()
    {
        var reader = new AnswerStreamReader();
        var count = 0;
        for (var i = 0; i < Chunks; i++)
            count += reader.Read(AnswerReader.Parse(Chunk)) is null ? 0 : 1;
        return count;
    }

    /// <summary>Updates to chunks, as JSON.</summary>
    [Benchmark]
    public long Write()
    {
        _output.SetLength(0);
        using var json = new Utf8JsonWriter(_output);
        var writer = new AnswerStreamWriter();
        for (var i = 0; i < Chunks; i++)
        {
            json.Reset();
            JsonSerializer.Serialize(json, writer.Write(Update)!, WireJson.Strict.ChatCompletion);
        }

        return _output.Length;
    }

    /// <summary>Bytes to events.</summary>
    [Benchmark]
    public async Task<int> ReadEvents()
    {
        _stream.Position = 0;
        using var events = new SseReader(_stream);
        var count = 0;
        while (await events.ReadAsync().ConfigureAwait(false))
            count += events.Data.Length;
        return count;
    }
}

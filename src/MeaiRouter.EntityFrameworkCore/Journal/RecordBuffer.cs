using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;
using MeaiRouter.Costs;

namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>One record as bytes, with room in front for its header. Rented, because every request writes one.</summary>
#pragma warning disable CA1001 // The writer holds nothing but the buffer beside it.
internal sealed class RecordBuffer
#pragma warning restore CA1001
{
    private const int MostPooled = 64;
    private const int LargestPooled = 64 << 10;

    private static readonly ConcurrentQueue<RecordBuffer> Pool = new();

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);
    private readonly Utf8JsonWriter _writer;

    private RecordBuffer() => _writer = new Utf8JsonWriter(_bytes, new JsonWriterOptions { SkipValidation = true });

    public Span<byte> Bytes => MemoryMarshal.AsMemory(_bytes.WrittenMemory).Span;

    /// <exception cref="LedgerWriteException">The record is larger than any can be.</exception>
    public static RecordBuffer Of(GenerationRecord record)
    {
        var buffer = Pool.TryDequeue(out var pooled) ? pooled : new RecordBuffer();
        buffer._bytes.ResetWrittenCount();
        buffer._bytes.GetSpan(JournalFormat.RecordHeader)[..JournalFormat.RecordHeader].Clear();
        buffer._bytes.Advance(JournalFormat.RecordHeader);
        buffer._writer.Reset();
        RecordJson.Write(buffer._writer, record);
        buffer._writer.Flush();

        if (buffer._bytes.WrittenCount - JournalFormat.RecordHeader > JournalFormat.MaxPayload)
            throw new LedgerWriteException($"The record '{record.Id}' has more than {JournalFormat.MaxPayload} bytes. Limit the length of names and tags.");
        return buffer;
    }

    public void Return()
    {
        if (_bytes.Capacity <= LargestPooled && Pool.Count < MostPooled)
            Pool.Enqueue(this);
    }
}

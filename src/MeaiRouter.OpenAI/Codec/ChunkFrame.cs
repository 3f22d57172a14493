using System.Buffers;
using System.Text;
using System.Text.Json;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>The bytes of a chunk around its text. Nearly all chunks of a stream have the same, so that only their text need be read or written.</summary>
/// <remarks>
/// A chunk with the same bytes before and after a string in the same place is the same JSON but for that string: what was read from one
/// holds for the other. OpenAI's padding against traffic analysis, which is another string in each chunk and read by nobody, may differ too.
/// </remarks>
public sealed class ChunkFrame
{
    // Strings of nothing else are their own bytes.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x7f - 0x20).Select(static code => (byte)code).Except("\"\\"u8.ToArray())]);

    private readonly byte[] _before;
    private readonly byte[] _after;
    private readonly byte[]? _afterPadding;

    private ChunkFrame(byte[] before, byte[] after, byte[]? afterPadding) => (_before, _after, _afterPadding) = (before, after, afterPadding);

    /// <summary>What stands before the text's opening quote.</summary>
    public ReadOnlySpan<byte> Before => _before.AsSpan(0, _before.Length - 1);

    /// <summary>What stands after the text's closing quote, up to the padding if there is one.</summary>
    public ReadOnlySpan<byte> After => _after.AsSpan(1);

    /// <summary>Cuts the text out of a chunk.</summary>
    /// <param name="chunk">A chunk of a stream, as JSON that can be read.</param>
    /// <returns>The rest; <see langword="null"/> if the chunk has not exactly one choice with exactly one text.</returns>
    public static ChunkFrame? Around(ReadOnlySpan<byte> chunk)
    {
        if (ChunkStrings.Find(chunk) is not { } strings)
            return null;

        var (text, padding) = (strings.Text, strings.Padding);
        var before = chunk[..(text.Start.Value + 1)].ToArray();
        return padding is not { } skipped
            ? new ChunkFrame(before, chunk[(text.End.Value - 1)..].ToArray(), null)
            : new ChunkFrame(before, chunk[(text.End.Value - 1)..(skipped.Start.Value + 1)].ToArray(), chunk[(skipped.End.Value - 1)..].ToArray());
    }

    /// <summary>The text of a chunk that has this frame.</summary>
    /// <param name="chunk">A chunk of the same stream, whether it is JSON or not.</param>
    /// <returns>The text; <see langword="null"/> if the chunk has another frame, or a text that only a closer look could tell.</returns>
    public string? Text(ReadOnlySpan<byte> chunk)
    {
        if (!chunk.StartsWith(_before))
            return null;

        var rest = chunk[_before.Length..];
        var end = End(rest);
        return end >= 0 && IsEnd(rest[end..]) ? Read(chunk.Slice(_before.Length - 1, end + 2)) : null;
    }

    private bool IsEnd(ReadOnlySpan<byte> rest)
    {
        if (_afterPadding is null)
            return rest.SequenceEqual(_after);
        if (!rest.StartsWith(_after))
            return false;

        rest = rest[_after.Length..];
        var end = rest.IndexOfAnyExcept(Plain);
        return end >= 0 && rest[end..].SequenceEqual(_afterPadding);
    }

    /// <summary>Where the closing quote stands; -1 if nowhere.</summary>
    private static int End(ReadOnlySpan<byte> text)
    {
        var position = 0;
        while (position < text.Length)
        {
            var next = text[position..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
                return -1;
            position += next;
            if (text[position] == (byte)'"')
                return position;
            position += 2;
        }

        return -1;
    }

    private static string? Read(ReadOnlySpan<byte> quoted)
    {
        var inside = quoted[1..^1];
        if (!inside.ContainsAnyExcept(Plain))
            return Encoding.ASCII.GetString(inside);

        try
        {
            var reader = new Utf8JsonReader(quoted);
            return reader.Read() && reader.BytesConsumed == quoted.Length ? reader.GetString() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or characters cut in two: whoever reads the whole chunk knows what to do about either.
            return null;
        }
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MeaiRouter.Affinity;

/// <summary>A fast 64-bit digest of text, the same in every process. It resists chance, not malice: a collision only shares a pin.</summary>
internal struct TextDigest(ulong seed)
{
    // The folded multiplication and the constants of wyhash (Wang Yi, public domain).
    private const ulong First = 0xa0761d6478bd642f;
    private const ulong Second = 0xe7037ed1a0b428db;

    private ulong _state = seed;

    public readonly ulong Value => Fold(_state ^ First, Second);

    /// <summary>Adds a text. Its length counts, so that texts do not run into each other.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        const int Block = 2 * sizeof(ulong);

        var bytes = MemoryMarshal.AsBytes(text);
        var state = _state ^ Fold((ulong)bytes.Length ^ First, Second);
        for (; bytes.Length >= Block; bytes = bytes[Block..])
            state = Mix(state, bytes);

        Span<byte> rest = stackalloc byte[Block];
        rest.Clear();
        bytes.CopyTo(rest);
        _state = Mix(state, rest);
    }

    private static ulong Mix(ulong state, ReadOnlySpan<byte> block) => Fold(
        BinaryPrimitives.ReadUInt64LittleEndian(block) ^ First,
        BinaryPrimitives.ReadUInt64LittleEndian(block[sizeof(ulong)..]) ^ state ^ Second);

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}

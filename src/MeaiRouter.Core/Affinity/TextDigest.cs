using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MeaiRouter.Affinity;

/// <summary>A fast 64-bit digest of text, the same in every process. It resists chance, not malice: a collision only shares a pin.</summary>
internal struct TextDigest(ulong seed)
{
    // The folded multiplication and the constants of wyhash (Wang Yi, public domain).
    private const ulong First = 0xa0761d6478bd642f;
    private const ulong Second = 0xe7037ed1a0b428db;

    private const int Block = 2 * sizeof(ulong);
    private const int Lanes = 4;

    private ulong _state = seed;

    public readonly ulong Value => Fold(_state ^ First, Second);

    /// <summary>Adds a text. Its length counts, so that texts do not run into each other.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        var bytes = MemoryMarshal.AsBytes(text);
        var state = _state ^ Fold((ulong)bytes.Length ^ First, Second);
        if (bytes.Length >= Lanes * Block)
            state = MixLanes(state, ref bytes);
        for (; bytes.Length >= Block; bytes = bytes[Block..])
            state = Mix(state, bytes);

        Span<byte> rest = stackalloc byte[Block];
        rest.Clear();
        bytes.CopyTo(rest);
        _state = Mix(state, rest);
    }

    // A long text is read in lanes: multiplications that do not wait for each other take hardly longer than one.
    private static ulong MixLanes(ulong state, ref ReadOnlySpan<byte> bytes)
    {
        var (a, b, c, d) = (state, state ^ First, state ^ Second, ~state);
        for (; bytes.Length >= Lanes * Block; bytes = bytes[(Lanes * Block)..])
        {
            a = Mix(a, bytes);
            b = Mix(b, bytes[Block..]);
            c = Mix(c, bytes[(2 * Block)..]);
            d = Mix(d, bytes[(3 * Block)..]);
        }

        return a ^ b ^ c ^ d;
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

using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pharos.Query.LogQL.Pipeline.Probing;

/// <summary>Where the quotes and backslashes of a text are, a bit a byte: whoever walks over JSON goes from one to the next, whatever lies
/// between them.</summary>
/// <remarks>Not thread-safe. The memory is used again for the next text.</remarks>
internal sealed class QuoteMap
{
    private const int WordBits = 64;

    private ulong[] _words = [];
    private int _count;

    public ReadOnlySpan<ulong> Words => _words.AsSpan(0, _count);

    public void Set(ReadOnlySpan<byte> text)
    {
        _count = (text.Length + WordBits - 1) / WordBits;
        if (_words.Length < _count)
        {
            _words = new ulong[BitOperations.RoundUpToPowerOf2((uint)_count)];
        }
        var vectors = MemoryMarshal.Cast<byte, Vector256<byte>>(text);
        var whole = text.Length / WordBits;
        for (var word = 0; word < whole; word++)
        {
            _words[word] = Marks(vectors[2 * word]) | ((ulong)Marks(vectors[(2 * word) + 1]) << 32);
        }
        if (whole < _count)
        {
            var last = 0UL;
            var rest = text[(whole * WordBits)..];
            for (var i = 0; i < rest.Length; i++)
            {
                last |= rest[i] is (byte)'"' or (byte)'\\' ? 1UL << i : 0;
            }
            _words[whole] = last;
        }
    }

    private static uint Marks(Vector256<byte> bytes) =>
        (Vector256.Equals(bytes, Vector256.Create((byte)'"')) | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))).ExtractMostSignificantBits();
}

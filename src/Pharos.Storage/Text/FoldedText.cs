using System.Runtime.Intrinsics;

namespace Pharos.Storage.Text;

/// <summary>Looks for a text of ASCII in bytes, whatever the case of its letters.</summary>
/// <remarks>Immutable, thread-safe. Two of its bytes are compared at 32 places at once, and the rest where both are right.</remarks>
public sealed class FoldedText
{
    private const byte CaseBit = 0x20;

    /// <summary>The commonest bytes of English and JSON, the commonest first; all others are rarer.</summary>
    private static ReadOnlySpan<byte> Common => "eta\"oinsrhld,:cumfpgwy0123.bv456789k-_/ xjqz"u8;

    private readonly byte[] _text;
    private readonly byte[] _masks;
    private readonly int _first;
    private readonly int _second;

    /// <param name="text">ASCII, not empty.</param>
    public FoldedText(ReadOnlySpan<byte> text)
    {
        _text = new byte[text.Length];
        _masks = new byte[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            _masks[i] = char.IsAsciiLetter((char)text[i]) ? CaseBit : (byte)0;
            _text[i] = (byte)(text[i] | _masks[i]);
        }
        (_first, _second) = Rarest(_text);
    }

    /// <summary>With small letters.</summary>
    public ReadOnlyMemory<byte> Text => _text;

    /// <summary>The first place of the text, or -1.</summary>
    public int IndexIn(ReadOnlySpan<byte> bytes)
    {
        var places = bytes.Length - _text.Length + 1;
        var at = 0;
        for (; at + Vector256<byte>.Count <= places; at += Vector256<byte>.Count)
        {
            for (var found = Candidates(bytes, at); found != 0; found &= found - 1)
            {
                var place = at + System.Numerics.BitOperations.TrailingZeroCount(found);
                if (IsAt(bytes, place))
                {
                    return place;
                }
            }
        }
        for (; at < places; at++)
        {
            if (IsAt(bytes, at))
            {
                return at;
            }
        }
        return -1;
    }

    /// <summary>The last place of the text, or -1.</summary>
    public int LastIndexIn(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.Length - _text.Length + 1;
        for (; end >= Vector256<byte>.Count; end -= Vector256<byte>.Count)
        {
            var at = end - Vector256<byte>.Count;
            for (var found = Candidates(bytes, at); found != 0;)
            {
                var bit = System.Numerics.BitOperations.Log2(found);
                if (IsAt(bytes, at + bit))
                {
                    return at + bit;
                }
                found &= ~(1u << bit);
            }
        }
        for (var at = end - 1; at >= 0; at--)
        {
            if (IsAt(bytes, at))
            {
                return at;
            }
        }
        return -1;
    }

    private static (int First, int Second) Rarest(byte[] text)
    {
        var byRarity = Enumerable.Range(0, text.Length).OrderByDescending(i => Common.IndexOf(text[i]) is var at && at < 0 ? int.MaxValue : at).ToArray();
        return (byRarity[0], byRarity.Length > 1 ? byRarity[1] : byRarity[0]);
    }

    private uint Candidates(ReadOnlySpan<byte> bytes, int at)
    {
        var first = Vector256.Create(bytes.Slice(at + _first, Vector256<byte>.Count)) | Vector256.Create(_masks[_first]);
        var second = Vector256.Create(bytes.Slice(at + _second, Vector256<byte>.Count)) | Vector256.Create(_masks[_second]);
        return (Vector256.Equals(first, Vector256.Create(_text[_first])) & Vector256.Equals(second, Vector256.Create(_text[_second])))
            .ExtractMostSignificantBits();
    }

    private bool IsAt(ReadOnlySpan<byte> bytes, int place)
    {
        var part = bytes.Slice(place, _text.Length);
        for (var i = 0; i < part.Length; i++)
        {
            if ((part[i] | _masks[i]) != _text[i])
            {
                return false;
            }
        }
        return true;
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pharos.Collection.Receivers.Loki.Decoding;

/// <summary>Reads a JSON string in one go: finds its end, checks it and takes out its escapes, 64 bytes at a time.</summary>
/// <remarks>Lines that are JSON themselves have an escape every few bytes when they are pushed. Accepts what a JSON reader accepts, or less: who gets
/// no answer asks such a reader. Not thread-safe; what is returned is good until the next call.</remarks>
internal sealed class JsonString
{
    private const int Step = 64;

    /// <summary>What is read, and written, beyond a step: pieces are copied by whole vectors.</summary>
    private const int Slack = Step;

    /// <summary>Digits behind <c>\u</c>.</summary>
    private const int HexDigits = 4;

    private readonly Utf8Text _text = new();
    private byte[] _room = new byte[4096];

    /// <param name="text">The string's bytes and what follows it.</param>
    /// <param name="start">The first byte behind the opening quote.</param>
    /// <param name="value">Without escapes, valid UTF-8.</param>
    /// <returns>Where what follows the closing quote begins; -1 where that is for a JSON reader to say: the string is none, or ends close to the end of
    /// the text.</returns>
    public int Read(ReadOnlySpan<byte> text, int start, out ReadOnlySpan<byte> value)
    {
        value = default;
        var (from, length) = (start, 0);
        var (hasEscape, hasUnicode) = (false, false);
        var all = Vector256<byte>.Zero;
        ref var first = ref MemoryMarshal.GetReference(text);
        while (from <= text.Length - Step - Slack)
        {
            var low = Vector256.LoadUnsafe(ref first, (nuint)from);
            var high = Vector256.LoadUnsafe(ref first, (nuint)(from + Vector256<byte>.Count));
            all |= low | high;
            if (_room.Length < length + Step + Slack)
            {
                Array.Resize(ref _room, _room.Length * 2);
            }
            var marks = MarksOf(low) | ((ulong)MarksOf(high) << Vector256<byte>.Count);
            var done = 0;
            while (marks != 0)
            {
                var mark = BitOperations.TrailingZeroCount(marks);
                CopyPiece(ref Unsafe.Add(ref first, from + done), ref _room[length]);
                length += mark - done;
                var at = from + mark;
                if (text[at] == '"')
                {
                    var raw = text[start..at];
                    var plain = hasEscape ? _room.AsSpan(0, length) : raw;
                    value = hasUnicode ? _text.Unescaped(raw) : all.ExtractMostSignificantBits() == 0 ? plain : _text.Valid(plain);
                    return at + 1;
                }
                if (text[at] != '\\')
                {
                    return -1;
                }
                hasEscape = true;
                if (MeaningOf(text[at + 1]) is var meaning and not 0)
                {
                    _room[length++] = meaning;
                    done = mark + 2;
                }
                else if (text[at + 1] == 'u' && AreHexDigits(text.Slice(at + 2, HexDigits)))
                {
                    hasUnicode = true;
                    done = mark + 2 + HexDigits;
                }
                else
                {
                    return -1;
                }
                marks = done < Step ? marks & (ulong.MaxValue << done) : 0;
            }
            CopyPiece(ref Unsafe.Add(ref first, from + Math.Min(done, Step)), ref _room[length]);
            length += Math.Max(0, Step - done);
            from += Math.Max(Step, done);
        }
        return -1;
    }

    /// <summary>Of a backslash and this byte; 0 where they make no escape of one byte.</summary>
    private static byte MeaningOf(byte escape) => escape switch
    {
        (byte)'"' or (byte)'\\' or (byte)'/' => escape,
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => 0,
    };

    /// <summary>A bit for each quote, backslash and control character.</summary>
    private static uint MarksOf(Vector256<byte> bytes) =>
        (Vector256.Equals(bytes, Vector256.Create((byte)'"')) | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
            | Vector256.Equals(bytes & Vector256.Create((byte)0xE0), Vector256<byte>.Zero)).ExtractMostSignificantBits();

    private static void CopyPiece(ref byte from, ref byte to)
    {
        Vector256.LoadUnsafe(ref from).StoreUnsafe(ref to);
        Vector256.LoadUnsafe(ref from, (nuint)Vector256<byte>.Count).StoreUnsafe(ref to, (nuint)Vector256<byte>.Count);
    }

    private static bool AreHexDigits(ReadOnlySpan<byte> text)
    {
        foreach (var digit in text)
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }
        }
        return true;
    }
}

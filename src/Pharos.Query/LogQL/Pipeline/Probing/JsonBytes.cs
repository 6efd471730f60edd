using System.Numerics;
using System.Runtime.Intrinsics;

namespace Pharos.Query.LogQL.Pipeline.Probing;

/// <summary>Where values of JSON end.</summary>
/// <remarks>Thirty-two bytes at once; the plain twins, which tests compare them with, do the same byte by byte.</remarks>
internal static class JsonBytes
{
    /// <summary>The place of the quote that ends a text.</summary>
    /// <param name="text">May go on behind the line.</param>
    /// <param name="at">Behind the first quote.</param>
    /// <param name="end">Of the line.</param>
    /// <param name="isEscaped">Whether there are escapes.</param>
    /// <returns>-1 where the line ends before.</returns>
    public static int TextEnd(ReadOnlySpan<byte> text, int at, int end, out bool isEscaped)
    {
        isEscaped = false;
        while (at <= text.Length - Vector256<byte>.Count && at < end)
        {
            var bytes = Vector256.Create(text.Slice(at, Vector256<byte>.Count));
            var escapes = Vector256.Equals(bytes, Vector256.Create((byte)'\\')).ExtractMostSignificantBits();
            var quotes = Vector256.Equals(bytes, Vector256.Create((byte)'"')).ExtractMostSignificantBits();
            if (quotes != 0 && (escapes == 0 || BitOperations.TrailingZeroCount(quotes) < BitOperations.TrailingZeroCount(escapes)))
            {
                at += BitOperations.TrailingZeroCount(quotes);
                return at < end ? at : -1;
            }
            if (escapes == 0)
            {
                at += Vector256<byte>.Count;
                continue;
            }

            // Behind an escape one byte is passed over, whatever it is.
            at += BitOperations.TrailingZeroCount(escapes) + 2;
            isEscaped |= at - 2 < end;
        }
        return PlainTextEnd(text, at, end, ref isEscaped);
    }

    /// <summary>The plain twin of <see cref="TextEnd"/>, and its end near that of the text.</summary>
    public static int PlainTextEnd(ReadOnlySpan<byte> text, int at, int end, ref bool isEscaped)
    {
        while (at < end)
        {
            if (text[at] == '"')
            {
                return at;
            }
            isEscaped |= text[at] == '\\';
            at += text[at] == '\\' ? 2 : 1;
        }
        return -1;
    }

    /// <summary>Where a number of digits, signs and points ends.</summary>
    /// <param name="text">May go on behind the line.</param>
    /// <param name="at">Where it begins.</param>
    /// <param name="end">Of the line.</param>
    /// <returns>The place of the first other byte, or the line's end.</returns>
    public static int DigitsEnd(ReadOnlySpan<byte> text, int at, int end)
    {
        if (at <= text.Length - Vector128<byte>.Count)
        {
            var bytes = Vector128.Create(text.Slice(at, Vector128<byte>.Count)) - Vector128.Create((byte)'-');
            var others = Vector128.GreaterThan(bytes, Vector128.Create((byte)('9' - '-'))).ExtractMostSignificantBits();
            if (others != 0)
            {
                return Math.Min(end, at + BitOperations.TrailingZeroCount(others));
            }
        }
        return PlainDigitsEnd(text, at, end);
    }

    /// <summary>The plain twin of <see cref="DigitsEnd"/>.</summary>
    public static int PlainDigitsEnd(ReadOnlySpan<byte> text, int at, int end)
    {
        while (at < end && text[at] is >= (byte)'-' and <= (byte)'9')
        {
            at++;
        }
        return at;
    }
}

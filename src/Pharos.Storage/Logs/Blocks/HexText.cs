using System.Diagnostics.CodeAnalysis;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>Takes long hexadecimal texts (trace ids, hashes, UUIDs) out of lines as the bytes that they stand for, and puts them back.</summary>
/// <remarks>Such a text has four bits a character, which a packer of bytes finds only in part, and it spoils the statistics of all else: JSON
/// lines with a trace id of 32 characters take 8 % less (docs/decisions/0015-log-store.md). A marker, a byte that is nowhere in the
/// lines, stands in its place. Layout of what is taken out: the markers of 32 digits, 16 digits and a UUID, then the bytes.</remarks>
internal static class HexText
{
    private const int Markers = 3;
    private const int Long = 32;
    private const int Short = 16;
    private const int Uuid = 36;

    /// <summary>Bytes that text seldom has.</summary>
    private static readonly byte[] Candidates =
        [1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 28, 29, 30, 31, 0xf8, 0xf9, 0xfa, 0xfb];

    private static readonly bool[] Digits = MakeDigits();

    /// <param name="rest">Room for as many bytes as there are.</param>
    /// <param name="taken">Gets what is taken out.</param>
    /// <returns>The length of the rest; -1 where nothing was taken.</returns>
    public static int TakeOut(ReadOnlySpan<byte> lines, Span<byte> rest, Encoding.ByteWriter taken)
    {
        Span<byte> markers = stackalloc byte[Markers];
        if (!TryFindMarkers(lines, markers))
        {
            return -1;
        }
        var (copied, length) = (0, 0);

        // A run of sixteen digits or more has one at each sixteenth place.
        for (var at = Short - 1; at < lines.Length; at += Short)
        {
            if (!IsDigit(lines[at]))
            {
                continue;
            }
            var start = at;
            while (start > copied && IsDigit(lines[start - 1]))
            {
                start--;
            }
            var end = at + 1;
            while (end < lines.Length && IsDigit(lines[end]))
            {
                end++;
            }
            if (end - start < Short && !IsUuidAround(lines, copied, ref start, ref end))
            {
                continue;
            }
            if (taken.Length == 0)
            {
                taken.Bytes(markers);
            }
            lines[copied..start].CopyTo(rest[length..]);
            length += start - copied;
            copied = Take(lines, start, end, markers, rest, ref length, taken);
            at = Math.Max(at, ((copied / Short) * Short) - 1);
        }
        if (taken.Length == 0)
        {
            return -1;
        }
        lines[copied..].CopyTo(rest[length..]);
        return length + lines.Length - copied;
    }

    /// <summary>Finds where lines end as if what was taken out had been put back.</summary>
    /// <param name="rest">What was left.</param>
    /// <param name="taken">What was taken out.</param>
    /// <param name="lineBytes">Of the lines as they were, no one of which has a newline inside.</param>
    /// <param name="ends">As many as there are lines.</param>
    /// <returns>Whether it all fits together.</returns>
    public static bool TryFindLineEnds(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> taken, int lineBytes, Span<int> ends)
    {
        if (taken.Length < Markers)
        {
            return false;
        }
        ReadOnlySpan<byte> marks = [(byte)'\n', taken[0], taken[1], taken[2]];
        var (more, takenBytes, row, at) = (0L, 0L, 0, 0);
        while (rest[at..].IndexOfAny(marks) is var found and >= 0)
        {
            at += found;
            var mark = rest[at];
            if (mark == marks[0])
            {
                if (row == ends.Length)
                {
                    return false;
                }
                ends[row++] = (int)(at + more);
            }
            else
            {
                more += (mark == marks[1] ? Long : mark == marks[2] ? Short : Uuid) - 1;
                takenBytes += (mark == marks[2] ? Short : Long) / 2;
            }
            at++;
        }
        return rest.Length + more == lineBytes && takenBytes == taken.Length - Markers && row == ends.Length
            && (row == 0 ? lineBytes == 0 : ends[row - 1] == lineBytes - 1);
    }

    /// <summary>Puts back what was taken out.</summary>
    /// <param name="lines">As long as they were.</param>
    /// <returns>Whether it all fits together.</returns>
    public static bool TryPutBack(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> taken, Span<byte> lines)
    {
        if (taken.Length < Markers)
        {
            return false;
        }
        var (first, second, third) = (taken[0], taken[1], taken[2]);
        taken = taken[Markers..];
        while (true)
        {
            var plain = rest.IndexOfAny(first, second, third);
            var length = plain < 0 ? rest.Length : plain;
            if (length > lines.Length)
            {
                return false;
            }
            rest[..length].CopyTo(lines);
            lines = lines[length..];
            if (plain < 0)
            {
                return lines.IsEmpty && taken.IsEmpty;
            }
            var marker = rest[plain];
            rest = rest[(plain + 1)..];
            var digits = marker == first ? Long : marker == second ? Short : Uuid;
            var bytes = marker == second ? Short / 2 : Long / 2;
            if (lines.Length < digits || taken.Length < bytes)
            {
                return false;
            }
            if (digits == Uuid)
            {
                WriteUuid(taken[..bytes], lines);
            }
            else
            {
                Convert.TryToHexStringLower(taken[..bytes], lines, out _);
            }
            lines = lines[digits..];
            taken = taken[bytes..];
        }
    }

    private static bool IsDigit(byte value) => Digits[value];

    private static bool TryFindMarkers(ReadOnlySpan<byte> lines, Span<byte> markers)
    {
        var found = 0;
        foreach (var candidate in Candidates)
        {
            if (!lines.Contains(candidate))
            {
                markers[found++] = candidate;
                if (found == markers.Length)
                {
                    return true;
                }
            }
        }
        return false;
    }

    /// <summary>Takes a run of digits, or a UUID, as far as it has whole pieces.</summary>
    /// <returns>Up to where.</returns>
    private static int Take(
        ReadOnlySpan<byte> lines, int start, int end, ReadOnlySpan<byte> markers, Span<byte> rest, ref int length, Encoding.ByteWriter taken)
    {
        if (end - start == Uuid && lines[start + 8] == (byte)'-')
        {
            Span<byte> digits = stackalloc byte[Long];
            var at = 0;
            foreach (var digit in lines[start..end])
            {
                if (digit != (byte)'-')
                {
                    digits[at++] = digit;
                }
            }
            rest[length++] = markers[2];
            Bytes(digits, taken);
            return end;
        }
        while (end - start >= Long)
        {
            rest[length++] = markers[0];
            Bytes(lines.Slice(start, Long), taken);
            start += Long;
        }
        if (end - start >= Short)
        {
            rest[length++] = markers[1];
            Bytes(lines.Slice(start, Short), taken);
            start += Short;
        }
        return start;
    }

    private static void Bytes(ReadOnlySpan<byte> digits, Encoding.ByteWriter taken)
    {
        Convert.FromHexString(digits, taken.Reserve(digits.Length / 2), out _, out var bytes);
        taken.Advance(bytes);
    }

    /// <summary>Whether a short run of digits is part of a UUID: 8-4-4-4-12 digits with nothing of the kind beside.</summary>
    private static bool IsUuidAround(ReadOnlySpan<byte> lines, int from, ref int start, ref int end)
    {
        foreach (var before in (ReadOnlySpan<int>)[0, 9, 14, 19, 24])
        {
            var first = start - before;
            if (first >= from && first + Uuid <= lines.Length && IsUuid(lines.Slice(first, Uuid)))
            {
                (start, end) = (first, first + Uuid);
                return true;
            }
        }
        return false;
    }

    [SuppressMessage("Style", "IDE0078", Justification = "A list of places reads better.")]
    private static bool IsUuid(ReadOnlySpan<byte> text)
    {
        if (text[8] != (byte)'-' || text[13] != (byte)'-' || text[18] != (byte)'-' || text[23] != (byte)'-')
        {
            return false;
        }
        for (var i = 0; i < text.Length; i++)
        {
            if (i != 8 && i != 13 && i != 18 && i != 23 && !IsDigit(text[i]))
            {
                return false;
            }
        }
        return true;
    }

    private static void WriteUuid(ReadOnlySpan<byte> bytes, Span<byte> into)
    {
        Convert.TryToHexStringLower(bytes[..4], into, out _);
        into[8] = (byte)'-';
        Convert.TryToHexStringLower(bytes[4..6], into[9..], out _);
        into[13] = (byte)'-';
        Convert.TryToHexStringLower(bytes[6..8], into[14..], out _);
        into[18] = (byte)'-';
        Convert.TryToHexStringLower(bytes[8..10], into[19..], out _);
        into[23] = (byte)'-';
        Convert.TryToHexStringLower(bytes[10..], into[24..], out _);
    }

    private static bool[] MakeDigits()
    {
        var digits = new bool[256];
        foreach (var digit in "0123456789abcdef"u8)
        {
            digits[digit] = true;
        }
        return digits;
    }
}

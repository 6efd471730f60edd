using System.Runtime.Intrinsics;

namespace Pharos.Storage.Encoding;

/// <summary>Decodes the elements of a snappy block: literals, and copies of what was decoded before.
/// (github.com/google/snappy, format_description.txt.)</summary>
/// <remarks>Writes straight into the target; far from the ends it copies 16 bytes at a time, a few too many, which the next element
/// overwrites. Reads and writes nothing outside of the two spans, whatever the bytes are.</remarks>
internal static unsafe class SnappyDecoder
{
    /// <summary>Farther than this from both ends any element but a long literal can be read and copied without a look at them.</summary>
    private const int Slack = 65;

    private const int MaxShortLiteral = 60;

    /// <summary>Of the tag of a copy: its length, from bit 8 on what the tag holds of its offset, from bit 12 on how many bytes of it
    /// follow.</summary>
    private static readonly ushort[] Copies = [.. Enumerable.Range(0, 256).Select(CopyOf)];

    /// <summary>How long the block says it is; negative where it says nothing that can be.</summary>
    /// <param name="at">Where the elements begin.</param>
    public static int ReadLength(ReadOnlySpan<byte> block, out int at)
    {
        var length = 0UL;
        for (at = 0; at < 5 && at < block.Length;)
        {
            var next = block[at];
            length |= (ulong)(next & 0x7f) << (7 * at++);
            if (next < 0x80)
            {
                return length <= int.MaxValue ? (int)length : -1;
            }
        }
        return -1;
    }

    /// <returns>Whether the elements are well formed and fill the target.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> elements, Span<byte> into)
    {
        fixed (byte* start = elements, target = into)
        fixed (ushort* copies = Copies)
        {
            var from = start;
            var to = target;
            var fromEnd = start + elements.Length;
            var toEnd = target + into.Length;
            while (fromEnd - from > Slack && toEnd - to > Slack)
            {
                uint tag = *from++;
                if ((tag & 3) == 0)
                {
                    var count = (tag >> 2) + 1;
                    if (count <= 16)
                    {
                        Copy16(from, to);
                    }
                    else if (count <= MaxShortLiteral)
                    {
                        Copy64(from, to);
                    }
                    else
                    {
                        count = LongLiteral(count, ref from);
                        if (count == 0 || count > fromEnd - from || count > toEnd - to)
                        {
                            return false;
                        }
                        Buffer.MemoryCopy(from, to, count, count);
                    }
                    from += count;
                    to += count;
                    continue;
                }
                uint copy = copies[tag];
                var trailing = copy >> 12;
                var offset = (copy & 0x700) + (*(uint*)from & (uint)((1UL << (int)(trailing * 8)) - 1));
                from += trailing;
                if (offset - 1 >= (ulong)(to - target))
                {
                    return false;
                }
                var length = copy & 0x7f;
                if (offset < 16)
                {
                    CopyNear(to - offset, to, (int)length);
                }
                else if (length <= 16)
                {
                    Copy16(to - offset, to);
                }
                else
                {
                    Copy64(to - offset, to);
                }
                to += length;
            }
            return TryDecodeRest(from, fromEnd, target, to, toEnd);
        }
    }

    /// <summary>What the loop of <see cref="TryDecode"/> does, with a look at the ends before each step.</summary>
    private static bool TryDecodeRest(byte* from, byte* fromEnd, byte* target, byte* to, byte* toEnd)
    {
        while (from < fromEnd)
        {
            uint tag = *from++;
            if ((tag & 3) == 0)
            {
                var count = (tag >> 2) + 1;
                if (count > MaxShortLiteral)
                {
                    if (fromEnd - from < count - MaxShortLiteral)
                    {
                        return false;
                    }
                    count = LongLiteral(count, ref from);
                }
                if (count == 0 || count > fromEnd - from || count > toEnd - to)
                {
                    return false;
                }
                Buffer.MemoryCopy(from, to, count, count);
                from += count;
                to += count;
                continue;
            }
            uint copy = Copies[tag];
            var (length, offset) = (copy & 0x7f, copy & 0x700);
            if (fromEnd - from < copy >> 12)
            {
                return false;
            }
            for (var i = 0; i < copy >> 12; i++)
            {
                offset += (uint)*from++ << (8 * i);
            }
            if (offset - 1 >= (ulong)(to - target) || length > toEnd - to)
            {
                return false;
            }
            CopyNear(to - offset, to, (int)length);
            to += length;
        }
        return to == toEnd;
    }

    /// <summary>The length of a literal that stands in 1 to 4 bytes behind the tag; 0 for one that no span can hold.</summary>
    private static uint LongLiteral(uint count, ref byte* from)
    {
        var length = 0U;
        for (var i = 0; i < count - MaxShortLiteral; i++)
        {
            length |= (uint)*from++ << (8 * i);
        }
        return unchecked(length + 1);
    }

    /// <summary>Byte by byte: what is copied may be what was just written.</summary>
    private static void CopyNear(byte* from, byte* to, int count)
    {
        for (var i = 0; i < count; i++)
        {
            to[i] = from[i];
        }
    }

    private static void Copy16(byte* from, byte* to) => Vector128.Load(from).Store(to);

    /// <summary>In steps: what is copied may begin 16 bytes before.</summary>
    private static void Copy64(byte* from, byte* to)
    {
        Copy16(from, to);
        Copy16(from + 16, to + 16);
        Copy16(from + 32, to + 32);
        Copy16(from + 48, to + 48);
    }

    private static ushort CopyOf(int tag) => (ushort)((tag & 3) switch
    {
        1 => (4 + ((tag >> 2) & 7)) | ((tag >> 5) << 8) | (1 << 12),
        2 => (1 + (tag >> 2)) | (2 << 12),
        3 => (1 + (tag >> 2)) | (4 << 12),
        _ => 0,
    });
}

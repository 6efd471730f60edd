using System.Runtime.InteropServices;

namespace Pharos.Storage.Encoding.Vectors;

/// <summary>Whole numbers in the shorter of two forms: a few different ones by their places in a list, or what is left of all
/// after division by their greatest common divisor as differences to a base, with the few that need more bits listed.</summary>
/// <remarks>Layout: u8 head, then of a list (head 66 to 80, less 64 the size of the list) varint lowest number and per number uvarint
/// difference to the one before, then the packed places; else (the low seven bits of head are the width, 0 to 64; 128 says that
/// extras follow: u8 flags, 1: uvarint divisor and uvarint remainder, 2: uvarint patches) varint base, the packed differences, then per
/// patch uvarint distance to the patch before and uvarint difference. A number is remainder + divisor x (base + difference).
/// All of it wraps at 64 bits.</remarks>
internal static class PackedColumn
{
    public const int MaxListed = 16;
    private const int MinListed = 2;
    private const int ListHead = 64;
    private const int ExtrasFlag = 128;
    private const byte DivisorExtra = 1;
    private const byte PatchesExtra = 2;

    /// <summary>Finds out how the numbers take least. They are divided in place.</summary>
    /// <param name="listed">Room for <see cref="MaxListed"/> numbers, which belongs to the draft.</param>
    public static Draft DraftOf(Span<long> numbers, Span<long> listed)
    {
        var count = Distinct(numbers, listed);
        var (divisor, remainder) = Divide(numbers);
        var plan = PatchedColumn.PlanFor(numbers);
        var listBytes = count < MinListed ? int.MaxValue : ListSizeBytes(listed[..count], numbers.Length);
        return listBytes < plan.SizeBytes
            ? new Draft(listed[..count], divisor, remainder, plan, listBytes)
            : new Draft(default, divisor, remainder, plan, plan.SizeBytes);
    }

    /// <param name="numbers">As <see cref="DraftOf"/> left them.</param>
    /// <param name="scratch">Room for as many numbers.</param>
    public static void Write(in Draft draft, ReadOnlySpan<long> numbers, Span<ulong> scratch, ByteWriter into)
    {
        if (!draft.Listed.IsEmpty)
        {
            WriteList(numbers, draft.Listed, draft.Divisor, draft.Remainder, scratch, into);
            return;
        }
        var plan = draft.Plan;
        var extras = (byte)((draft.Divisor > 1 ? DivisorExtra : 0) | (plan.Patches > 0 ? PatchesExtra : 0));
        into.U8((byte)(plan.Width | (extras == 0 ? 0 : ExtrasFlag)));
        if (extras != 0)
        {
            into.U8(extras);
        }
        if (draft.Divisor > 1)
        {
            into.UVarint(draft.Divisor);
            into.UVarint((ulong)draft.Remainder);
        }
        if (plan.Patches > 0)
        {
            into.UVarint((ulong)plan.Patches);
        }
        into.Varint(plan.Base);
        PatchedColumn.WriteDifferences(numbers, plan, scratch, into);
    }

    /// <summary>Reads the numbers from <paramref name="first"/> on, as many as there is room for, of a column of
    /// <paramref name="count"/>; the reader then stands behind the column.</summary>
    public static void Read(ref ByteReader from, int count, int first, Span<long> into)
    {
        var head = from.U8();
        if (head is > ListHead + 1 and <= ListHead + MaxListed)
        {
            ReadList(ref from, head - ListHead, count, first, into);
            return;
        }
        var width = head & ~ExtrasFlag;
        var extras = (head & ExtrasFlag) == 0 ? 0 : from.U8();
        if (width > BitPacking.MaxWidth || (extras & ~(DivisorExtra | PatchesExtra)) != 0)
        {
            throw from.Corrupt($"numbers of head {head} with extras {extras}");
        }
        var (divisor, remainder) = (extras & DivisorExtra) == 0 ? (1UL, 0UL) : (from.UVarint(), from.UVarint());
        var patches = (extras & PatchesExtra) == 0 ? 0 : from.UVarint();
        var start = from.Varint();
        PatchedColumn.ReadDifferences(ref from, count, width, patches, first, MemoryMarshal.Cast<long, ulong>(into));
        PatchedColumn.AddToEach(into, start);
        if (divisor != 1)
        {
            for (var i = 0; i < into.Length; i++)
            {
                into[i] = unchecked((long)(((ulong)into[i] * divisor) + remainder));
            }
        }
    }

    /// <summary>Lists the different numbers, sorted; none where there are too many for a list.</summary>
    private static int Distinct(ReadOnlySpan<long> numbers, Span<long> into)
    {
        var count = 0;
        foreach (var number in numbers)
        {
            if (into[..count].Contains(number))
            {
                continue;
            }
            if (count == into.Length)
            {
                return 0;
            }
            into[count++] = number;
        }
        into[..count].Sort();
        return count;
    }

    private static int ListSizeBytes(ReadOnlySpan<long> listed, int count)
    {
        var bytes = BitPacking.SizeBytes(count, BitPacking.WidthOf((ulong)listed.Length - 1));
        for (var i = 1; i < listed.Length; i++)
        {
            bytes += (BitPacking.WidthOf(unchecked((ulong)(listed[i] - listed[i - 1]))) + 6) / 7;
        }
        return bytes;
    }

    /// <summary>Divides the distances of all numbers by their greatest common divisor, as far as that changes anything.</summary>
    private static (ulong Divisor, long Remainder) Divide(Span<long> numbers)
    {
        if (numbers.IsEmpty)
        {
            return (1, 0);
        }
        var divisor = 0UL;
        foreach (var number in numbers)
        {
            var distance = Distance(number, numbers[0]);
            if (distance == 0 || (divisor > 0 && distance % divisor == 0))
            {
                continue;
            }
            divisor = GreatestCommon(divisor, distance);
            if (divisor == 1)
            {
                return (1, 0);
            }
        }

        // Nothing but one number, or a divisor that a signed division cannot take.
        if (divisor is 0 or > long.MaxValue)
        {
            return (1, 0);
        }
        var remainder = numbers[0] % (long)divisor;
        remainder += remainder < 0 ? (long)divisor : 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            // Rounded down, and without overflow below: what is subtracted is less than the divisor.
            var quotient = numbers[i] / (long)divisor;
            numbers[i] = numbers[i] - (quotient * (long)divisor) < 0 ? quotient - 1 : quotient;
        }
        return (divisor, remainder);
    }

    private static ulong Distance(long left, long right) =>
        left > right ? unchecked((ulong)(left - right)) : unchecked((ulong)(right - left));

    private static ulong GreatestCommon(ulong left, ulong right)
    {
        while (right != 0)
        {
            (left, right) = (right, left % right);
        }
        return left;
    }

    private static void WriteList(ReadOnlySpan<long> numbers, ReadOnlySpan<long> listed, ulong divisor, long remainder,
        Span<ulong> scratch, ByteWriter into)
    {
        into.U8((byte)(ListHead + listed.Length));
        into.Varint(listed[0]);
        for (var i = 1; i < listed.Length; i++)
        {
            into.UVarint(unchecked((ulong)(listed[i] - listed[i - 1])));
        }
        var places = scratch[..numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            places[i] = (ulong)listed.IndexOf(unchecked((long)((ulong)numbers[i] * divisor) + remainder));
        }
        BitPacking.Pack(places, BitPacking.WidthOf((ulong)listed.Length - 1), into);
    }

    private static void ReadList(ref ByteReader from, int size, int count, int first, Span<long> into)
    {
        Span<long> listed = stackalloc long[MaxListed];
        listed[0] = from.Varint();
        for (var i = 1; i < size; i++)
        {
            listed[i] = unchecked(listed[i - 1] + (long)from.UVarint());
        }
        var width = BitPacking.WidthOf((ulong)size - 1);
        BitPacking.Unpack(from.Take(BitPacking.SizeBytes(count, width)), width, first, MemoryMarshal.Cast<long, ulong>(into));
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = listed[(int)into[i]];
        }
    }

    /// <summary>How numbers are to be written.</summary>
    /// <param name="listed">The different ones; empty where a list takes more.</param>
    /// <param name="sizeBytes">About what they take.</param>
    public readonly ref struct Draft(
        ReadOnlySpan<long> listed, ulong divisor, long remainder, PatchedColumn.Plan plan, int sizeBytes)
    {
        public readonly ReadOnlySpan<long> Listed = listed;
        public readonly ulong Divisor = divisor;
        public readonly long Remainder = remainder;
        public readonly PatchedColumn.Plan Plan = plan;
        public readonly int SizeBytes = sizeBytes;
    }
}

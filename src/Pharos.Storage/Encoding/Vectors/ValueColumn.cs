using System.Buffers;
using System.Runtime.InteropServices;

namespace Pharos.Storage.Encoding.Vectors;

/// <summary>The values of a chunk in the form that takes least; every bit is kept.</summary>
/// <remarks>Layout: u8 form, then what the form says.</remarks>
internal static class ValueColumn
{
    /// <summary>u64 bits of each value.</summary>
    private const byte Constant = 0;

    /// <summary>u8 exponent, the whole numbers as <see cref="PatchedColumn"/>, exceptions. Read only, as the next.</summary>
    private const byte Decimals = 1;

    /// <summary>u8 exponent, varint first whole number, the differences as <see cref="PatchedColumn"/>, exceptions.</summary>
    private const byte DecimalDeltas = 2;

    /// <summary><see cref="SplitColumn"/>.</summary>
    private const byte Split = 3;

    /// <summary>varint, the whole number that all are.</summary>
    private const byte WholeConstant = 4;

    /// <summary>From here to 23: the whole numbers, or their differences, as <see cref="PackedColumn"/>. The number less this is flags that
    /// say what else there is, in the order in which it stands: u8 exponent, varint first whole number, the column, exceptions.</summary>
    private const byte Packed = 16;
    private const byte DeltasFlag = 1;
    private const byte ExponentFlag = 2;
    private const byte ExceptionsFlag = 4;
    private const byte AllFlags = DeltasFlag | ExponentFlag | ExceptionsFlag;

    /// <summary>Numbers whose differences are so many bits shorter than they are not looked at as they are: a divisor, a list or patches
    /// hardly save as much.</summary>
    private const int WidthsApart = 3;

    /// <summary>With more exceptions than one in so many the values are no decimals.</summary>
    private const int MinValuesPerException = 6;

    /// <param name="room">Room for twice as many numbers; <paramref name="scratch"/> for as many.</param>
    public static void Write(ReadOnlySpan<double> values, Span<long> room, Span<ulong> scratch, ByteWriter into)
    {
        if (IsConstant(values))
        {
            WriteConstant(values[0], into);
            return;
        }
        var exponent = DecimalColumn.FindExponent(values);
        if (exponent < 0)
        {
            WriteSplit(values, scratch, into);
            return;
        }
        var wholes = room[..values.Length];
        var exceptions = DecimalColumn.ToWhole(values, exponent, wholes);
        if (exceptions.Count > values.Length / MinValuesPerException)
        {
            WriteSplit(values, scratch, into);
            return;
        }
        WriteDecimals(wholes, exponent, exceptions.Count > 0, room[values.Length..], scratch, into);
        if (exceptions.Count > 0)
        {
            DecimalColumn.WriteExceptions(values, exceptions, into);
        }
    }

    /// <summary>As <see cref="Write"/>, of values that are known to be whole numbers divided by a power of ten; these are overwritten.</summary>
    /// <param name="room">Room for as many numbers, as <paramref name="scratch"/>.</param>
    public static void WriteWholes(Span<long> wholes, int exponent, Span<long> room, Span<ulong> scratch, ByteWriter into)
    {
        if (wholes.ContainsAnyExcept(wholes[0]))
        {
            WriteDecimals(wholes, exponent, hasExceptions: false, room, scratch, into);
            return;
        }
        Span<double> value = stackalloc double[1];
        DecimalColumn.ToValuesPlain(wholes[..1], exponent, value);
        WriteConstant(value[0], into);
    }

    private static void WriteDecimals(
        Span<long> wholes, int exponent, bool hasExceptions, Span<long> room, Span<ulong> scratch, ByteWriter into)
    {
        var first = wholes[0];
        var deltas = room[..(wholes.Length - 1)];
        for (var i = 0; i < deltas.Length; i++)
        {
            deltas[i] = unchecked(wholes[i + 1] - wholes[i]);
        }
        Span<long> listed = stackalloc long[PackedColumn.MaxListed * 2];
        var draft = PackedColumn.DraftOf(deltas, listed[..PackedColumn.MaxListed]);
        var isDeltas = true;
        if (draft.Plan.Patches > 0 || RangeWidth(wholes) < draft.Plan.Width + BitPacking.WidthOf(draft.Divisor) + WidthsApart)
        {
            var ofWholes = PackedColumn.DraftOf(wholes, listed[PackedColumn.MaxListed..]);
            if (ofWholes.SizeBytes <= draft.SizeBytes)
            {
                draft = ofWholes;
                isDeltas = false;
            }
        }
        var flags = (isDeltas ? DeltasFlag : 0) | (exponent > 0 ? ExponentFlag : 0) | (hasExceptions ? ExceptionsFlag : 0);
        into.U8((byte)(Packed | flags));
        if (exponent > 0)
        {
            into.U8((byte)exponent);
        }
        if (isDeltas)
        {
            into.Varint(first);
        }
        PackedColumn.Write(draft, isDeltas ? deltas : wholes, scratch, into);
    }

    private static void WriteSplit(ReadOnlySpan<double> values, Span<ulong> scratch, ByteWriter into)
    {
        into.U8(Split);
        SplitColumn.Write(values, scratch, into);
    }

    private static int RangeWidth(ReadOnlySpan<long> numbers)
    {
        var (min, max) = PatchedColumn.Ends(numbers);
        return BitPacking.WidthOf(unchecked((ulong)(max - min)));
    }

    /// <summary>Fills <paramref name="into"/> with zeros where the form alone says that no value is NaN.</summary>
    public static bool TryReadNoMarkers(ByteReader from, Span<double> into)
    {
        if (into.IsEmpty)
        {
            return true;
        }
        var form = from.U8();
        if (form != WholeConstant && (form is < Packed or > Packed + AllFlags || ((form - Packed) & ExceptionsFlag) != 0))
        {
            return false;
        }
        into.Clear();
        return true;
    }

    /// <summary>Reads the values from <paramref name="first"/> on, as many as there is room for, of a column of
    /// <paramref name="count"/>.</summary>
    public static void Read(ref ByteReader from, int count, int first, Span<double> into)
    {
        if (into.IsEmpty)
        {
            return;
        }
        switch (from.U8())
        {
            case >= Packed and <= Packed + AllFlags and var form:
                ReadPacked(ref from, form - Packed, count, first, into);
                break;
            case WholeConstant:
                into.Fill(from.Varint());
                break;
            case Constant:
                into.Fill(BitConverter.UInt64BitsToDouble(from.U64()));
                break;
            case Decimals:
                var exponent = Exponent(ref from);
                var wholes = MemoryMarshal.Cast<double, long>(into);
                PatchedColumn.Read(ref from, count, first, wholes);
                DecimalColumn.ToValues(wholes, exponent, into);
                DecimalColumn.ReadExceptions(ref from, count, first, into);
                break;
            case DecimalDeltas:
                exponent = Exponent(ref from);
                ReadDeltas(ref from, isPacked: false, count, first, MemoryMarshal.Cast<double, long>(into));
                DecimalColumn.ToValues(MemoryMarshal.Cast<double, long>(into), exponent, into);
                DecimalColumn.ReadExceptions(ref from, count, first, into);
                break;
            case Split:
                SplitColumn.Read(ref from, count, first, into);
                break;
            case var other:
                throw from.Corrupt($"values of form {other}");
        }
    }

    private static void ReadPacked(ref ByteReader from, int flags, int count, int first, Span<double> into)
    {
        var exponent = (flags & ExponentFlag) == 0 ? 0 : Exponent(ref from);
        var wholes = MemoryMarshal.Cast<double, long>(into);
        if ((flags & DeltasFlag) == 0)
        {
            PackedColumn.Read(ref from, count, first, wholes);
        }
        else
        {
            ReadDeltas(ref from, isPacked: true, count, first, wholes);
        }
        DecimalColumn.ToValues(wholes, exponent, into);
        if ((flags & ExceptionsFlag) != 0)
        {
            DecimalColumn.ReadExceptions(ref from, count, first, into);
        }
    }

    private static void ReadDeltas(ref ByteReader from, bool isPacked, int count, int first, Span<long> into)
    {
        var start = from.Varint();
        if (first == 0)
        {
            ReadColumn(ref from, isPacked, count - 1, into[1..]);
            into[0] = start;
            PatchedColumn.Sum(into);
            return;
        }
        // A sum needs all that stands before.
        var rented = ArrayPool<long>.Shared.Rent(first + into.Length);
        var all = rented.AsSpan(0, first + into.Length);
        ReadColumn(ref from, isPacked, count - 1, all[1..]);
        all[0] = start;
        PatchedColumn.Sum(all);
        all[first..].CopyTo(into);
        ArrayPool<long>.Shared.Return(rented);
    }

    private static void ReadColumn(ref ByteReader from, bool isPacked, int count, Span<long> into)
    {
        if (isPacked)
        {
            PackedColumn.Read(ref from, count, 0, into);
        }
        else
        {
            PatchedColumn.Read(ref from, count, 0, into);
        }
    }

    private static void WriteConstant(double value, ByteWriter into)
    {
        if (DecimalColumn.TryWhole(value, 0, out var whole))
        {
            into.U8(WholeConstant);
            into.Varint(whole);
            return;
        }
        into.U8(Constant);
        into.U64(BitConverter.DoubleToUInt64Bits(value));
    }

    private static int Exponent(ref ByteReader from)
    {
        var exponent = from.U8();
        return exponent <= DecimalColumn.MaxExponent ? exponent : throw from.Corrupt($"an exponent of {exponent}");
    }

    private static bool IsConstant(ReadOnlySpan<double> values)
    {
        var bits = MemoryMarshal.Cast<double, ulong>(values);
        return !bits.ContainsAnyExcept(bits[0]);
    }
}

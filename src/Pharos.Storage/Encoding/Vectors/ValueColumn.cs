using System.Buffers;
using System.Runtime.InteropServices;

namespace Pharos.Storage.Encoding.Vectors;

/// <summary>The values of a chunk in the form that takes least; every bit is kept.</summary>
/// <remarks>Layout: u8 form, then what the form says.</remarks>
internal static class ValueColumn
{
    /// <summary>u64 bits of each value.</summary>
    private const byte Constant = 0;

    /// <summary>u8 exponent, the whole numbers as <see cref="PatchedColumn"/>, exceptions.</summary>
    private const byte Decimals = 1;

    /// <summary>u8 exponent, varint first whole number, the differences as <see cref="PatchedColumn"/>, exceptions.</summary>
    private const byte DecimalDeltas = 2;

    /// <summary><see cref="SplitColumn"/>.</summary>
    private const byte Split = 3;

    /// <summary>With more exceptions than one in so many the values are no decimals.</summary>
    private const int MinValuesPerException = 6;

    /// <param name="room">Room for twice as many numbers; <paramref name="scratch"/> for as many.</param>
    public static void Write(ReadOnlySpan<double> values, Span<long> room, Span<ulong> scratch, ByteWriter into)
    {
        if (IsConstant(values))
        {
            into.U8(Constant);
            into.U64(BitConverter.DoubleToUInt64Bits(values[0]));
            return;
        }
        var wholes = room[..values.Length];
        var exponent = DecimalColumn.FindExponent(values);
        var exceptions = DecimalColumn.ToWhole(values, exponent, wholes);
        if (exceptions.Count > values.Length / MinValuesPerException)
        {
            into.U8(Split);
            SplitColumn.Write(values, scratch, into);
            return;
        }
        var deltas = room.Slice(values.Length, values.Length - 1);
        for (var i = 0; i < deltas.Length; i++)
        {
            deltas[i] = unchecked(wholes[i + 1] - wholes[i]);
        }
        if (PatchedColumn.SizeBytes(wholes) <= PatchedColumn.SizeBytes(deltas))
        {
            into.U8(Decimals);
            into.U8((byte)exponent);
            PatchedColumn.Write(wholes, scratch, into);
        }
        else
        {
            into.U8(DecimalDeltas);
            into.U8((byte)exponent);
            into.Varint(wholes[0]);
            PatchedColumn.Write(deltas, scratch, into);
        }
        DecimalColumn.WriteExceptions(values, exceptions, into);
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
                ReadDeltas(ref from, count, first, MemoryMarshal.Cast<double, long>(into));
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

    private static void ReadDeltas(ref ByteReader from, int count, int first, Span<long> into)
    {
        var start = from.Varint();
        if (first == 0)
        {
            PatchedColumn.Read(ref from, count - 1, 0, into[1..]);
            into[0] = start;
            PatchedColumn.Sum(into);
            return;
        }
        // A sum needs all that stands before.
        var rented = ArrayPool<long>.Shared.Rent(first + into.Length);
        var all = rented.AsSpan(0, first + into.Length);
        PatchedColumn.Read(ref from, count - 1, 0, all[1..]);
        all[0] = start;
        PatchedColumn.Sum(all);
        all[first..].CopyTo(into);
        ArrayPool<long>.Shared.Return(rented);
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

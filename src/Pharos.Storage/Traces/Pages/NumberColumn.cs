using Pharos.Storage.Encoding;

namespace Pharos.Storage.Traces.Pages;

/// <summary>Numbers of one meaning: distinct ones and an index where few are distinct, else the bytes above the least one, place by place.</summary>
/// <remarks>Bytes of one place stand together, since the upper ones are alike and the lower ones are not.</remarks>
internal static class NumberColumn
{
    private const byte WithIndex = 0;
    private const byte Planes = 1;

    /// <summary>An index pays where a value stands so often on average.</summary>
    private const int WorthIndex = 4;

    public static void Write(ReadOnlySpan<long> values, ByteWriter into)
    {
        var numbers = new Dictionary<long, int>();
        var most = values.Length / WorthIndex;
        foreach (var value in values)
        {
            if (!numbers.ContainsKey(value))
            {
                numbers.Add(value, numbers.Count);
                if (numbers.Count > most)
                {
                    break;
                }
            }
        }
        if (numbers.Count > most)
        {
            WritePlanes(values, into);
            return;
        }
        into.U8(WithIndex);
        into.UVarint((ulong)numbers.Count);
        foreach (var value in numbers.Keys)
        {
            into.Varint(value);
        }
        foreach (var value in values)
        {
            into.UVarint((ulong)numbers[value]);
        }
    }

    public static void Read(ref ByteReader reader, Span<long> values)
    {
        if (reader.U8() is var form && form != WithIndex)
        {
            ReadPlanes(ref reader, values, form);
            return;
        }
        var distinct = new long[reader.Count()];
        for (var i = 0; i < distinct.Length; i++)
        {
            distinct[i] = reader.Varint();
        }
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = distinct[AttributeCodec.Below(ref reader, distinct.Length)];
        }
    }

    private static void WritePlanes(ReadOnlySpan<long> values, ByteWriter into)
    {
        var (min, max) = (long.MaxValue, long.MinValue);
        foreach (var value in values)
        {
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        }
        var width = 1;
        for (var range = unchecked((ulong)max - (ulong)min) >> 8; range > 0; range >>= 8)
        {
            width++;
        }
        into.U8(Planes);
        into.Varint(min);
        into.U8((byte)width);
        var planes = into.Reserve(width * values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var above = unchecked((ulong)values[i] - (ulong)min);
            for (var plane = 0; plane < width; plane++, above >>= 8)
            {
                planes[(plane * values.Length) + i] = (byte)above;
            }
        }
        into.Advance(width * values.Length);
    }

    private static void ReadPlanes(ref ByteReader reader, Span<long> values, byte form)
    {
        if (form != Planes)
        {
            throw reader.Corrupt($"numbers of form {form}");
        }
        var min = reader.Varint();
        var width = reader.U8();
        if (width is 0 or > sizeof(long) || (long)width * values.Length > reader.Remaining)
        {
            throw reader.Corrupt($"numbers of {width} bytes");
        }
        var planes = reader.Take(width * values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var above = 0UL;
            for (var plane = width - 1; plane >= 0; plane--)
            {
                above = (above << 8) | planes[(plane * values.Length) + i];
            }
            values[i] = unchecked((long)((ulong)min + above));
        }
    }
}

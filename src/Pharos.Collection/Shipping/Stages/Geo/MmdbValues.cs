using System.Buffers.Binary;
using System.Text;

namespace Pharos.Collection.Shipping.Stages.Geo;

/// <summary>Decodes the values of a MaxMind database: maps, lists, texts, numbers as ulong, long or double, and pointers between them.</summary>
/// <param name="start">What pointers count from.</param>
internal sealed class MmdbValues(byte[] bytes, int start)
{
    private const int MaxDepth = 32;

    private int _at;

    /// <exception cref="InvalidDataException">The bytes there are no value.</exception>
    public object? Read(int at)
    {
        _at = at;
        try
        {
            return Next(0);
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException("a value reaches beyond the end of the database", e);
        }
    }

    private object? Next(int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException("values nest too deep");
        }
        var control = bytes[_at++];
        var type = control >> 5;
        if (type == 1)
        {
            return Pointer(control, depth);
        }
        if (type == 0)
        {
            type = 7 + bytes[_at++];
        }
        var size = Size(control & 0x1F);
        switch (type)
        {
            case 2:
                return Encoding.UTF8.GetString(Take(size));
            case 3:
                return BinaryPrimitives.ReadDoubleBigEndian(Take(8));
            case 5 or 6 or 9 or 10:
                return Unsigned(Take(size));
            case 8:
                return (long)(int)Unsigned(Take(size));
            case 7:
                var map = new Dictionary<string, object?>(StringComparer.Ordinal);
                for (var i = 0; i < size; i++)
                {
                    var key = Next(depth + 1) as string ?? throw new InvalidDataException("a key is no text");
                    map[key] = Next(depth + 1);
                }
                return map;
            case 11:
                var list = new List<object?>();
                for (var i = 0; i < size; i++)
                {
                    list.Add(Next(depth + 1));
                }
                return list;
            case 14:
                return size != 0;
            case 15:
                return (double)BinaryPrimitives.ReadSingleBigEndian(Take(4));
            default:
                _ = Take(size);
                return null;
        }
    }

    private object? Pointer(int control, int depth)
    {
        var size = (control >> 3) & 3;
        var value = (uint)(control & 7);
        var more = Take(size + 1);
        var target = size switch
        {
            0 => (value << 8) | more[0],
            1 => ((value << 16) | ((uint)more[0] << 8) | more[1]) + 2048,
            2 => ((value << 24) | ((uint)more[0] << 16) | ((uint)more[1] << 8) | more[2]) + 526336,
            _ => BinaryPrimitives.ReadUInt32BigEndian(more),
        };
        var back = _at;
        _at = checked((int)(start + target));
        var result = Next(depth + 1);
        _at = back;
        return result;
    }

    private int Size(int size) => size switch
    {
        29 => 29 + bytes[_at++],
        30 => 285 + (int)Unsigned(Take(2)),
        31 => 65821 + (int)Unsigned(Take(3)),
        _ => size,
    };

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = bytes.AsSpan(_at, count);
        _at += count;
        return taken;
    }

    private static ulong Unsigned(ReadOnlySpan<byte> number)
    {
        var value = 0UL;
        foreach (var b in number)
        {
            value = (value << 8) | b;
        }
        return value;
    }
}

using System.Buffers.Binary;
using System.Globalization;

namespace Pharos.Storage.Traces;

/// <summary>The 16 bytes that name a trace, read as one big-endian number. Zero is no trace.</summary>
/// <param name="High">Zero where a client makes ids of 64 bits.</param>
public readonly record struct TraceId(ulong High, ulong Low) : IComparable<TraceId>
{
    public const int Size = 16;

    public bool IsZero => (High | Low) == 0;

    public static TraceId FromBytes(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public void WriteTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
    }

    /// <summary>Reads 1 to 32 hexadecimal digits; leading zeros may be left out.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out TraceId id)
    {
        id = default;
        if (hex.Length is 0 or > 32)
        {
            return false;
        }
        var high = 0UL;
        var split = Math.Max(0, hex.Length - 16);
        if (split > 0 && !ulong.TryParse(hex[..split], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out high)
            || !ulong.TryParse(hex[split..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
        {
            return false;
        }
        id = new TraceId(high, low);
        return true;
    }

    public static bool operator <(TraceId left, TraceId right) => left.CompareTo(right) < 0;

    public static bool operator <=(TraceId left, TraceId right) => left.CompareTo(right) <= 0;

    public static bool operator >(TraceId left, TraceId right) => left.CompareTo(right) > 0;

    public static bool operator >=(TraceId left, TraceId right) => left.CompareTo(right) >= 0;

    public int CompareTo(TraceId other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>32 digits, as W3C and OpenTelemetry write it. Jaeger's 16 digits for short ids are its API's matter.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}

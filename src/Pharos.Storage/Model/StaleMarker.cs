using System.Runtime.InteropServices;

namespace Pharos.Storage.Model;

/// <summary>The NaN that says "this series has ended here"; told from an ordinary NaN by its bits.</summary>
/// <remarks>Prometheus, model/value: stale 0x7ff0000000000002, normal NaN 0x7ff8000000000001. Arithmetic may quiet the
/// bits, so a marker is stored and compared, never computed with.</remarks>
public static class StaleMarker
{
    private const ulong StaleBits = 0x7ff0000000000002;
    private const ulong NormalNaNBits = 0x7ff8000000000001;

    public static readonly double Value = BitConverter.UInt64BitsToDouble(StaleBits);

    public static readonly double NormalNaN = BitConverter.UInt64BitsToDouble(NormalNaNBits);

    public static bool Is(double value) => BitConverter.DoubleToUInt64Bits(value) == StaleBits;

    public static bool ContainsStaleMarker(this ReadOnlySpan<double> values) =>
        MemoryMarshal.Cast<double, ulong>(values).Contains(StaleBits);
}

namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>The sizes by which small numbers are short: n one bits and a zero choose the n-th (Prometheus: chunkenc/varbit.go).</summary>
internal static class BitClasses
{
    public static ReadOnlySpan<byte> Sizes => [0, 3, 6, 9, 12, 18, 25, 56, 64];

    /// <summary>Whether a number lies in [-(2^(size-1))+1, 2^(size-1)]: the range is one up from two's complement.</summary>
    public static bool Holds(long value, int size) =>
        value >= 1 - (1L << (size - 1)) && value <= 1L << (size - 1);

    public static long Signed(ulong bits, int size) =>
        bits > 1UL << (size - 1) ? (long)bits - (1L << size) : (long)bits;
}

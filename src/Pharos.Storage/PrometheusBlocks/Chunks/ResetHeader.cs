using Pharos.Storage.Histograms;

namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>The two bits by which a chunk of histograms says what its first one is to the chunk before.</summary>
internal static class ResetHeader
{
    public const byte Mask = 0b1100_0000;
    public const byte Unknown = 0;
    public const byte NotReset = 0b0100_0000;
    public const byte Reset = 0b1000_0000;
    public const byte Gauge = 0b1100_0000;

    /// <summary>The hint of the sample at a place in the chunk. A chunk that says "no reset" is not believed for its first
    /// sample, because the chunk before may be gone (Prometheus does the same).</summary>
    public static CounterResetHint Hint(byte header, int index) => header switch
    {
        Gauge => CounterResetHint.Gauge,
        _ when index > 0 => CounterResetHint.NotCounterReset,
        Reset => CounterResetHint.CounterReset,
        _ => CounterResetHint.Unknown,
    };
}

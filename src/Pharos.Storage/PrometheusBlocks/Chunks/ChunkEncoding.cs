namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>How a chunk of Prometheus packs its samples; the numbers are those on its disk and in its remote read protocol.</summary>
public enum ChunkEncoding : byte
{
    None = 0,

    /// <summary>Numbers.</summary>
    Xor = 1,

    /// <summary>Histograms with integer counts.</summary>
    Histogram = 2,

    /// <summary>Histograms with any counts.</summary>
    FloatHistogram = 3,

    /// <summary>Numbers with start times.</summary>
    Xor2 = 4,

    /// <summary>Histograms with integer counts and start times.</summary>
    HistogramWithStart = 5,

    /// <summary>Histograms with any counts and start times.</summary>
    FloatHistogramWithStart = 6,
}

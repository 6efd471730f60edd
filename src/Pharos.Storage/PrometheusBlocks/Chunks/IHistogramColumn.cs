namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>One number of the histograms of a chunk, from sample to sample.</summary>
internal interface IHistogramColumn
{
    /// <summary>Of the sample that was read last.</summary>
    double Value { get; }

    void Read(ref BitReader reader, bool isFirst);

    void Write(BitWriter writer, double value, bool isFirst);
}

namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>Which encodings a writer of chunks may choose.</summary>
public enum ChunkFormat
{
    /// <summary>What every Prometheus since 2.42 reads; start times are left out.</summary>
    Classic,

    /// <summary>What Prometheus reads since its storage knows start times.</summary>
    WithStartTimes,
}

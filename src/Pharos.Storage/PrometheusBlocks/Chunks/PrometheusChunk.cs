namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>Samples of one series, packed as Prometheus packs them.</summary>
/// <param name="MinTimeMs">Of the first sample.</param>
/// <param name="MaxTimeMs">Of the last sample, inclusive.</param>
/// <param name="Bytes">Without encoding, length and checksum.</param>
public readonly record struct PrometheusChunk(
    ChunkEncoding Encoding, long MinTimeMs, long MaxTimeMs, int Count, ReadOnlyMemory<byte> Bytes);

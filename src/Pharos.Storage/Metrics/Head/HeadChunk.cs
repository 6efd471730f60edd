namespace Pharos.Storage.Metrics.Head;

/// <summary>A full chunk of one series: XOR-packed samples, never changed again. Both times are inclusive.</summary>
internal sealed record HeadChunk(byte[] Bytes, int Count, long MinTimeMs, long MaxTimeMs);

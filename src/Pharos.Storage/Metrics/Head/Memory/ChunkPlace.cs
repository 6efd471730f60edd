using Pharos.Storage.Encoding;

namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>A full chunk of one series as the head knows it: where its bytes are, and what it says without them.</summary>
/// <remarks>Lives in cells of a <see cref="ByteSlab"/>, so it holds no references. Both times are inclusive.</remarks>
internal readonly struct ChunkPlace(ChunkKind kind, int count, long minTimeMs, long maxTimeMs, uint segment, int offset, int sizeBytes)
{
    public readonly long MinTimeMs = minTimeMs;
    public readonly long MaxTimeMs = maxTimeMs;
    public readonly uint Segment = segment;
    public readonly int Offset = offset;
    public readonly int SizeBytes = sizeBytes;
    private readonly int _countAndKind = (count << 2) | (int)kind;

    public int Count => _countAndKind >> 2;

    public ChunkKind Kind => (ChunkKind)(_countAndKind & 3);
}

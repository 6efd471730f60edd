namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>What a worker has looked at.</summary>
internal sealed class ScanCounts
{
    public long Lines { get; set; }

    public long Bytes { get; set; }

    public long KeptLines { get; set; }

    public long MetadataBytes { get; set; }

    public int Blocks { get; set; }

    public int SkippedBlocks { get; set; }

    public void Add(ScanCounts other)
    {
        Lines += other.Lines;
        Bytes += other.Bytes;
        KeptLines += other.KeptLines;
        MetadataBytes += other.MetadataBytes;
        Blocks += other.Blocks;
        SkippedBlocks += other.SkippedBlocks;
    }
}

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>Hears of damage that a read came upon. Thread-safe; called by whoever reads.</summary>
internal interface IBlockDamage
{
    /// <summary>A chunk's checksum is wrong: its samples are left out, the rest of the block serves.</summary>
    void ChunkDamaged(MetricBlock block, long offset);

    /// <summary>The file could not be read.</summary>
    void Unreadable(MetricBlock block, IOException exception);
}

namespace Pharos.Storage.Traces.Blocks;

/// <summary>Hears of damage that a read came upon. Thread-safe; called by whoever reads.</summary>
internal interface IBlockDamage
{
    /// <summary>Something of a block cannot be read: what is there is left out, the rest of the block serves.</summary>
    /// <param name="page">-1 where it is what its pages share.</param>
    void Damaged(TraceBlock block, int page, IOException exception);
}

namespace Pharos.Storage.Logs.Blocks;

/// <summary>Hears of damage that a read came upon. Thread-safe; called by whoever reads.</summary>
internal interface IPartDamage
{
    /// <summary>A block cannot be read: it is left out from now on, the rest of the part serves.</summary>
    void BlockDamaged(LogPart part, int block, IOException exception);

    /// <summary>The index of a part cannot be read: none of it is found.</summary>
    void PartDamaged(LogPart part, IOException exception);
}

namespace Pharos.Storage.Metrics.Head.Spill;

/// <summary>How much work a checkpoint makes of the chunks that it writes itself.</summary>
internal enum CheckpointForm
{
    /// <summary>Open chunks as they are: while samples come in.</summary>
    Quick,

    /// <summary>Open chunks by columns: when nothing comes in.</summary>
    Packed,

    /// <summary>All chunks of a window in one: when the store closes.</summary>
    Merged,
}

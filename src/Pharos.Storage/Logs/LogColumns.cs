namespace Pharos.Storage.Logs;

/// <summary>What of a block is decoded.</summary>
[Flags]
public enum LogColumns
{
    None = 0,

    Times = 1,

    Lines = 2,

    /// <summary>Structured metadata.</summary>
    Metadata = 4,

    /// <summary>Only where lines end, which tells how long they are.</summary>
    LineEnds = 8,

    All = Times | Lines | Metadata,
}

using Pharos.Storage.Sealed;

namespace Pharos.Storage.Traces.Blocks;

/// <summary>Constants of a block's file; docs/formats/trace-block.md has the byte diagram.</summary>
internal static class TraceBlockFormat
{
    /// <summary>More than any writer puts into one frame.</summary>
    public const int MaxFrameBytes = 1 << 30;

    /// <summary>A longer trace is several pieces, all but the last of so many spans: so a page is never much larger.</summary>
    public const int MaxPieceRows = 8192;

    /// <summary>Its magic number says "PHTB".</summary>
    public static SealedFileKind Kind { get; } = new() { Name = "block", Suffix = ".traces", Magic = 0x42544850, Version = 1 };
}

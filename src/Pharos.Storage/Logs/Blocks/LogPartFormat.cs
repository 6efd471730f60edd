using Pharos.Storage.Sealed;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>Constants of a part's file; docs/formats/log-part.md has the byte diagram.</summary>
internal static class LogPartFormat
{
    /// <summary>More lines in one block than any writer puts there.</summary>
    public const int MaxFrameBytes = 1 << 30;

    /// <summary>Its magic number says "PHLP".</summary>
    public static SealedFileKind Kind { get; } = new() { Name = "part", Suffix = ".logs", Magic = 0x504C4850, Version = 1 };
}

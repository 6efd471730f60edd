using Pharos.Storage.Sealed;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>Constants of a block's file; docs/formats/metric-block.md has the byte diagram.</summary>
internal static class MetricBlockFormat
{
    /// <summary>The third version, still read: as the fourth, but without the newer forms of packed columns.</summary>
    public const uint VersionWithoutPacked = 3;

    /// <summary>The second version, still read: no chunk is packed by columns.</summary>
    public const uint VersionWithoutVectors = 2;

    /// <summary>The first version, still read: its chunk lists do not name kinds, all chunks are XOR.</summary>
    public const uint VersionWithoutKinds = 1;

    /// <summary>Before each chunk: its checksum.</summary>
    public const int ChunkHeaderBytes = 4;

    private const uint Version = 4;

    /// <summary>Its magic number says "PHMB".</summary>
    public static SealedFileKind Kind { get; } = new() { Name = "block", Suffix = ".block", Magic = 0x424D4850, Version = Version };

    public static bool IsRead(uint version) => version is Version or VersionWithoutPacked or VersionWithoutVectors or VersionWithoutKinds;
}

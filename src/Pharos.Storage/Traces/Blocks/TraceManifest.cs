using Pharos.Storage.Encoding;
using Pharos.Storage.Files;

namespace Pharos.Storage.Traces.Blocks;

/// <summary>What belongs to a store: its blocks, and where its log begins. Replaced as a whole, so each change is there or not.</summary>
/// <param name="FirstSegment">The first log segment with spans that are in no block.</param>
/// <param name="LastBlock">The highest number that a block ever had.</param>
internal sealed record TraceManifest(long FirstSegment, long LastBlock, IReadOnlyList<long> Blocks)
{
    public const string FileName = "manifest";

    /// <summary>"PHTM".</summary>
    private const uint Magic = 0x4D544850;
    private const uint Version = 1;

    /// <summary>A failure leaves the old one. It outlives a power cut once the folder is synced.</summary>
    public void Write(IFileSystem files, string directory) => FileIn(directory).Write(files, Write);

    /// <param name="damage">What is wrong with a copy where the other serves, or with both.</param>
    /// <returns>Null where there is none, or none can be read.</returns>
    public static TraceManifest? Read(IFileSystem files, string directory, out string? damage) =>
        FileIn(directory).Read<TraceManifest>(files, Parse, out damage);

    private static TwinFile FileIn(string directory) => new(Path.Combine(directory, FileName), Magic, Version);

    private void Write(ByteWriter into)
    {
        into.UVarint((ulong)FirstSegment);
        into.UVarint((ulong)LastBlock);
        into.UVarint((ulong)Blocks.Count);
        foreach (var block in Blocks)
        {
            into.UVarint((ulong)block);
        }
    }

    private static TraceManifest Parse(ref ByteReader reader)
    {
        var (firstSegment, lastBlock) = ((long)reader.UVarint(), (long)reader.UVarint());
        var blocks = new long[reader.Count()];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = (long)reader.UVarint();
        }
        return new TraceManifest(firstSegment, lastBlock, blocks);
    }
}

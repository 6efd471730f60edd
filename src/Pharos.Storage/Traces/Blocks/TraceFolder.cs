using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;
using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Sealed;

namespace Pharos.Storage.Traces.Blocks;

/// <summary>The folder of blocks: writes and opens them, and hears of damage.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class TraceFolder(
    IFileSystem files, string directory, FrameCodec codec, TraceStoreInstruments instruments, ILogger logger) : IBlockDamage
{
    public SealedFolder<TraceBlock> Blocks { get; } = new(TraceBlockFormat.Kind, files, directory, logger)
    {
        Store = "Trace store",
        Pieces = "pages",
        Contents = "spans",
        OpenFile = path => TraceBlock.Open(files, path, codec),
        QuarantineCounter = instruments.Quarantined,
    };

    public TraceBlockWriter Create(long number) => new(files, Blocks.PathOf(number));

    public void Damaged(TraceBlock block, int page, IOException exception)
    {
        if (!block.NoteDamage(page))
        {
            return;
        }
        Blocks.CountDamage();
        logger.LogError(exception, "Trace store: {What} of {Path} cannot be read ({Spans} spans of {Traces} traces); it is left out, the rest serves",
            page < 0 ? "the index" : $"page {page}", block.FilePath, page < 0 ? block.Meta.Spans : block.Pages[page].Rows,
            page < 0 ? block.Meta.Traces : block.Pages[page].Traces);
    }
}

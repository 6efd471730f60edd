using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;
using Pharos.Storage.Sealed;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>The folder of parts: writes and opens them, and hears of damage.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LogFolder(
    IFileSystem files, string directory, FrameCodec codec, StreamTable streams, LogStoreInstruments instruments, ILogger logger) : IPartDamage
{
    public SealedFolder<LogPart> Parts { get; } = new(LogPartFormat.Kind, files, directory, logger)
    {
        Store = "Log store",
        Pieces = "blocks",
        Contents = "entries",
        OpenFile = path => LogPart.Open(files, path, codec, streams),
        QuarantineCounter = instruments.Quarantined,
    };

    public LogPartWriter Create(long number) => new(files, Parts.PathOf(number));

    public void BlockDamaged(LogPart part, int block, IOException exception)
    {
        if (!part.NoteDamage(block))
        {
            return;
        }
        Parts.CountDamage();
        logger.LogError(exception, "Log store: block {Block} of {Path} cannot be read ({Entries} entries of {Streams} streams); it is left out, "
            + "the rest serves", block, part.FilePath, part.Blocks[block].Rows, part.Blocks[block].LastStream - part.Blocks[block].FirstStream + 1);
    }

    public void PartDamaged(LogPart part, IOException exception)
    {
        if (part.NoteDamage(-1))
        {
            Parts.CountDamage();
            logger.LogError(exception, "Log store: the index of {Path} cannot be read; entries of it are not found, all others are", part.FilePath);
        }
    }
}

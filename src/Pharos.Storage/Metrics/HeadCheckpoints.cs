using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Metrics.Head.Spill;
using Pharos.Storage.Metrics.Log;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Metrics;

/// <summary>Says when the head's next checkpoint is due, writes it, and removes what it stands for.</summary>
/// <remarks>Written by whoever runs maintenance, one at a time; <see cref="Due"/> is asked by one loop, every second.</remarks>
internal sealed class HeadCheckpoints(HeadBlock head, ReadPoints points, WalWriter wal, HeadCheckpoint file, ChunkFiles chunkFiles,
    MetricLogReaders readers, BlockNotes notes, MetadataTable metadata, CheckpointForm? loadedForm, MetricStoreInstruments instruments)
{
    /// <summary>Nothing has come in for so long: a checkpoint costs nobody anything.</summary>
    private const int QuietSeconds = 2;

    /// <summary>Less log than this is not worth a checkpoint while nothing comes in.</summary>
    private const long MinQuietBytes = 1024 * 1024;

    /// <summary>Whoever follows the log from before the start has opened it by then.</summary>
    private const int SettlingSeconds = 5;

    private CheckpointForm? _lastForm = loadedForm;
    private long _lastBytes;
    private int _seconds;
    private int _quietSeconds;
    private long _logBytesBefore;

    /// <summary>The chunk files of the newest checkpoint's own, and of those that failed at the very end.</summary>
    private List<uint> _ownFiles = [];

    /// <summary>Whether the newest checkpoint has everything in the fewest bytes, or there is nothing to have.</summary>
    public bool IsTidy => wal.BytesSinceRotation == 0 && notes.AreCurrent && _lastForm is null or CheckpointForm.Merged;

    /// <summary>Whether the log has grown by as much as a restart should replay at most, and by as much as a checkpoint takes.</summary>
    public bool IsLogLong(long maxBytes) => wal.BytesSinceRotation > Math.Max(maxBytes, _lastBytes);

    /// <summary>Which checkpoint is due; called every second.</summary>
    public CheckpointForm? Due(long maxBytes)
    {
        var logBytes = wal.BytesSinceRotation;
        _quietSeconds = logBytes == _logBytesBefore ? _quietSeconds + 1 : 0;
        _logBytesBefore = logBytes;
        if (++_seconds < SettlingSeconds)
        {
            return null;
        }
        // Between the scrapes of a few large targets it is quiet, too: the log must have grown by what the checkpoint takes.
        if (_quietSeconds >= QuietSeconds && (logBytes >= Math.Max(MinQuietBytes, _lastBytes) || _lastForm == CheckpointForm.Quick))
        {
            return CheckpointForm.Packed;
        }
        return IsLogLong(maxBytes) ? CheckpointForm.Quick : null;
    }

    /// <exception cref="IOException">The disk refuses; the checkpoint before and the log since then are still there.</exception>
    public void Write(CheckpointForm form)
    {
        // Most of what is to be synced is synced before anybody has to wait for it.
        wal.Sync();
        ReadPoint point;
        long segmentNumber;
        List<uint> gone;
        lock (head.CommitLock)
        {
            segmentNumber = wal.Rotate();
            point = points.Open();
            gone = head.Chunks.TakeGone();
            head.Chunks.CloseCurrent();
        }
        var blocks = notes.All();
        notes.Forget();
        var chunks = new CheckpointChunks(head.Chunks, chunkFiles, isApart: false);
        try
        {
            head.Chunks.Spill();
            _lastBytes = file.Write(segmentNumber, head, metadata.Snapshot, point, blocks, chunks, form);
            notes.Written(blocks);
        }
        catch
        {
            if (!chunks.AreNamed)
            {
                chunks.Discard();
            }
            _ownFiles.AddRange(chunks.Numbers);
            head.Chunks.GiveBackGone(gone);
            throw;
        }
        finally
        {
            points.Close(point);
        }
        instruments.Checkpoints.Add(1);
        _lastForm = form;
        gone.ForEach(chunkFiles.Remove);
        _ownFiles.ForEach(chunkFiles.Remove);
        _ownFiles = [.. chunks.Numbers];
        if (form == CheckpointForm.Merged)
        {
            // The head itself still reads the others, and goes.
            chunkFiles.Numbers().Except(chunks.Numbers).ToList().ForEach(chunkFiles.Remove);
        }
        file.RemoveBefore(readers.KeepFrom(segmentNumber, isClosing: form == CheckpointForm.Merged));
    }
}

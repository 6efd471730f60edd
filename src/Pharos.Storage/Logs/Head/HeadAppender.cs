using Pharos.Storage.Encoding;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Logs.Head;

/// <summary>Puts batches into a head and makes their records for the log.</summary>
/// <remarks>Used under the store's commit lock.</remarks>
internal sealed class HeadAppender
{
    /// <summary>A larger buffer is not kept for the next batch.</summary>
    private const int MaxKeptBytes = 16 * 1024 * 1024;

    private readonly ByteWriter _metadata = new();
    private readonly List<int> _leftOut = [];
    private ByteWriter _record = new(64 * 1024);

    /// <summary>Entries of the batch that was added last which their streams have already.</summary>
    public int LeftOut => _leftOut.Count;

    /// <summary>Time of the newest entry that was added; the lowest number where there is none.</summary>
    public long NewestNs { get; private set; } = long.MinValue;

    public void Add(LogHead head, LogBatch batch)
    {
        _leftOut.Clear();
        NewestNs = long.MinValue;
        for (var i = 0; i < batch.Count; i++)
        {
            _metadata.Clear();
            for (var pair = 0; pair < batch.MetadataCountOf(i); pair++)
            {
                head.Metadata.Pack(batch.MetadataNameOf(i, pair), batch.MetadataValueOf(i, pair), _metadata);
            }
            var stream = head.Of(batch.StreamOf(i));
            var timeNs = batch.TimeNsOf(i);
            if (!batch.KeepsRepeated && stream.Has(timeNs, batch.LineOf(i), _metadata.Written))
            {
                _leftOut.Add(i);
                continue;
            }
            head.Add(stream, timeNs, batch.LineOf(i), _metadata.Written);
            NewestNs = Math.Max(NewestNs, timeNs);
        }
        if (_record.Length > MaxKeptBytes)
        {
            _record = new ByteWriter(64 * 1024);
        }
        _record.Clear();
        if (_leftOut.Count < batch.Count || batch.Marks.Count > 0)
        {
            LogRecord.Write(head, batch, _leftOut, _record);
        }
    }

    /// <summary>The record of the batch that was added last goes into a group.</summary>
    /// <exception cref="IOException">It is too long for the log.</exception>
    public void AddRecordTo(WalGroup group)
    {
        if (_record.Length > 0)
        {
            group.Add(_record.Written);
        }
    }
}

using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Metrics.Log;

/// <summary>Follows the log's segments from a position on.</summary>
/// <remarks>Reads only what was added since the last read. The log names series by number: the head knows those that are
/// active; those that have left it are looked up in the checkpoint and the segments before the position, once a segment.</remarks>
internal sealed class MetricLogReader : IMetricLogReader
{
    private readonly MetricLogReaders _readers;
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly WalWriter _wal;
    private readonly HeadBlock _head;

    /// <summary>Series that the segments read so far declare; emptied whenever the end of the log is reached.</summary>
    private readonly Dictionary<ulong, LabelSet> _declared = [];
    private WalRecordReader? _reader;
    private long _segment;
    private long _offset;
    private long _searchedSegment = -1;

    public MetricLogReader(MetricLogReaders readers, IFileSystem files, string directory, WalWriter wal, HeadBlock head,
        MetricLogPosition from)
    {
        _readers = readers;
        _files = files;
        _directory = directory;
        _wal = wal;
        _head = head;
        _segment = from.Segment;
        _offset = from.OffsetBytes;
    }

    public MetricLogPosition Position => new(_segment, _offset);

    public long LostSegments { get; private set; }

    /// <summary>The segment that is needed next; asked by whoever removes segments.</summary>
    public long Segment => Volatile.Read(ref _segment);

    public bool TryRead(MetricLogBatch into)
    {
        into.Clear();
        while (OpenSegment())
        {
            var isEnded = SetLimit();
            while (_reader!.Next(out var payload))
            {
                _offset = _reader.Offset;
                if (TryParse(payload, into))
                {
                    return true;
                }
            }
            if (!isEnded)
            {
                break;
            }
            GoTo(_segment + 1);
        }
        _declared.Clear();
        return false;
    }

    public void Dispose()
    {
        _readers.Close(this);
        _reader?.Dispose();
        _reader = null;
    }

    /// <summary>Opens the segment at hand, or the next one that is there; false at the end of the log.</summary>
    private bool OpenSegment()
    {
        if (_reader is not null)
        {
            return true;
        }
        if (_readers.RemovedBefore > _segment)
        {
            LostSegments += _readers.RemovedBefore - _segment;
            GoTo(_readers.RemovedBefore);
        }
        if (_segment > _wal.Committed.Segment)
        {
            return false;
        }

        // A number may have been skipped: a start after a checkpoint without a record since.
        var next = WalSegments.Numbers(_files, _directory, WalSegments.SegmentSuffix).FirstOrDefault(number => number >= _segment);
        if (next == 0)
        {
            return false;
        }
        if (next != _segment)
        {
            GoTo(next);
        }
        _reader = new WalRecordReader(_files, PathOf(_segment), Math.Max(_offset, WalFormat.FileHeaderBytes));
        _offset = _reader.Offset;
        return true;
    }

    /// <summary>Lets the record reader see what is committed; answers whether nothing more will come in this segment.</summary>
    private bool SetLimit()
    {
        var (current, committedBytes) = _wal.Committed;
        var isEnded = _segment < current;
        var sizeBytes = _files.Size(PathOf(_segment));
        _reader!.Limit = isEnded ? sizeBytes : Math.Min(sizeBytes, committedBytes);
        return isEnded;
    }

    private void GoTo(long segment)
    {
        _reader?.Dispose();
        _reader = null;
        _offset = 0;
        Volatile.Write(ref _segment, segment);
    }

    /// <summary>Whether the record is one that somebody follows the log for. One that makes no sense is stepped over, as at
    /// the start of the store.</summary>
    private bool TryParse(ReadOnlySpan<byte> payload, MetricLogBatch into)
    {
        var from = new ByteReader(payload, PathOf(_segment), _reader!.PayloadOffset);
        try
        {
            switch (from.U8())
            {
                case var batch when HeadRecord.IsBatch(batch):
                    return ParseBatch(ref from, batch, into);
                case HeadRecord.Metadata:
                    into.Metadata.Add((from.Text(), new MetricMetadata(from.Text(), from.Text(), from.Text())));
                    return true;
                default:
                    return false;
            }
        }
        catch (CorruptFileException)
        {
            into.Clear();
            return false;
        }
    }

    private bool ParseBatch(ref ByteReader from, byte type, MetricLogBatch into)
    {
        HeadRecord.ReadSeries(ref from, _declared);
        var columns = HeadRecord.ReadSamples(ref from, type);
        for (var i = 0; i < columns.Count; i++)
        {
            if (LabelsOf(columns.Ids[i]) is { } labels)
            {
                var sample = columns.SampleAt(i);
                into.Samples.Add(new LoggedSample(columns.Ids[i], labels, sample.TimestampMs, sample.Value, sample.Histogram,
                    sample.StartTimeMs));
            }
        }
        foreach (var (id, exemplar) in columns.Exemplars)
        {
            if (LabelsOf(id) is { } labels)
            {
                into.Exemplars.Add((labels, exemplar));
            }
        }
        return into.Samples.Count > 0 || into.Exemplars.Count > 0;
    }

    private LabelSet? LabelsOf(ulong id)
    {
        if ((_declared.GetValueOrDefault(id) ?? _head.Find(id)?.LabelsIfHere()) is { } labels)
        {
            return labels;
        }
        if (_searchedSegment == _segment)
        {
            return null;
        }
        _searchedSegment = _segment;
        new SeriesDeclarations(_files, _directory).Read(_segment, _declared);
        return _declared.GetValueOrDefault(id);
    }

    private string PathOf(long segment) => Path.Combine(_directory, WalSegments.SegmentName(segment));
}

using Microsoft.Extensions.Logging;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Logs.Head;

/// <summary>Fills the head from the log's segments.</summary>
/// <remarks>Runs once, before anybody reads. Damage is stepped over, logged and counted; it never stops the start.</remarks>
internal sealed class LogReplay(IFileSystem files, string directory, LogHead head, StreamTable streams, LogMarks marks, ILogger logger)
{
    private readonly Dictionary<ulong, HeadStream> _byNumber = [];
    private readonly ByteWriter _metadata = new();
    private ulong _generation = ulong.MaxValue;

    public int CorruptionCount { get; private set; }

    /// <summary>Segments that ended in the middle of a record: what a crash leaves of a write.</summary>
    public int TornTailCount { get; private set; }

    /// <summary>Entries whose stream's own record is damaged.</summary>
    public long OrphanCount { get; private set; }

    /// <summary>Reads the segments from a number on.</summary>
    public void Run(long firstSegment)
    {
        var segments = WalSegments.Numbers(files, directory, WalSegments.SegmentSuffix);
        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i] < firstSegment)
            {
                continue;
            }
            if (i > 0 && segments[i - 1] >= firstSegment && segments[i] > segments[i - 1] + 1)
            {
                CorruptionCount++;
                logger.LogError("Log store: {Path} is missing, and all up to {Next}; what was in them is lost",
                    Path.Combine(directory, WalSegments.SegmentName(segments[i - 1] + 1)), WalSegments.SegmentName(segments[i]));
            }
            Load(Path.Combine(directory, WalSegments.SegmentName(segments[i])));
        }
        if (OrphanCount > 0)
        {
            logger.LogError("Log store {Directory}: {Count} entries belong to streams whose own record is damaged; they are lost",
                directory, OrphanCount);
        }
    }

    private void Load(string path)
    {
        try
        {
            using var reader = new WalRecordReader(files, path);
            while (reader.Next(out var payload))
            {
                Apply(payload, path, reader.PayloadOffset);
            }
            foreach (var (offset, sizeBytes) in reader.Damage)
            {
                CorruptionCount++;
                logger.LogError("Log store: {Path} is damaged from byte {Offset} on for {Size} bytes; the records there are lost, "
                    + "those behind them are not", path, offset, sizeBytes);
            }
            if (reader.TornAt >= 0)
            {
                NoteTail(reader, path);
            }
        }
        catch (IOException exception)
        {
            CorruptionCount++;
            logger.LogError(exception, "Log store: segment {Path} cannot be read further", path);
        }
    }

    private void NoteTail(WalRecordReader reader, string path)
    {
        if (reader.IsTailCutOff)
        {
            TornTailCount++;
            logger.LogWarning("Log store: {Path} ends in the middle of a record at byte {Offset}; it ends with the record before",
                path, reader.TornAt);
            return;
        }
        CorruptionCount++;
        logger.LogError("Log store: {Path} is damaged from byte {Offset} to its end; the records there are lost", path, reader.TornAt);
    }

    private void Apply(ReadOnlySpan<byte> payload, string path, long offset)
    {
        var reader = new ByteReader(payload, path, offset);
        try
        {
            if (reader.U8() is var kind && kind != LogRecord.Batch)
            {
                throw reader.Corrupt($"a record of kind {kind}");
            }
            ReadBatch(ref reader);
            head.Publish();
        }
        catch (Exception exception) when (exception is CorruptFileException or ArgumentException)
        {
            // The checksum was right, so this is a writer's fault, or one of another version.
            head.RollBack();
            foreach (var (number, stream) in _byNumber)
            {
                if (!stream.IsPublished)
                {
                    _byNumber.Remove(number);
                }
            }
            CorruptionCount++;
            logger.LogError(exception, "Log store: {Path} has a record at byte {Offset} that makes no sense; it is left out", path, offset);
        }
    }

    private void ReadBatch(ref ByteReader reader)
    {
        if (reader.UVarint() is var generation && generation != _generation)
        {
            _generation = generation;
            _byNumber.Clear();
        }
        for (var left = reader.Count(minBytesEach: 3); left > 0; left--)
        {
            var number = reader.UVarint();
            var tenant = reader.Text();
            var labels = new Label[reader.Count(minBytesEach: 2)];
            for (var i = 0; i < labels.Length; i++)
            {
                labels[i] = new Label(reader.Text(), reader.Text());
            }
            _byNumber[number] = head.Of(streams.Get(tenant, LabelSet.From(labels)));
        }
        var stream = 0UL;
        var timeNs = 0L;
        for (var left = reader.Count(minBytesEach: 4); left > 0; left--)
        {
            stream = unchecked(stream + (ulong)reader.Varint());
            timeNs = unchecked(timeNs + reader.Varint());
            var line = reader.Take(reader.Count());
            _metadata.Clear();
            for (var pairs = reader.Count(minBytesEach: 2); pairs > 0; pairs--)
            {
                var name = reader.Take(reader.Count());
                head.Metadata.Pack(name, reader.Take(reader.Count()), _metadata);
            }
            if (_byNumber.TryGetValue(stream, out var known))
            {
                head.Add(known, timeNs, line, _metadata.Written);
            }
            else
            {
                OrphanCount++;
            }
        }
        for (var left = reader.Count(minBytesEach: 2); left > 0; left--)
        {
            marks.Set(reader.Text(), reader.Text());
        }
    }
}

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
    private readonly WalReplay _wal = new("Log store", files, directory, logger);
    private ulong _generation = ulong.MaxValue;

    public int CorruptionCount => _wal.CorruptionCount;

    /// <summary>Segments that ended in the middle of a record: what a crash leaves of a write.</summary>
    public int TornTailCount => _wal.TornTailCount;

    /// <summary>Entries whose stream's own record is damaged.</summary>
    public long OrphanCount { get; private set; }

    /// <summary>Reads the segments from a number on.</summary>
    public void Run(long firstSegment)
    {
        _wal.Run(firstSegment, Apply);
        if (OrphanCount > 0)
        {
            logger.LogError("Log store {Directory}: {Count} entries belong to streams whose own record is damaged; they are lost",
                directory, OrphanCount);
        }
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
            head.RollBack();
            foreach (var (number, stream) in _byNumber)
            {
                if (!stream.IsPublished)
                {
                    _byNumber.Remove(number);
                }
            }
            throw;
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

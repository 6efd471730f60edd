using System.Buffers;
using System.Diagnostics;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Logs.Filters;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Model;
using Pharos.Storage.Sealed;
using ZstdSharp;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>Writes one part: blocks as they are full, then the index. Streams come sorted by their keys, each once, their rows sorted by time.</summary>
/// <remarks>Not thread-safe. The file gets its name only when it is whole and synced; disposing before removes it. Tables of runs and
/// filters are held in memory until <see cref="Finish"/>, about a fiftieth of the lines; columns are not.</remarks>
internal sealed class LogPartWriter : IDisposable
{
    /// <summary>Level by measurement, docs/decisions/0015-log-store.md.</summary>
    private const int PackLevel = 1;

    private const int BufferBytes = 1024 * 1024;

    private readonly SealedFileWriter _file;
    private readonly Compressor _packer = new(PackLevel);
    private readonly BlockBuilder _builder = new();
    private readonly GramCollector _grams = new();
    private readonly ByteWriter _raw = new(64 * 1024);
    private readonly ByteWriter _tables = new(64 * 1024);
    private readonly List<Block> _blocks = [];
    private readonly BlockSymbols _symbols = new();
    private readonly BlockPostingsWriter _postings;
    private readonly ByteWriter _streams = new(64 * 1024);
    private readonly ByteWriter _streamOffsets = new(4 * 1024);
    private int _streamCount;
    private long _entries;
    private long _lineBytes;

    public LogPartWriter(IFileSystem files, string path)
    {
        _postings = new BlockPostingsWriter(_symbols);
        _file = new SealedFileWriter(files, path, LogPartFormat.Kind, BufferBytes);
    }

    public bool IsEmpty => _entries == 0;

    public long LineBytes => _lineBytes;

    /// <summary>The rows that follow are of this stream.</summary>
    /// <param name="key">Its labels and, under the empty name, its tenant.</param>
    /// <param name="expectedBytes">Of its lines: one that fills a block does not begin in another's.</param>
    public void BeginStream(LabelSet key, long expectedBytes)
    {
        if (expectedBytes >= BlockBuilder.TargetBytes / 2 && _builder.LineBytes >= BlockBuilder.TargetBytes / 8)
        {
            FlushBlock();
        }
        _streamOffsets.U32((uint)_streams.Length);
        _streams.UVarint((ulong)key.Count);
        foreach (var label in key.Span)
        {
            _streams.UVarint((ulong)_symbols.NumberOf(label.Name));
            _streams.UVarint((ulong)_symbols.NumberOf(label.Value));
        }
        _postings.Add(key, (uint)_streamCount);
        _streamCount++;
    }

    public void Append(LogRows rows, int first, int count)
    {
        Debug.Assert(_streamCount > 0);
        _entries += count;
        while (count > 0)
        {
            var taken = _builder.Append(_streamCount - 1, rows, first, count);
            first += taken;
            count -= taken;
            if (count > 0 || _builder.IsFull)
            {
                FlushBlock();
            }
        }
    }

    /// <summary>Takes over a block of the stream at hand, and of no other, as it is packed in another part.</summary>
    public void AppendPacked(LogPart source, BlockEntry block, RunTable runs)
    {
        FlushBlock();
        var table = runs.Renumbered(_streamCount - 1);
        _entries += block.Rows;
        var entry = block with
        {
            FirstStream = _streamCount - 1,
            LastStream = _streamCount - 1,
            Lines = Copy(source, block.Lines),
            HexTexts = Copy(source, block.HexTexts),
            LineEnds = Copy(source, block.LineEnds),
            Times = Copy(source, block.Times),
            Metadata = Copy(source, block.Metadata),
        };
        _blocks.Add(new Block(entry, PackTable(table), source.ReadFrame(block.TextFilter), source.ReadFrame(block.MetadataFilter)));
        _lineBytes += LineBytesOf(table);
        _file.FlushWhenFull();
    }

    /// <summary>Publishes the part under its name.</summary>
    public LogPartMeta Finish(long number)
    {
        FlushBlock();
        var meta = new LogPartMeta(number, _blocks.Min(static block => block.Entry.MinTimeNs), _blocks.Max(static block => block.Entry.MaxTimeNs),
            _streamCount, _entries, _lineBytes);
        var directory = WriteDirectory();
        var sections = new[]
        {
            _file.WriteSection(_symbols.ToSection().Written), _file.WriteSection(_streams.Written), _file.WriteSection(_streamOffsets.Written),
            _file.WriteSection(_postings.ToSection().Written), _file.WriteSection(directory.Written),
        };
        _raw.Clear();
        WriteContents(meta, sections);
        _file.Finish(_raw.Written);
        return meta;
    }

    public void Dispose()
    {
        _packer.Dispose();
        _file.Dispose();
    }

    private void FlushBlock()
    {
        if (_builder.Rows == 0)
        {
            return;
        }
        var (rows, runs) = _builder.Build();
        var (lines, hexTexts) = WriteLines(rows.Lines);
        var lineEnds = default(FramePlace);
        if (LineEndsColumn.AreNeeded(rows.Lines, rows.LineEnds.Length))
        {
            _raw.Clear();
            LineEndsColumn.Write(rows.LineEnds, _raw);
            lineEnds = WriteFrame(_raw.Written);
        }
        _raw.Clear();
        TimesColumn.Write(rows.TimesNs, _raw);
        var times = WriteFrame(_raw.Written);
        var metadata = default(FramePlace);
        if (rows.Metadata.Count > 0)
        {
            _raw.Clear();
            MetadataColumns.Write(rows.Metadata, _raw);
            metadata = WriteFrame(_raw.Written);
        }
        var (minTimeNs, maxTimeNs) = (long.MaxValue, long.MinValue);
        foreach (var run in runs.Runs)
        {
            (minTimeNs, maxTimeNs) = (Math.Min(minTimeNs, run.MinTimeNs), Math.Max(maxTimeNs, run.MaxTimeNs));
        }
        var entry = new BlockEntry(rows.TimesNs.Length, rows.Lines.Length, runs.Runs[0].Stream, runs.Runs[^1].Stream, minTimeNs, maxTimeNs, lines, hexTexts,
            lineEnds, times, metadata, default, default, default);
        _blocks.Add(new Block(entry, PackTable(runs), TextFilterOf(rows), MetadataFilterOf(rows)));
        _lineBytes += LineBytesOf(runs);
        _file.FlushWhenFull();
    }

    private (FramePlace Lines, FramePlace HexTexts) WriteLines(ReadOnlySpan<byte> lines)
    {
        var rest = ArrayPool<byte>.Shared.Rent(lines.Length);
        _raw.Clear();
        var length = HexText.TakeOut(lines, rest, _raw);
        var places = length < 0 ? (WriteFrame(lines), default) : (WriteFrame(rest.AsSpan(0, length)), WriteFrame(_raw.Written));
        ArrayPool<byte>.Shared.Return(rest);
        return places;
    }

    private byte[] TextFilterOf(LogRows rows)
    {
        _grams.Collect(rows.Lines);
        _raw.Clear();
        TextFilter.Write(_grams, _raw);
        return _raw.Written.ToArray();
    }

    private byte[] MetadataFilterOf(LogRows rows)
    {
        if (rows.Metadata.Count == 0)
        {
            return [];
        }
        _raw.Clear();
        MetadataFilter.Write(rows.Metadata, _raw);
        return _raw.Written.ToArray();
    }

    private static long LineBytesOf(RunTable runs)
    {
        var bytes = 0L;
        foreach (var run in runs.Runs)
        {
            bytes += run.LineBytes;
        }
        return bytes;
    }

    private (byte[] Packed, int RawBytes) PackTable(RunTable runs)
    {
        _tables.Clear();
        runs.Write(_tables);
        return (_packer.Wrap(_tables.Written).ToArray(), _tables.Length);
    }

    private FramePlace WriteFrame(ReadOnlySpan<byte> raw)
    {
        var into = _file.Pending.Reserve(Compressor.GetCompressBound(raw.Length));
        var size = _packer.Wrap(raw, into);
        var place = new FramePlace(_file.Offset, size, raw.Length, Crc32C.Of(into[..size]));
        _file.Pending.Advance(size);
        return place;
    }

    private FramePlace Copy(LogPart source, in FramePlace place)
    {
        if (place.SizeBytes == 0)
        {
            return default;
        }
        var copied = place with { Offset = _file.Offset };
        source.ReadFrame(place, _file.Pending.Reserve(place.SizeBytes));
        _file.Pending.Advance(place.SizeBytes);
        return copied;
    }

    private FramePlace WriteTable(byte[] packed, int rawBytes)
    {
        if (packed.Length == 0)
        {
            return default;
        }
        var place = new FramePlace(_file.Offset, packed.Length, rawBytes, Crc32C.Of(packed));
        _file.Pending.Bytes(packed);
        _file.FlushWhenFull();
        return place;
    }

    /// <summary>The tables of runs side by side, the filters side by side, and where all that is.</summary>
    private ByteWriter WriteDirectory()
    {
        var runs = _blocks.ConvertAll(block => WriteTable(block.Runs.Packed, block.Runs.RawBytes));
        var texts = _blocks.ConvertAll(block => WriteTable(block.TextFilter, block.TextFilter.Length));
        var metadata = _blocks.ConvertAll(block => WriteTable(block.MetadataFilter, block.MetadataFilter.Length));
        var directory = new ByteWriter(_blocks.Count * 64);
        directory.UVarint((ulong)_blocks.Count);
        for (var i = 0; i < _blocks.Count; i++)
        {
            (_blocks[i].Entry with { Runs = runs[i], TextFilter = texts[i], MetadataFilter = metadata[i] }).Write(directory);
        }
        return directory;
    }

    private void WriteContents(LogPartMeta meta, SectionPlace[] sections)
    {
        _raw.U64((ulong)meta.Number);
        _raw.U64((ulong)meta.MinTimeNs);
        _raw.U64((ulong)meta.MaxTimeNs);
        _raw.U32((uint)meta.Streams);
        _raw.U64((ulong)meta.Entries);
        _raw.U64((ulong)meta.LineBytes);
        foreach (var section in sections)
        {
            _raw.U64((ulong)section.Offset);
            _raw.U32((uint)section.SizeBytes);
            _raw.U32(section.Checksum);
        }
    }

    private sealed record Block(BlockEntry Entry, (byte[] Packed, int RawBytes) Runs, byte[] TextFilter, byte[] MetadataFilter);
}

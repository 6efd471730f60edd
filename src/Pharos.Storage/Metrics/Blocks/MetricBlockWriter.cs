using System.Diagnostics;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Model;
using Pharos.Storage.Sealed;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>Writes one block: chunks as they come, then the index. Series come sorted by label set, each once.</summary>
/// <remarks>Not thread-safe. The file gets its name only when it is whole and synced; disposing before removes it. The index
/// is held in memory until <see cref="Finish"/>, the chunks are not.</remarks>
internal sealed class MetricBlockWriter : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    private readonly SealedFileWriter _file;
    private readonly ByteWriter _series = new(64 * 1024);
    private readonly ByteWriter _seriesOffsets = new(4 * 1024);
    private readonly BlockSymbols _symbols = new();
    private readonly BlockPostingsWriter _postings;
    private readonly List<BlockChunk> _chunks = [];
    private LabelSet? _labels;
    private uint _seriesCount;
    private long _chunkCount;
    private long _sampleCount;

    public MetricBlockWriter(IFileSystem files, string path)
    {
        _postings = new BlockPostingsWriter(_symbols);
        _file = new SealedFileWriter(files, path, MetricBlockFormat.Kind, BufferBytes);
    }

    public long SampleCount => _sampleCount;

    public void BeginSeries(LabelSet labels)
    {
        EndSeries();
        _labels = labels;
    }

    public void AddChunk(ChunkKind kind, long minTimeMs, long maxTimeMs, int count, ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(_labels is not null && count > 0);
        _chunks.Add(new BlockChunk(kind, minTimeMs, maxTimeMs, count, _file.Offset, bytes.Length));
        _file.Pending.U32(Crc32C.Of(bytes));
        _file.Pending.Bytes(bytes);
        _sampleCount += count;
        _file.FlushWhenFull();
    }

    /// <summary>Publishes the block under its name and answers what it holds.</summary>
    public MetricBlockMeta Finish(MetricBlockMeta meta)
    {
        EndSeries();
        meta = meta with { SeriesCount = _seriesCount, ChunkCount = _chunkCount, SampleCount = _sampleCount };
        var sections = new[]
        {
            _file.WriteSection(_symbols.ToSection().Written), _file.WriteSection(_series.Written), _file.WriteSection(_seriesOffsets.Written),
            _file.WriteSection(_postings.ToSection().Written),
        };
        var contents = new ByteWriter();
        WriteContents(contents, meta, sections);
        _file.Finish(contents.Written);
        return meta;
    }

    public void Dispose() => _file.Dispose();

    private void EndSeries()
    {
        if (_labels is null || _chunks.Count == 0)
        {
            return;
        }
        _seriesOffsets.U32((uint)_series.Length);
        _series.UVarint((ulong)_labels.Count);
        foreach (var label in _labels.Span)
        {
            _series.UVarint((ulong)_symbols.NumberOf(label.Name));
            _series.UVarint((ulong)_symbols.NumberOf(label.Value));
        }
        _postings.Add(_labels, _seriesCount);
        WriteChunkList();
        _chunkCount += _chunks.Count;
        _chunks.Clear();
        _seriesCount++;
    }

    private void WriteChunkList()
    {
        _series.UVarint((ulong)_chunks.Count);
        var lastMs = 0L;
        var end = 0L;
        foreach (var chunk in _chunks)
        {
            unchecked
            {
                _series.Varint(chunk.MinTimeMs - lastMs);
                _series.UVarint((ulong)(chunk.MaxTimeMs - chunk.MinTimeMs));
            }
            _series.UVarint(HeadRecord.WithKind(chunk.Count, chunk.Kind));
            _series.UVarint((ulong)(chunk.Offset - end));
            _series.UVarint((ulong)chunk.SizeBytes);
            lastMs = chunk.MaxTimeMs;
            end = chunk.Offset + MetricBlockFormat.ChunkHeaderBytes + chunk.SizeBytes;
        }
    }

    private static void WriteContents(ByteWriter into, MetricBlockMeta meta, SectionPlace[] sections)
    {
        into.U64((ulong)meta.Number);
        into.U64((ulong)meta.MinTimeMs);
        into.U64((ulong)meta.MaxTimeMs);
        into.U32((uint)meta.Level);
        into.U64((ulong)meta.SeriesCount);
        into.U64((ulong)meta.ChunkCount);
        into.U64((ulong)meta.SampleCount);
        foreach (var (offset, sizeBytes, checksum) in sections)
        {
            into.U64((ulong)offset);
            into.U64((ulong)sizeBytes);
            into.U32(checksum);
        }
        into.UVarint((ulong)meta.Sources.Count);
        foreach (var source in meta.Sources)
        {
            into.UVarint((ulong)source);
        }
        into.Varint(meta.SealedUntilMs);
    }
}

using Pharos.Storage.Files;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Storage.PrometheusBlocks;

/// <summary>Writes one block that Prometheus opens. Nothing is there under its name until <see cref="Finish"/>.</summary>
/// <remarks>Not thread-safe. Keeps the label sets and the places of the chunks in memory, not the samples. Disposing without
/// finishing leaves nothing behind.</remarks>
public sealed class PrometheusBlockWriter : IDisposable
{
    // Prometheus removes folders that end so when it starts.
    private const string UnfinishedSuffix = ".tmp-for-creation";

    private readonly DiskFileSystem _files = new();
    private readonly string _parent;
    private readonly string _ulid;
    private readonly string _temporary;
    private readonly ChunkFormat _format;
    private readonly ChunkFileWriter _chunkFiles;
    private readonly List<(LabelSet Labels, BlockChunkRef[] Chunks)> _series = [];
    private readonly List<PrometheusChunk> _chunks = [];
    private long _floats;
    private long _histograms;
    private long _minTimeMs = long.MaxValue;
    private long _maxTimeMs = long.MinValue;
    private bool _isFinished;

    public PrometheusBlockWriter(string parentDirectory, ChunkFormat format, TimeProvider time)
    {
        _parent = parentDirectory;
        _format = format;
        _ulid = Ulid.New(time.GetUtcNow());
        _temporary = Path.Combine(parentDirectory, _ulid + UnfinishedSuffix);
        _chunkFiles = new ChunkFileWriter(_files, Path.Combine(_temporary, ChunkFiles.FolderName));
    }

    /// <summary>Adds a series with all its samples, in order of time; series may come in any order, each once.</summary>
    public void Add(LabelSet labels, SampleBuffer samples)
    {
        if (samples.Count == 0)
        {
            return;
        }
        _chunks.Clear();
        ChunkCodec.Encode(samples, _format, _chunks);
        _series.Add((labels, [.. _chunks.Select(_chunkFiles.Write)]));
        _minTimeMs = Math.Min(_minTimeMs, samples.Timestamps[0]);
        _maxTimeMs = Math.Max(_maxTimeMs, samples.Timestamps[^1]);
        var histograms = 0;
        foreach (var histogram in samples.Histograms)
        {
            histograms += histogram is null ? 0 : 1;
        }
        _histograms += histograms;
        _floats += samples.Count - histograms;
    }

    /// <summary>Completes the block and makes it visible; null where no sample was added.</summary>
    public PrometheusBlockMeta? Finish()
    {
        if (_series.Count == 0)
        {
            return null;
        }
        _chunkFiles.Sync();
        _series.Sort(static (left, right) => Utf8Order.Instance.Compare(left.Labels, right.Labels));
        using (var index = new IndexFileWriter(_files, Path.Combine(_temporary, IndexFile.FileName)))
        {
            index.Write(_series);
        }
        var meta = new PrometheusBlockMeta
        {
            Ulid = _ulid,
            MinTime = _minTimeMs,
            MaxTime = _maxTimeMs + 1,
            Stats = new PrometheusBlockMeta.BlockStats
            {
                NumSamples = _floats + _histograms,
                NumSeries = _series.Count,
                NumChunks = _series.Sum(static series => (long)series.Chunks.Length),
                NumFloatSamples = _floats,
                NumHistogramSamples = _histograms > 0 ? _histograms : null,
            },
            Compaction = new PrometheusBlockMeta.BlockCompaction { Sources = [_ulid] },
        };
        WriteWhole(TombstonesFile.FileName, TombstonesFile.Empty());
        WriteWhole(PrometheusBlockMeta.FileName, meta.ToJson());
        _chunkFiles.Dispose();
        _files.SyncDirectory(Path.Combine(_temporary, ChunkFiles.FolderName));
        _files.SyncDirectory(_temporary);
        Directory.Move(_temporary, Path.Combine(_parent, _ulid));
        _files.SyncDirectory(_parent);
        _isFinished = true;
        return meta;
    }

    public void Dispose()
    {
        _chunkFiles.Dispose();
        if (!_isFinished && Directory.Exists(_temporary))
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }

    private void WriteWhole(string name, byte[] contents)
    {
        using var file = _files.Create(Path.Combine(_temporary, name));
        file.Append(contents);
        file.Sync();
    }
}

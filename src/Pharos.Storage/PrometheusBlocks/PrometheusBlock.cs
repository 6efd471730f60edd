using Pharos.Storage.Files;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Storage.PrometheusBlocks;

/// <summary>A block as Prometheus wrote it, open for reading; its tombstones are applied.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class PrometheusBlock : IDisposable
{
    private readonly IndexFile _index;
    private readonly ChunkFiles _chunks;
    private readonly Dictionary<ulong, List<TimeInterval>> _tombstones;

    private PrometheusBlock(string directory, PrometheusBlockMeta meta, IFileSystem files)
    {
        Directory = directory;
        Meta = meta;
        _tombstones = TombstonesFile.Read(directory);
        _index = new IndexFile(files, Path.Combine(directory, IndexFile.FileName));
        _chunks = new ChunkFiles(files, Path.Combine(directory, ChunkFiles.FolderName));
    }

    public string Directory { get; }

    public PrometheusBlockMeta Meta { get; }

    /// <summary>Of all its files.</summary>
    public long SizeBytes =>
        new DirectoryInfo(Directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(static file => file.Length);

    /// <exception cref="CorruptFileException">One of the files is not what it should be.</exception>
    public static PrometheusBlock Open(string directory) =>
        new(directory, PrometheusBlockMeta.Read(directory), new DiskFileSystem());

    public static bool IsBlock(string directory) =>
        File.Exists(Path.Combine(directory, PrometheusBlockMeta.FileName))
        && File.Exists(Path.Combine(directory, IndexFile.FileName));

    /// <summary>Every series that all matchers match, in the order of the block.</summary>
    public IEnumerable<PrometheusBlockSeries> Series(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        foreach (var reference in _index.AllSeries())
        {
            cancellation.ThrowIfCancellationRequested();
            var chunks = new List<BlockChunkRef>();
            var labels = _index.Series(reference, chunks);
            if (matchers.All(matcher => matcher.Matches(labels[matcher.Name])))
            {
                yield return new PrometheusBlockSeries(this, labels, chunks,
                    _tombstones.TryGetValue(reference, out var deleted) ? deleted : []);
            }
        }
    }

    public void Dispose()
    {
        _index.Dispose();
        _chunks.Dispose();
    }

    internal void Read(BlockChunkRef chunk, long minTimeMs, long maxTimeMs, SampleBuffer into) =>
        _chunks.Read(chunk.Reference, minTimeMs, maxTimeMs, into);

    internal (ChunkEncoding Encoding, int Count, int SizeBytes) Describe(BlockChunkRef chunk) =>
        _chunks.Describe(chunk.Reference);
}

using Pharos.Storage.Files;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks.Head;

namespace Pharos.Storage.PrometheusBlocks;

/// <summary>The data folder of a Prometheus that is not running, or a single block of one, open for reading.</summary>
/// <remarks>Not thread-safe. The head, if wanted, is read into memory as a whole.</remarks>
public sealed class PrometheusFolder : IDisposable
{
    private readonly List<PrometheusBlock> _blocks;

    private PrometheusFolder(List<PrometheusBlock> blocks, HeadContents head)
    {
        _blocks = blocks;
        Head = head;
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<PrometheusBlock> Blocks => _blocks;

    public IReadOnlyDictionary<string, MetricMetadata> Metadata => Head.Metadata;

    /// <summary>How many series had samples in memory.</summary>
    public int HeadSeriesCount => Head.Samples.Count;

    /// <summary>First and last time in blocks and head; null where there is no sample.</summary>
    public (long MinTimeMs, long MaxTimeMs)? TimeRange
    {
        get
        {
            var times = _blocks.SelectMany(static block => (long[])[block.Meta.MinTime, block.Meta.MaxTime - 1])
                .Concat(Head.Samples.Values.SelectMany(static samples =>
                    (long[])[samples.Timestamps[0], samples.Timestamps[^1]]))
                .ToList();
            return times.Count == 0 ? null : (times.Min(), times.Max());
        }
    }

    internal HeadContents Head { get; }

    /// <summary>Whether a folder is a block, or has blocks or a log as Prometheus writes them.</summary>
    public static bool IsOne(string directory) =>
        Directory.Exists(directory)
        && (PrometheusBlock.IsBlock(directory) || BlockDirectories(directory).Any() || HasLog(directory));

    /// <param name="withHead">Whether to read the log, too.</param>
    /// <exception cref="CorruptFileException">A file is damaged; which and where the exception says.</exception>
    public static PrometheusFolder Open(string directory, bool withHead)
    {
        var blocks = new List<PrometheusBlock>();
        try
        {
            foreach (var path in PrometheusBlock.IsBlock(directory) ? [directory] : BlockDirectories(directory))
            {
                blocks.Add(PrometheusBlock.Open(path));
            }
            blocks.Sort(static (left, right) => left.Meta.MinTime.CompareTo(right.Meta.MinTime));
            var newest = blocks.Select(static block => block.Meta.MaxTime).DefaultIfEmpty(long.MinValue).Max();
            var head = withHead && HasLog(directory) ? PrometheusHead.Read(directory, newest) : new HeadContents(newest);
            return new PrometheusFolder(blocks, head);
        }
        catch
        {
            blocks.ForEach(static block => block.Dispose());
            throw;
        }
    }

    /// <summary>A view of blocks and head together. Usable while the folder is open.</summary>
    public IMetricQuerier Querier(long minTimeMs, long maxTimeMs) => new PrometheusQuerier(this, minTimeMs, maxTimeMs);

    /// <summary>The exemplars that were in memory, by series.</summary>
    public IEnumerable<ExemplarSeries> Exemplars() => Head.Exemplars
        .Select(static pair => new ExemplarSeries(pair.Key, [.. pair.Value.OrderBy(static exemplar => exemplar.TimestampMs)]))
        .OrderBy(static series => series.Labels);

    public void Dispose() => _blocks.ForEach(static block => block.Dispose());

    /// <summary>Our own store has a folder of that name as well, with files that end in something.</summary>
    private static bool HasLog(string directory) => PrometheusHead.Exists(directory);

    private static IEnumerable<string> BlockDirectories(string directory) => Directory.EnumerateDirectories(directory)
        .Where(static path => Ulid.IsValid(Path.GetFileName(path)) && PrometheusBlock.IsBlock(path))
        .Order(StringComparer.Ordinal);
}

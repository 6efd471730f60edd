using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary>What the analysis needs of one block, or of the head of a folder that has no block yet.</summary>
/// <param name="MaxTimeMs">Exclusive.</param>
/// <param name="SeriesCount">Of the whole block, whatever was selected.</param>
internal sealed record AnalyzedBlock(
    string Name, long MinTimeMs, long MaxTimeMs, long SeriesCount, IReadOnlyList<AnalyzedBlock.SeriesExtent> Series)
{
    /// <exception cref="IOException">There is no such block.</exception>
    public static AnalyzedBlock Find(
        TsdbSource source, string? name, IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var rows = source.Store is { } store ? StoredBlock.Of(store).Select(BlockRow.Of).ToList()
            : [.. source.PrometheusBlocks.Select(BlockRow.Of)];
        var row = name is null ? rows.LastOrDefault() : rows.Find(block => block.Name == name);
        if (row is null)
        {
            throw new IOException($"block {name} not found");
        }
        var block = source.PrometheusBlocks.FirstOrDefault(block => block.Meta.Ulid == row.Name);
        var series = block is not null
            ? block.Series(matchers, cancellation).Cast<IStoredSeries>()
            : source.Querier(row.MinTimeMs, row.MaxTimeMs - 1).Select(matchers, cancellation);
        return new AnalyzedBlock(row.Name, row.MinTimeMs, row.MaxTimeMs, row.SeriesCount,
            [.. series.Select(one => Extent(one, row.MinTimeMs, row.MaxTimeMs - 1)).OfType<SeriesExtent>()]);
    }

    private static SeriesExtent? Extent(IStoredSeries series, long minTimeMs, long maxTimeMs)
    {
        if (series is PrometheusBlockSeries { ChunkCount: > 0 } stored)
        {
            return new SeriesExtent(stored.Labels, stored.FirstTimeMs, stored.LastTimeMs, [.. stored.Chunks]);
        }
        var samples = new SampleBuffer();
        series.Read(minTimeMs, maxTimeMs, samples);
        return samples.Count == 0 ? null : new SeriesExtent(series.Labels, samples.Timestamps[0], samples.Timestamps[^1], []);
    }

    /// <param name="Chunks">Empty for our own blocks, whose chunks have no fixed size.</param>
    internal sealed record SeriesExtent(
        LabelSet Labels, long FirstMs, long LastMs, IReadOnlyList<(ChunkEncoding Encoding, int Count, int SizeBytes)> Chunks);
}

using Pharos.Storage.Metrics;
using Pharos.Storage.PrometheusBlocks;

namespace Pharos.Cli.Commands.Tsdb;

/// <param name="MaxTimeMs">Exclusive.</param>
internal sealed record BlockRow(
    string Name, long MinTimeMs, long MaxTimeMs, long SampleCount, long ChunkCount, long SeriesCount, long SizeBytes)
{
    public static BlockRow Of(PrometheusBlock block) => new(block.Meta.Ulid, block.Meta.MinTime, block.Meta.MaxTime,
        block.Meta.Stats.NumSamples, block.Meta.Stats.NumChunks, block.Meta.Stats.NumSeries, block.SizeBytes);

    public static BlockRow Of(StoredBlock block) => new(Path.GetFileNameWithoutExtension(block.File), block.MinTimeMs,
        block.MaxTimeMs, block.SampleCount, block.ChunkCount, block.SeriesCount, block.SizeBytes);
}

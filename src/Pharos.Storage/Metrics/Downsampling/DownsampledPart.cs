using Pharos.Storage.Metrics.Blocks;

namespace Pharos.Storage.Metrics.Downsampling;

/// <summary>A reduced window of a series, both ends inclusive.</summary>
internal readonly record struct DownsampledPart(long FromMs, long ToMs, MetricBlockSeries Series);

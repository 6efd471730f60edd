using System.Collections.Immutable;
using Pharos.Storage.Metrics.Blocks;

namespace Pharos.Storage.Metrics;

/// <summary>The blocks of the store, sorted by time, and from where on (inclusive) the head serves.</summary>
internal sealed record StoreView(ImmutableArray<MetricBlock> Blocks, long HeadFromMs, long Version);

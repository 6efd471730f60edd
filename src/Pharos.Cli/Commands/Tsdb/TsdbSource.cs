using System.Diagnostics.Metrics;
using Pharos.Cli.Logging;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary>A data folder open for reading, whichever program wrote it.</summary>
internal sealed class TsdbSource : IAsyncDisposable
{
    private readonly PrometheusFolder? _prometheus;
    private readonly MetricStore? _store;
    private readonly Meter _meter = new("pharos.tools");

    private TsdbSource(string path)
    {
        if (StoreFolder(path) is { } folder)
        {
            var options = new MetricStoreOptions { Directory = folder, RetentionTime = TimeSpan.Zero };
            _store = MetricStore.OpenWithoutUpkeep(options, TimeProvider.System, ToolLogger.Instance, _meter);
        }
        else if (PrometheusFolder.IsOne(path))
        {
            _prometheus = PrometheusFolder.Open(path, withHead: true);
        }
        else
        {
            throw new IOException(Directory.Exists(path)
                ? $"{path} is no data folder: it has neither blocks nor a log" : $"{path}: there is no such folder");
        }
    }

    /// <summary>Blocks of Prometheus, oldest first; empty for a folder of our own.</summary>
    public IReadOnlyList<PrometheusBlock> PrometheusBlocks => _prometheus?.Blocks ?? [];

    /// <summary>Null for a folder of our own.</summary>
    public PrometheusFolder? Prometheus => _prometheus;

    /// <summary>Null for a folder of Prometheus.</summary>
    public MetricStore? Store => _store;

    public IReadOnlyDictionary<string, MetricMetadata> Metadata => _prometheus?.Metadata ?? _store!.Metadata;

    /// <summary>First and last time that may have samples; null where there are none.</summary>
    public (long MinTimeMs, long MaxTimeMs)? TimeRange
    {
        get
        {
            if (_prometheus is not null)
            {
                return _prometheus.TimeRange;
            }
            var blocks = StoredBlock.Of(_store!);
            var head = _store!.Status(0);
            var min = Math.Min(head.MinTimeMs, blocks.Select(static block => block.MinTimeMs).DefaultIfEmpty(long.MaxValue).Min());
            var max = Math.Max(head.MaxTimeMs, blocks.Select(static block => block.MaxTimeMs - 1).DefaultIfEmpty(long.MinValue).Max());
            return min > max ? null : (min, max);
        }
    }

    /// <exception cref="IOException">The folder is none of those, is in use, or is damaged.</exception>
    public static TsdbSource Open(string path) => new(path);

    /// <summary>The folder of our metric store in a data folder of ours; null where it is none.</summary>
    public static string? StoreFolder(string path)
    {
        foreach (var folder in (string[])[Path.Combine(path, "metrics"), path])
        {
            if (Directory.Exists(Path.Combine(folder, "blocks")))
            {
                return folder;
            }
        }
        return null;
    }

    public IMetricQuerier Querier(long minTimeMs, long maxTimeMs) =>
        _prometheus?.Querier(minTimeMs, maxTimeMs) ?? _store!.Querier(minTimeMs, maxTimeMs);

    /// <summary>The series that any of the selectors matches, or all where there is none, sorted.</summary>
    public static IReadOnlyList<IStoredSeries> Select(
        IMetricQuerier querier, IReadOnlyList<IReadOnlyList<LabelMatcher>> selectors, CancellationToken cancellation) =>
        selectors.Count switch
        {
            0 => querier.Select([], cancellation),
            1 => querier.Select(selectors[0], cancellation),
            _ => [.. selectors.SelectMany(matchers => querier.Select(matchers, cancellation))
                .DistinctBy(static series => series.Labels).OrderBy(static series => series.Labels)],
        };

    /// <exception cref="FormatException">A selector does not parse.</exception>
    public static IReadOnlyList<IReadOnlyList<LabelMatcher>> Selectors(IEnumerable<string> texts)
    {
        try
        {
            return [.. texts.Select(PromParser.ParseMetricSelector)];
        }
        catch (PromParseException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _prometheus?.Dispose();
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
        _meter.Dispose();
    }
}

using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics;

/// <summary>A view of head and blocks as they were when it was opened.</summary>
internal sealed class MetricQuerier : IMetricQuerier
{
    private readonly HeadBlock _head;
    private readonly ReadPoints _points;
    private readonly ReadPoint _point;
    private readonly long _minTimeMs;
    private readonly long _maxTimeMs;
    private readonly MetricBlock[] _blocks;

    public MetricQuerier(HeadBlock head, ReadPoints points, long minTimeMs, long maxTimeMs)
    {
        _head = head;
        _points = points;
        _minTimeMs = minTimeMs;
        _maxTimeMs = maxTimeMs;
        _point = points.Open();
        _blocks = [.. _point.View.Blocks.Where(block => block.Meta.Overlaps(minTimeMs, maxTimeMs))];
    }

    /// <summary>Whether the indexes may name series that have nothing left.</summary>
    private bool HasDeleted => _head.HasDeleted || Array.Exists(_blocks, static block => block.Tombstones is not null);

    /// <summary>Whether the head may hold samples of the time asked for: only then does its index name anything.</summary>
    private bool AsksHead => _head.LateCount > 0
        || (HeadFromMs <= _maxTimeMs && _head.MinTimeMs <= _maxTimeMs && _head.MaxTimeMs >= _minTimeMs);

    private long HeadFromMs => Math.Max(_minTimeMs, _point.View.HeadFromMs);

    public IReadOnlyList<IStoredSeries> Select(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var merged = new Dictionary<LabelSet, MergedSeries>();
        foreach (var block in _blocks)
        {
            foreach (var series in block.Select(matchers, _minTimeMs, _maxTimeMs, cancellation))
            {
                if (!merged.TryGetValue(series.Labels, out var known))
                {
                    merged.Add(series.Labels, known = new MergedSeries(series.Labels));
                }
                known.Add(series);
            }
        }
        foreach (var series in HeadSeriesIn(matchers, cancellation))
        {
            if (!merged.TryGetValue(series.Labels, out var known))
            {
                merged.Add(series.Labels, known = new MergedSeries(series.Labels));
            }
            known.SetHead(series, _point.Commit, _point.View.HeadFromMs);
        }
        cancellation.ThrowIfCancellationRequested();
        var sorted = merged.Values.Where(series => !series.HasDeleted || HasSample(series, _minTimeMs, _maxTimeMs)).ToArray();
        Array.Sort(sorted, static (left, right) => left.Labels.CompareTo(right.Labels));
        return sorted;
    }

    public IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (matchers.Count > 0 || HasDeleted)
        {
            names.UnionWith(Select(matchers, cancellation).SelectMany(static series => series.Labels)
                .Select(static label => label.Name));
        }
        else
        {
            foreach (var block in _blocks)
            {
                names.UnionWith(block.LabelNames());
            }
            if (AsksHead)
            {
                names.UnionWith(_head.Index.Names());
            }
        }
        return Sorted(names);
    }

    public IReadOnlyList<string> LabelValues(string name, IReadOnlyList<LabelMatcher> matchers,
        CancellationToken cancellation)
    {
        var values = new HashSet<string>(StringComparer.Ordinal);
        if (matchers.Count > 0 || HasDeleted)
        {
            values.UnionWith(Select(matchers, cancellation).Select(series => series.Labels[name])
                .Where(static value => value.Length > 0));
        }
        else
        {
            foreach (var block in _blocks)
            {
                values.UnionWith(block.LabelValues(name));
            }
            if (AsksHead)
            {
                values.UnionWith(_head.Index.Values(name));
            }
        }
        return Sorted(values);
    }

    public void Dispose() => _points.Close(_point);

    private IEnumerable<HeadSeries> HeadSeriesIn(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        if (!AsksHead)
        {
            yield break;
        }
        foreach (var id in _head.Index.Select(matchers, cancellation))
        {
            if (_head.Find(id) is { } series && series.View(_point.Commit).HasChunkIn(HeadFromMs, _minTimeMs, _maxTimeMs))
            {
                yield return series;
            }
        }
    }

    private static bool HasSample(MergedSeries series, long minTimeMs, long maxTimeMs)
    {
        var samples = new SampleBuffer();
        series.Read(minTimeMs, maxTimeMs, samples);
        return samples.Count > 0;
    }

    private static string[] Sorted(HashSet<string> texts)
    {
        var sorted = texts.ToArray();
        Array.Sort(sorted, StringComparer.Ordinal);
        return sorted;
    }
}

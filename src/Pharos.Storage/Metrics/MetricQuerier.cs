using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Downsampling;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Metrics.Retention;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics;

/// <summary>A view of head and blocks as they were when it was opened.</summary>
internal sealed class MetricQuerier : IMetricQuerier
{
    private readonly HeadBlock _head;
    private readonly ReadPoints _points;
    private readonly ReadPoint _point;
    private readonly RetentionHorizon _horizon;
    private readonly long _minTimeMs;
    private readonly long _maxTimeMs;
    private readonly MetricBlock[] _blocks;
    private readonly DownsampledView? _reduced;

    /// <param name="levels">Null where only all samples are wanted.</param>
    public MetricQuerier(
        HeadBlock head, ReadPoints points, RetentionHorizon horizon, DownsampledLevels? levels, long minTimeMs, long maxTimeMs)
    {
        _head = head;
        _points = points;
        _horizon = horizon;
        _minTimeMs = minTimeMs;
        _maxTimeMs = maxTimeMs;
        _point = points.Open();
        _blocks = [.. _point.View.Blocks.Where(block => block.Meta.Overlaps(minTimeMs, maxTimeMs))];
        _reduced = levels is { All.Count: > 0 }
            ? new DownsampledView(levels, minTimeMs, maxTimeMs, OldestIn(_point.View, head)) : null;
    }

    /// <summary>Before it no samples are left but reduced ones.</summary>
    public static long OldestIn(StoreView view, HeadBlock head) =>
        view.Blocks is [var first, ..] ? first.Meta.MinTimeMs : Math.Max(view.HeadFromMs, head.MinTimeMs);

    /// <summary>Whether the indexes may name series that have nothing left.</summary>
    private bool HasHidden => _head.HasDeleted || Array.Exists(_blocks, static block => block.Tombstones is not null)
        || _horizon.LatestMs > Math.Max(_minTimeMs, OldestMs) || HasOlder;

    /// <summary>Whether there may be samples that are left only in reduced form.</summary>
    private bool HasOlder => _reduced?.MayBeAlone(_horizon.LatestMs) == true;

    /// <summary>No sample is older.</summary>
    private long OldestMs => _head.LateCount > 0 ? long.MinValue
        : Math.Min(_head.MinTimeMs, _blocks is [var oldest, ..] ? oldest.Meta.MinTimeMs : long.MaxValue);

    /// <summary>Whether the head may hold samples of the time asked for: only then does its index name anything.</summary>
    private bool AsksHead => _head.LateCount > 0
        || (HeadFromMs <= _maxTimeMs && _head.MinTimeMs <= _maxTimeMs && _head.MaxTimeMs >= _minTimeMs);

    private long HeadFromMs => Math.Max(_minTimeMs, _point.View.HeadFromMs);

    public IReadOnlyList<IStoredSeries> Select(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var series = SelectAll(matchers, cancellation);
        return HasOlder ? _reduced!.AddOlder(matchers, series, _horizon.FromMs, cancellation) : series;
    }

    public IReadOnlyList<IStoredSeries>? SelectDownsampled(
        IReadOnlyList<LabelMatcher> matchers, ReadHints hints, CancellationToken cancellation) =>
        _reduced?.Select(matchers, hints, () => Select(matchers, cancellation), cancellation);

    private MergedSeries[] SelectAll(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var parts = new List<MergedSeries>();
        AskBlocks(block =>
        {
            foreach (var series in block.Select(matchers, _minTimeMs, _maxTimeMs, cancellation))
            {
                parts.Add(new MergedSeries(series));
            }
        });
        var blockParts = parts.Count;
        AddHead(matchers, parts, cancellation);
        cancellation.ThrowIfCancellationRequested();

        // Those of the head are sorted, and each is there once.
        var merged = blockParts == 0 ? [.. parts] : MergedSeries.Merge(parts);
        return HasHidden ? [.. merged.Where(IsVisible)] : merged;
    }

    public IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (matchers.Count > 0 || HasHidden)
        {
            names.UnionWith(Select(matchers, cancellation).SelectMany(static series => series.Labels)
                .Select(static label => label.Name));
        }
        else
        {
            AskBlocks(block => names.UnionWith(block.LabelNames()));
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
        if (matchers.Count > 0 || HasHidden)
        {
            values.UnionWith(Select(matchers, cancellation).Select(series => series.Labels[name])
                .Where(static value => value.Length > 0));
        }
        else
        {
            AskBlocks(block => values.UnionWith(block.LabelValues(name)));
            if (AsksHead)
            {
                values.UnionWith(_head.Index.Values(name));
            }
        }
        return Sorted(values);
    }

    public void Dispose()
    {
        _reduced?.Dispose();
        _points.Close(_point);
    }

    /// <summary>A block whose index cannot be read any more is reported; the others answer.</summary>
    private void AskBlocks(Action<MetricBlock> question)
    {
        foreach (var block in _blocks)
        {
            try
            {
                question(block);
            }
            catch (IOException exception)
            {
                block.ReportUnreadable(exception);
            }
        }
    }

    private void AddHead(IReadOnlyList<LabelMatcher> matchers, List<MergedSeries> into, CancellationToken cancellation)
    {
        if (!AsksHead)
        {
            return;
        }
        var selection = _head.Selections.Select(matchers, cancellation);
        var part = new HeadPart(selection, _point.Commit, _point.View.HeadFromMs);
        into.EnsureCapacity(into.Count + selection.Count);
        for (var i = 0; i < selection.Count; i++)
        {
            selection.Passing(i);
            if (selection[i].HasChunkIn(_point.Commit, HeadFromMs, _minTimeMs, _maxTimeMs))
            {
                into.Add(new MergedSeries(part, i));
            }
        }
    }

    private bool IsVisible(MergedSeries series)
    {
        if (_horizon.LatestMs > _minTimeMs && _horizon.FromMs(series.Labels) is var fromMs && fromMs > _minTimeMs)
        {
            series.HideBefore(fromMs);
            if (!series.HasChunkIn(fromMs, _maxTimeMs))
            {
                return false;
            }
        }
        return !series.HasDeleted || HasSample(series, _minTimeMs, _maxTimeMs);
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

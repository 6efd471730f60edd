using Pharos.Query.PromQL.Evaluation.Shards;
using Pharos.Query.PromQL.Functions;
using Pharos.Query.PromQL.Kernels;
using Pharos.Query.PromQL.Ranges;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Downsampling;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>One instant selector over a grid: at each step the newest sample within the lookback.</summary>
internal sealed class InstantSelection(Evaluator evaluator, VectorSelector selector, SelectedValue wanted)
{
    /// <summary>Per step the time that is looked back from.</summary>
    private readonly long[] _references = References(evaluator, selector);
    private readonly bool _smoothed = selector.Extension == RangeExtension.Smoothed;
    private long _made;

    private QueryContext Context => evaluator.Context;

    public List<SeriesColumn> Select()
    {
        var output = new List<SeriesColumn>();
        Stream(column =>
        {
            output.Add(column);
            return true;
        });
        return output;
    }

    /// <summary>Shows each column that has a point, in the order of the series.</summary>
    /// <param name="take">Answers whether it keeps the column; one that it does not keep is used again.</param>
    public void Stream(Func<SeriesColumn, bool> take)
    {
        var first = _references[0] - Context.LookbackMs + 1;
        var last = _references[^1] + (_smoothed ? Context.LookbackMs : 0);
        var stored = Stored();
        Context.Budget.EnsureColumns(stored.Count, evaluator.Steps);
        var weights = new long[stored.Count];
        SeriesShards.Run(evaluator, stored.Count, (i, shard) =>
        {
            var column = _smoothed ? Smoothed(stored[i], first, last, shard) : Newest(stored[i], first, last, shard);
            weights[i] = SampleWeight.Of(column);
            Context.Budget.Ensure(Interlocked.Add(ref _made, weights[i]));
            return column;
        }, (i, column) => weights[i] > 0 && take(column));
        foreach (var weight in weights)
        {
            Context.Budget.Hold(weight);
            Weight += weight;
        }
    }

    /// <summary>What all columns count for, once they were shown.</summary>
    public long Weight { get; private set; }

    /// <summary>At the ends of intervals the newest sample is among those that reduced windows keep.</summary>
    private IReadOnlyList<IStoredSeries> Stored()
    {
        var querier = Context.Querier;
        var alignmentMs = _smoothed || wanted == SelectedValue.StartTimestamp ? 0 : Downsampled.Alignment(_references, 0);
        return (alignmentMs == 0 ? null
                : querier.SelectDownsampled(selector.Matchers, new ReadHints(alignmentMs, 0, SampleAggregate.Points), Context.Cancellation))
            ?? querier.Select(selector.Matchers, Context.Cancellation);
    }

    private static long[] References(Evaluator evaluator, VectorSelector selector)
    {
        var fixedMs = selector.At?.Resolve(evaluator.Context.Grid.StartMs, evaluator.Context.Grid.EndMs);
        return [.. Enumerable.Range(0, evaluator.Steps).Select(step => (fixedMs ?? evaluator.Grid.At(step)) - selector.OffsetMs)];
    }

    private SeriesColumn Newest(IStoredSeries series, long firstMs, long lastMs, ShardState shard)
    {
        if (TryNewest(series, firstMs, lastMs, shard) is { } known)
        {
            return known;
        }
        var samples = shard.Raw;
        samples.Clear();
        samples.AsksForPresence = selector.ReadsPresence;
        series.Read(firstMs, lastMs, samples);
        if (selector.ReadsStatistics)
        {
            samples.ResolveHints();
        }
        var column = shard.NewColumn(series);
        if (samples.Count == 0 || TryFillPlain(column, samples, shard))
        {
            return column;
        }
        var times = samples.Timestamps;
        var values = samples.Values;
        var next = 0;
        for (var step = 0; step < evaluator.Steps; step++)
        {
            var reference = _references[step];
            while (next < times.Length && times[next] <= reference)
            {
                next++;
            }
            if (next > 0 && times[next - 1] > reference - Context.LookbackMs && !StaleMarker.Is(values[next - 1]))
            {
                var element = Value(series.Labels, samples, next - 1);
                column.Set(step, element);
                shard.Samples.Add(step, SampleWeight.Of(element));
            }
        }
        return column;
    }

    /// <summary>The column of one step, of a series that knows its newest sample; null where it is to be read.</summary>
    private SeriesColumn? TryNewest(IStoredSeries series, long firstMs, long lastMs, ShardState shard)
    {
        if (_references.Length != 1 || wanted != SelectedValue.Sample || !Context.Options.UseFastPaths
            || !series.TryNewest(out var timestampMs, out var value) || timestampMs > lastMs)
        {
            return null;
        }
        var column = shard.NewColumn(series);
        if (timestampMs >= firstMs && !StaleMarker.Is(value))
        {
            column.Set(0, value);
            shard.Samples.Add(0, 1);
        }
        return column;
    }

    /// <summary>False where there are histograms, staleness markers, or something else than the values is asked for.</summary>
    private bool TryFillPlain(SeriesColumn column, SampleBuffer samples, ShardState shard)
    {
        if (wanted != SelectedValue.Sample || !Context.Options.UseFastPaths || samples.HasHistograms || samples.Values.ContainsStaleMarker())
        {
            return false;
        }
        var bounds = shard.Bounds ??= new WindowBounds(
            Array.ConvertAll(_references, reference => reference - Context.LookbackMs), _references, weighsWindows: false);
        bounds.MoveTo(samples.Timestamps, shard.Samples);
        bounds.Use();
        OverTimeKernels.Last(
            new PlainWindows
            {
                Timestamps = samples.Timestamps,
                Values = samples.Values,
                Bounds = bounds,
                Parameters = [],
                Scratch = shard.Scratch,
            },
            column.Values, column.Present);
        return true;
    }

    private Element Value(LabelSet labels, SampleBuffer samples, int index) => wanted switch
    {
        SelectedValue.InfoTimestamp when !samples.Histograms.IsEmpty && samples.Histograms[index] is not null =>
            throw new QueryException(QueryErrorKind.Execution, $"this should be an info metric, with float samples: {labels}"),
        SelectedValue.Timestamp or SelectedValue.InfoTimestamp => samples.Timestamps[index] / 1000.0,
        SelectedValue.StartTimestamp => samples.StartTimes.IsEmpty ? 0 : samples.StartTimes[index] / 1000.0,
        _ => new Element(samples.Values[index], samples.Histograms.IsEmpty ? null : samples.Histograms[index]),
    };

    /// <summary>The value on the straight line to the next sample; without one, the last stays.</summary>
    private SeriesColumn Smoothed(IStoredSeries series, long firstMs, long lastMs, ShardState shard)
    {
        shard.Buffer.Read(series, firstMs, lastMs);
        var column = shard.NewColumn(series);
        var notes = new SeriesNotes(shard.Annotations, series.Labels, selector.Position);
        var (numbers, histograms) = (shard.Buffer.Numbers, shard.Buffer.Histograms);
        if (numbers.Count > 0 && histograms.Count > 0)
        {
            notes.MixedTypes();
            return column;
        }
        var samples = numbers.Count > 0 ? numbers : histograms;
        var times = samples.Timestamps;
        var next = 0;
        for (var step = 0; step < evaluator.Steps; step++)
        {
            var reference = _references[step];
            while (next < times.Length && times[next] <= reference)
            {
                next++;
            }
            if (next == 0 || times[next - 1] <= reference - Context.LookbackMs)
            {
                continue;
            }
            var alone = times[next - 1] == reference || next == times.Length || times[next] > reference + Context.LookbackMs;
            if (alone || wanted != SelectedValue.Sample)
            {
                column.Set(step, Value(series.Labels, samples, next - 1));
            }
            else if (samples.HasHistograms)
            {
                var points = new WindowPoints(samples, 0, samples.Count, useStartTimes: false);
                var isCounter = points.Histograms[next]!.ResetHint != CounterResetHint.Gauge;
                if (points.Histograms[next]!.HasCustomBuckets != points.Histograms[next - 1]!.HasCustomBuckets)
                {
                    notes.MixedBuckets();
                }
                else if (notes.Between(points, next - 1, reference, isCounter) is { } between)
                {
                    column.Set(step, between);
                }
            }
            else
            {
                column.Set(step, ExtendedRanges.Interpolate(
                    times[next - 1], samples.Values[next - 1], times[next], samples.Values[next], reference));
            }
            shard.Samples.Add(step, 1);
        }
        return column;
    }
}

using Pharos.Query.PromQL.Functions;
using Pharos.Query.PromQL.Ranges;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>One instant selector over a grid: at each step the newest sample within the lookback.</summary>
internal sealed class InstantSelection(Evaluator evaluator, VectorSelector selector, SelectedValue wanted)
{
    private readonly long? _fixedMs = selector.At?.Resolve(evaluator.Context.Grid.StartMs, evaluator.Context.Grid.EndMs);
    private readonly bool _smoothed = selector.Extension == RangeExtension.Smoothed;
    private long _made;

    private QueryContext Context => evaluator.Context;

    public List<SeriesColumn> Select()
    {
        var first = Reference(0) - Context.LookbackMs + 1;
        var last = Reference(evaluator.Steps - 1) + (_smoothed ? Context.LookbackMs : 0);
        var stored = Context.Querier.Select(selector.Matchers, Context.Cancellation);
        Context.Budget.EnsureColumns(stored.Count, evaluator.Steps);
        var columns = new SeriesColumn[stored.Count];
        SeriesShards.Run(evaluator, stored.Count, (i, shard) =>
        {
            columns[i] = _smoothed ? Smoothed(stored[i], first, last, shard) : Newest(stored[i], first, last, shard);
            Context.Budget.Ensure(Interlocked.Add(ref _made, SampleWeight.Of(columns[i])));
        });
        var output = new List<SeriesColumn>(columns.Length);
        foreach (var column in columns)
        {
            if (!column.IsEmpty)
            {
                output.Add(column);
                Context.Budget.Hold(SampleWeight.Of(column));
            }
        }
        return output;
    }

    private long Reference(int step) => (_fixedMs ?? evaluator.Grid.At(step)) - selector.OffsetMs;

    private SeriesColumn Newest(IStoredSeries series, long firstMs, long lastMs, ShardState shard)
    {
        var samples = shard.Raw;
        samples.Clear();
        series.Read(firstMs, lastMs, samples);
        if (selector.ReadsStatistics)
        {
            samples.ResolveHints();
        }
        var column = new SeriesColumn(series.Labels, evaluator.Steps);
        var times = samples.Timestamps;
        var values = samples.Values;
        var next = 0;
        for (var step = 0; step < evaluator.Steps; step++)
        {
            var reference = Reference(step);
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
        var column = new SeriesColumn(series.Labels, evaluator.Steps);
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
            var reference = Reference(step);
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

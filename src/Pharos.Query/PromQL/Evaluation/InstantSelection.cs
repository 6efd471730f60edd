using Pharos.Query.PromQL.Functions;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>One instant selector over a grid: at each step the newest sample within the lookback.</summary>
/// <param name="asTimestamps">The value is the sample's time in seconds.</param>
internal sealed class InstantSelection(Evaluator evaluator, VectorSelector selector, bool asTimestamps)
{
    private readonly long? _fixedMs = selector.At?.Resolve(evaluator.Context.Grid.StartMs, evaluator.Context.Grid.EndMs);
    private readonly bool _smoothed = selector.Extension == RangeExtension.Smoothed;
    private readonly SampleBuffer _samples = new();

    private QueryContext Context => evaluator.Context;

    public List<SeriesColumn> Select()
    {
        var columns = new List<SeriesColumn>();
        var first = Reference(0) - Context.LookbackMs + 1;
        var last = Reference(evaluator.Steps - 1) + (_smoothed ? Context.LookbackMs : 0);
        foreach (var series in Context.Querier.Select(selector.Matchers, Context.Cancellation))
        {
            Context.Cancellation.ThrowIfCancellationRequested();
            _samples.Clear();
            series.Read(first, last, _samples);
            Context.Budget.Read(_samples.Count);
            var column = Column(series.Labels);
            if (!column.IsEmpty)
            {
                columns.Add(column);
                Context.Budget.Hold(evaluator.Steps);
            }
        }
        return columns;
    }

    private long Reference(int step) => (_fixedMs ?? evaluator.Grid.At(step)) - selector.OffsetMs;

    private SeriesColumn Column(LabelSet labels)
    {
        var column = new SeriesColumn(labels, evaluator.Steps);
        var times = _samples.Timestamps;
        var values = _samples.Values;
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
                column.Set(step, asTimestamps ? times[next - 1] / 1000.0
                    : _smoothed ? Smooth(next, reference) : values[next - 1]);
            }
        }
        return column;
    }

    /// <summary>The value on the straight line to the next sample; without one, the last stays.</summary>
    private double Smooth(int next, long referenceMs)
    {
        var times = _samples.Timestamps;
        var values = _samples.Values;
        return next == times.Length || times[next] > referenceMs + Context.LookbackMs || StaleMarker.Is(values[next])
            ? values[next - 1]
            : ExtendedRanges.Interpolate(times[next - 1], values[next - 1], times[next], values[next], referenceMs);
    }
}

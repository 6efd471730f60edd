using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Downsampling;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Ranges;

/// <summary>The series behind a range selector or subquery, and where each step's window lies.</summary>
/// <remarks>Once made it is only read, by several threads at once.</remarks>
internal sealed class RangeSource
{
    private readonly QueryContext _context;
    private readonly IReadOnlyList<IStoredSeries> _stored;
    private readonly List<SeriesColumn> _computed;
    private readonly StepGrid _computedGrid;
    private readonly long? _fixedMs;
    private readonly long _offsetMs;
    private readonly long _rangeMs;
    private readonly bool _readsPresence;
    private readonly bool _readsStatistics;

    /// <param name="wanted">What of an interval of many samples is enough; null where every sample is needed.</param>
    public RangeSource(Evaluator evaluator, Expr expr, SampleAggregate? wanted = null)
    {
        _context = evaluator.Context;
        _stored = [];
        _computed = [];
        var query = _context.Grid;
        if (expr is MatrixSelector { Vector: var vector } matrix)
        {
            Extension = vector.Extension;
            _fixedMs = vector.At?.Resolve(query.StartMs, query.EndMs);
            _offsetMs = vector.OffsetMs;
            _rangeMs = matrix.RangeMs;
            _readsStatistics = vector.ReadsStatistics;
            var reduced = wanted is { } aggregate && Extension == RangeExtension.None && evaluator.Steps > 0
                ? SelectDownsampled(evaluator.Grid, vector, aggregate) : null;
            HasCounts = reduced is not null && wanted == SampleAggregate.Count;
            _readsPresence = vector.ReadsPresence && !HasCounts;
            _stored = reduced ?? _context.Querier.Select(vector.Matchers, _context.Cancellation);
        }
        else
        {
            var subquery = (SubqueryExpr)expr;
            _fixedMs = subquery.At?.Resolve(query.StartMs, query.EndMs);
            _offsetMs = subquery.OffsetMs;
            _rangeMs = subquery.RangeMs;
            _computedGrid = SubqueryGrid(subquery, evaluator.Grid);
            if (_computedGrid.Count > 0)
            {
                var inner = evaluator.On(_computedGrid);
                _computed = inner.Vector(subquery.Inner);
                InnerSamples = inner.Samples.Total;
            }
        }
    }

    public int Count => _stored.Count + _computed.Count;

    public RangeExtension Extension { get; }

    /// <summary>The values say how many samples there were, each for its part of the time.</summary>
    public bool HasCounts { get; }

    /// <summary>The samples come from the store rather than from a subquery.</summary>
    public bool IsStored => _stored.Count > 0;

    /// <summary>All series are of one metric, so that they stay apart without its name.</summary>
    public bool IsOneMetric
    {
        get
        {
            var name = Count > 0 ? Labels(0).MetricName : "";
            for (var series = 0; series < Count; series++)
            {
                if (!Signatures.IsOnlyMetadata(Labels(series), name))
                {
                    return false;
                }
            }
            return true;
        }
    }

    /// <summary>What a subquery's own selectors read.</summary>
    public long InnerSamples { get; }

    public LabelSet Labels(int series) => _stored.Count > 0 ? _stored[series].Labels : _computed[series].Labels;

    public bool DropName(int series) => _stored.Count == 0 && _computed[series].DropName;

    public long WindowEnd(long stepMs) => (_fixedMs ?? stepMs) - _offsetMs;

    public long WindowStart(long stepMs) => WindowEnd(stepMs) - _rangeMs;

    /// <summary>Reads all samples that any step's window may hold.</summary>
    public void Read(int series, StepGrid grid, WindowSamples into)
    {
        if (_stored.Count > 0)
        {
            var before = Extension != RangeExtension.None ? _context.LookbackMs : 0;
            var after = Extension == RangeExtension.Smoothed ? _context.LookbackMs : 0;
            into.Read(_stored[series],
                WindowStart(grid.StartMs) - before + 1, WindowEnd(grid.At(grid.Count - 1)) + after, _readsPresence);
            if (_readsStatistics)
            {
                into.Histograms.ResolveHints();
            }
            return;
        }
        into.Clear();
        var column = _computed[series];
        for (var step = 0; step < column.Steps; step++)
        {
            if (column.Present[step])
            {
                into.Add(_computedGrid.At(step), WithoutHint(column[step]));
            }
        }
    }

    private IReadOnlyList<IStoredSeries>? SelectDownsampled(StepGrid grid, VectorSelector vector, SampleAggregate wanted)
    {
        // The step counts where there is but one, too: a part of a range reads what the whole range does, or the cache would tell them apart.
        var alignmentMs = Downsampled.Alignment([WindowEnd(grid.At(0)), WindowEnd(grid.At(1))], _rangeMs);
        return alignmentMs == 0 ? null
            : _context.Querier.SelectDownsampled(vector.Matchers, new ReadHints(alignmentMs, _rangeMs, wanted), _context.Cancellation);
    }

    /// <summary>A histogram's hint speaks of the sample before it in the store, which the subquery may have left out.</summary>
    private static Element WithoutHint(in Element element) =>
        element.Histogram is null || element.Histogram.ResetHint == CounterResetHint.Gauge ? element
            : element.Histogram.WithHint(CounterResetHint.Unknown);

    /// <summary>The subquery's own times: multiples of its step inside its range.</summary>
    private StepGrid SubqueryGrid(SubqueryExpr subquery, StepGrid grid)
    {
        var step = subquery.StepMs > 0 ? subquery.StepMs : _context.DefaultSubqueryStepMs;
        var from = WindowStart(grid.StartMs);
        var start = step * (from / step);
        if (start <= from)
        {
            start += step;
        }
        return new StepGrid(start, WindowEnd(grid.At(grid.Count - 1)), step);
    }
}

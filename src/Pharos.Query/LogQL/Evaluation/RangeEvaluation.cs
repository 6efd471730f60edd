using Pharos.Query.LogQL.Evaluation.Scanning;
using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Pipeline.Probing;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Query.LogQL.Evaluation;

/// <summary>Evaluates a range aggregation at all steps in one pass over the blocks.</summary>
internal sealed class RangeEvaluation
{
    private readonly LogQueryContext _context;
    private readonly MetricExpr.RangeAggregation _expr;
    private readonly LogGrouping? _grouping;
    private readonly StepGrid _grid;
    private readonly ScanPlan _plan;
    private readonly IReadOnlyCollection<string>? _wanted;
    private readonly long _fromNs;
    private readonly long _toNs;

    /// <param name="context">The query.</param>
    /// <param name="expr">What to evaluate.</param>
    /// <param name="grouping">What is left of the series' labels: the expression's own, or that of a sum around it.</param>
    /// <param name="grid">When.</param>
    public RangeEvaluation(LogQueryContext context, MetricExpr.RangeAggregation expr, LogGrouping? grouping, StepGrid grid)
    {
        LogLimits.CheckRange(context.Options, expr.Range);
        _context = context;
        _expr = expr;
        _grouping = expr.Operation == RangeOperation.AbsentOverTime ? new LogGrouping([], Without: false) : grouping;
        _grid = grid;
        _plan = ScanPlan.Of(expr.Range.Query.Stages);
        _wanted = LabelNeeds.Of(expr.Range, _grouping);
        _fromNs = grid.StartNs - expr.Range.OffsetNs - expr.Range.RangeNs + 1;
        _toNs = grid.EndNs - expr.Range.OffsetNs + 1;
    }

    /// <summary>Whether a sum of the operation over several series is the operation over all their lines.</summary>
    public static bool IsAdditive(MetricExpr.RangeAggregation expr) => expr.Range.Unwrap is null && expr.Operation is RangeOperation.CountOverTime
        or RangeOperation.Rate or RangeOperation.BytesOverTime or RangeOperation.BytesRate;

    public List<LogSeries> Evaluate()
    {
        using var querier = _context.Open(_fromNs, _toNs);
        var blocks = querier.Blocks(_expr.Range.Query.Matchers, _context.Cancellation);
        _context.Count(blocks);
        var series = _expr.Range.Unwrap is null ? Counted(blocks) : Unwrapped(blocks);
        _context.CountDamaged(querier.DamagedEntries(_expr.Range.Query.Matchers, _context.Cancellation));
        return _expr.Operation == RangeOperation.AbsentOverTime ? [Absent(series)] : series;
    }

    private List<LogSeries> Counted(IReadOnlyList<ILogBlock> blocks)
    {
        var bytes = _expr.Operation is RangeOperation.BytesOverTime or RangeOperation.BytesRate;
        var needsLines = bytes || _expr.Range.Query.Stages.Any(static stage => stage is not (LogStage.Filter or LogStage.Drop or LogStage.Keep));
        var workers = Run(blocks, pipeline => new CountingSink(
            Keys(pipeline, null), _grid, _expr.Range, bytes, needsLines, needsMetadata: _wanted is null or { Count: > 0 }));
        var merged = new Dictionary<LabelSet, (long[] Changes, long[] Lines)>();
        foreach (var sink in workers)
        {
            for (var i = 0; i < sink.Changes.Count; i++)
            {
                var labels = sink.Series.Labels[i];
                if (!merged.TryGetValue(labels, out var sums))
                {
                    merged.Add(labels, (sink.Changes[i], sink.Lines[i]));
                    continue;
                }
                Add(sums.Changes, sink.Changes[i]);
                if (bytes)
                {
                    Add(sums.Lines, sink.Lines[i]);
                }
            }
        }
        var seconds = _expr.Operation is RangeOperation.Rate or RangeOperation.BytesRate ? _expr.Range.RangeNs / 1e9 : 1;
        return [.. merged.Select(pair => Summed(pair.Key, pair.Value.Changes, pair.Value.Lines, seconds))];
    }

    private static void Add(long[] sums, long[] added)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += added[i];
        }
    }

    private LogSeries Summed(LabelSet labels, long[] changes, long[] lines, double seconds)
    {
        var series = LogSeries.Empty(labels, _grid.Count);
        var (value, count) = (0L, 0L);
        for (var step = 0; step < _grid.Count; step++)
        {
            value += changes[step];
            count += lines[step];
            if (count > 0)
            {
                series.Set(step, value / seconds);
            }
        }
        return series;
    }

    private List<LogSeries> Unwrapped(IReadOnlyList<ILogBlock> blocks)
    {
        var unwrap = _expr.Range.Unwrap!;
        var workers = Run(blocks, pipeline => new SampleSink(Keys(pipeline, _grouping is null ? unwrap.Label : null), unwrap, pipeline));
        var merged = new Dictionary<LabelSet, List<LogSample>>();
        foreach (var sink in workers)
        {
            for (var i = 0; i < sink.Samples.Count; i++)
            {
                if (!merged.TryAdd(sink.Series.Labels[i], sink.Samples[i]))
                {
                    merged[sink.Series.Labels[i]].AddRange(sink.Samples[i]);
                }
            }
        }
        return [.. merged.Select(pair => WindowFunctions.Evaluate(_expr, pair.Key, pair.Value, _grid))];
    }

    private SeriesKeys Keys(LogPipeline pipeline, string? unwrapped)
    {
        var perStep = Math.Max(1, LogQueryRun.MaxCells / _grid.Count);
        return new SeriesKeys(_grouping, unwrapped, pipeline.Keys, Math.Min(_context.Options.MaxSelectedSeries, perStep));
    }

    private List<TSink> Run<TSink>(IReadOnlyList<ILogBlock> blocks, Func<LogPipeline, TSink> make)
        where TSink : RowConsumer
    {
        var workers = BlockWork.Run(blocks, _context.Options.MaxParallelism, () =>
        {
            var pipeline = new LogPipeline(_expr.Range.Query.Stages, _context.Time, _wanted);
            var sink = make(pipeline);
            var minutes = sink is CountingSink counting ? MinuteCounts.For(_expr, _grouping, _grid, counting) : null;
            var times = sink is CountingSink counted ? TimeCounts.For(_expr, _grouping, _grid, counted) : null;
            var field = JsonFieldProbe.For(_expr.Range.Query.Stages, _wanted);
            return (Scanner: new BlockScanner(pipeline, _plan, sink, field: field), Sink: sink, Minutes: minutes, Times: times);
        }, (worker, block, cancellation) =>
        {
            if (worker.Minutes?.TryCount(block) == true || worker.Times?.TryCount(block, _fromNs, _toNs) == true)
            {
                worker.Scanner.CountSkipped(block, _fromNs, _toNs);
            }
            else
            {
                worker.Scanner.Scan(block, _fromNs, _toNs, cancellation);
            }
        }, _context.Cancellation);
        foreach (var worker in workers)
        {
            _context.Count(worker.Scanner.Counts);
        }
        return [.. workers.Select(static worker => worker.Sink)];
    }

    /// <summary>One where there is nothing, with the labels that the selector demands.</summary>
    private LogSeries Absent(List<LogSeries> series)
    {
        var labels = new LabelSetBuilder();
        foreach (var matcher in _expr.Range.Query.Matchers.GroupBy(static matcher => matcher.Name, StringComparer.Ordinal))
        {
            if (matcher.Count() == 1 && matcher.First().Type == MatchType.Equal)
            {
                labels.Set(matcher.Key, matcher.First().Value);
            }
        }
        var absent = LogSeries.Empty(labels.Build(), _grid.Count);
        for (var step = 0; step < _grid.Count; step++)
        {
            if (!series.Exists(one => one.Present[step]))
            {
                absent.Set(step, 1);
            }
        }
        return absent;
    }
}

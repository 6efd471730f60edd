using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Logs;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>Counts lines and bytes from what blocks know of each minute, without decoding anything.</summary>
/// <remarks>What is exploited: without stages only the streams and the level tell series apart, and where all windows begin and end at whole
/// minutes, the lines of a minute are in the same windows. Not thread-safe.</remarks>
internal sealed class MinuteCounts
{
    private const long MinuteNs = 60_000_000_000;

    private readonly LogGrouping? _grouping;
    private readonly CountingSink _sink;
    private readonly Dictionary<(LogStream Stream, string Level), int> _numbers = [];

    private MinuteCounts(LogGrouping? grouping, CountingSink sink)
    {
        _grouping = grouping;
        _sink = sink;
    }

    /// <summary>Null where the query needs more than minutes can tell.</summary>
    public static MinuteCounts? For(MetricExpr.RangeAggregation expr, LogGrouping? grouping, StepGrid grid, CountingSink sink) =>
        expr.Range.Query.Stages.Count == 0 && expr.Range.RangeNs % MinuteNs == 0 && (grid.Count == 1 || grid.StepNs % MinuteNs == 0)
            && (grid.StartNs - expr.Range.OffsetNs) % MinuteNs == 0
            ? new MinuteCounts(grouping, sink) : null;

    /// <summary>False where the block has labels of lines that matter, or does not know its minutes; nothing has been counted then.</summary>
    public bool TryCount(ILogBlock block)
    {
        if (block.MetadataNames is not { } names || !CountedLabels.Suffice(block, names, _grouping))
        {
            return false;
        }
        foreach (var run in block.Runs)
        {
            if (!block.TryMinutes(run, out _))
            {
                return false;
            }
        }
        foreach (var run in block.Runs)
        {
            block.TryMinutes(run, out var minutes);
            foreach (var minute in minutes)
            {
                _sink.Add(NumberOf(run.Stream, minute.Level), (minute.Minute + 1) * MinuteNs, minute.Entries, minute.Bytes);
            }
        }
        return true;
    }

    private int NumberOf(LogStream stream, string level)
    {
        if (!_numbers.TryGetValue((stream, level), out var number))
        {
            var labels = level.Length > 0 ? stream.Labels.With(CountedLabels.Level, level) : stream.Labels;
            number = _sink.Series.Number(Grouping.Of(labels, _grouping));
            _numbers.Add((stream, level), number);
        }
        return number;
    }
}

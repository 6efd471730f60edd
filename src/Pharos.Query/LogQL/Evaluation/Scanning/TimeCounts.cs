using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Logs;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>Counts lines by the times of a block alone, and their bytes by where they end, without running a pipeline over its rows.</summary>
/// <remarks>What is exploited: without stages only the streams and the level tell series apart, and the rows of a run are sorted by time, so
/// that the lines of a window lie between two places. The plain twin is <see cref="BlockScanner"/>. Not thread-safe.</remarks>
internal sealed class TimeCounts
{
    /// <summary>Places are looked for where each window has at least so many rows; else each row is put into its windows.</summary>
    private const int RowsPerWindow = 4;

    private readonly LogGrouping? _grouping;
    private readonly StepGrid _grid;
    private readonly LogRange _range;
    private readonly CountingSink _sink;
    private readonly Dictionary<(LogStream Stream, string Level), int> _numbers = [];
    private readonly List<int> _series = [];
    private readonly List<long> _counts = [];

    private TimeCounts(LogGrouping? grouping, StepGrid grid, LogRange range, CountingSink sink)
    {
        (_grouping, _grid, _range, _sink) = (grouping, grid, range, sink);
    }

    /// <summary>Null where the query needs more than times.</summary>
    public static TimeCounts? For(MetricExpr.RangeAggregation expr, LogGrouping? grouping, StepGrid grid, CountingSink sink) =>
        expr.Range.Query.Stages.Count == 0 ? new TimeCounts(grouping, grid, expr.Range, sink) : null;

    /// <summary>False where the block has labels of lines that matter, or deleted lines; nothing has been counted then.</summary>
    public bool TryCount(ILogBlock block, long fromNs, long toNs)
    {
        if (block.MetadataNames is not { } names || !CountedLabels.Suffice(block, names, _grouping))
        {
            return false;
        }
        var byLevel = CountedLabels.Keeps(_grouping, CountedLabels.Level) && names.Contains(CountedLabels.Level, StringComparer.Ordinal);
        using var borrowed = block.Borrow(
            LogColumns.Times | (byLevel ? LogColumns.Metadata : LogColumns.None) | (_sink.CountsBytes ? LogColumns.LineEnds : LogColumns.None));
        var rows = borrowed.Rows;
        if (rows.HasDeleted || (_sink.CountsBytes && rows.LineEnds.Length < rows.TimesNs.Length))
        {
            return false;
        }
        var levels = byLevel ? rows.Metadata.FirstOrDefault(static column => column.Name == CountedLabels.Level) : null;
        foreach (var run in block.Runs)
        {
            if (run.MaxTimeNs < fromNs || run.MinTimeNs >= toNs)
            {
                continue;
            }
            if (levels is null)
            {
                Count(run.Stream, new Rows(rows, run, _sink.CountsBytes));
            }
            else
            {
                Count(run.Stream, new Rows(rows, run, _sink.CountsBytes), levels, levels.Numbers.Slice(run.First, run.Count));
            }
        }
        return true;
    }

    private void Count(LogStream stream, Rows rows)
    {
        var timesNs = rows.TimesNs;
        var number = NumberOf(stream, "");
        var (first, last) = StepsOf(timesNs);
        if ((last - first + 1L) * RowsPerWindow > timesNs.Length)
        {
            for (var i = 0; i < timesNs.Length; i++)
            {
                _sink.Add(number, timesNs[i], 1, rows.Bytes(i, i + 1));
            }
            return;
        }
        var (from, to) = (0, 0);
        for (var step = first; step <= last; step++)
        {
            (from, to) = Window(timesNs, step, from, to);
            _sink.AddAt(number, step, to - from, rows.Bytes(from, to));
        }
    }

    private void Count(LogStream stream, Rows rows, LogMetadataColumn levels, ReadOnlySpan<int> numbers)
    {
        var timesNs = rows.TimesNs;

        // Number 0 is that of rows without a level.
        _series.Clear();
        for (var i = -1; i < levels.Values; i++)
        {
            _series.Add(-1);
        }
        var (first, last) = StepsOf(timesNs);
        if (_sink.CountsBytes || _range.RangeNs > _grid.StepNs || (last - first + 1L) * RowsPerWindow > timesNs.Length)
        {
            for (var i = 0; i < timesNs.Length; i++)
            {
                _sink.Add(NumberOf(stream, levels, numbers[i]), timesNs[i], 1, rows.Bytes(i, i + 1));
            }
            return;
        }
        _counts.Clear();
        System.Runtime.InteropServices.CollectionsMarshal.SetCount(_counts, _series.Count);
        var counts = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_counts);
        var (from, to) = (0, 0);
        for (var step = first; step <= last; step++)
        {
            (from, to) = Window(timesNs, step, from, to);
            counts.Clear();
            foreach (var level in numbers[from..to])
            {
                counts[level + 1]++;
            }
            for (var i = 0; i < counts.Length; i++)
            {
                if (counts[i] > 0)
                {
                    _sink.AddAt(NumberOf(stream, levels, i - 1), step, counts[i], 0);
                }
            }
        }
    }

    /// <summary>The steps whose windows reach into a run.</summary>
    private (int First, int Last) StepsOf(ReadOnlySpan<long> timesNs) =>
        (Math.Max(0, FirstStep(timesNs[0])), Math.Min(_grid.Count - 1, LastStep(timesNs[^1])));

    /// <summary>The first step that does not end before a time.</summary>
    private int FirstStep(long timeNs)
    {
        var moved = timeNs + _range.OffsetNs - _grid.StartNs;
        return moved <= 0 || _grid.Count == 1 ? 0 : (int)Math.Min(_grid.Count, (moved + _grid.StepNs - 1) / _grid.StepNs);
    }

    /// <summary>The last step whose window begins before a time.</summary>
    private int LastStep(long timeNs)
    {
        var moved = timeNs + _range.OffsetNs + _range.RangeNs - _grid.StartNs;
        return moved <= 0 ? -1 : _grid.Count == 1 ? 0 : (int)Math.Min(_grid.Count, (moved - 1) / _grid.StepNs);
    }

    /// <summary>The rows of a step's window, which begin and end no sooner than those of the step before.</summary>
    private (int From, int To) Window(ReadOnlySpan<long> timesNs, int step, int from, int to)
    {
        var endNs = _grid.At(step) - _range.OffsetNs;
        return (FirstAfter(timesNs, endNs - _range.RangeNs, from), FirstAfter(timesNs, endNs, to));
    }

    /// <summary>The first row at or behind a place with a time after another.</summary>
    private static int FirstAfter(ReadOnlySpan<long> timesNs, long timeNs, int from)
    {
        // Doubled strides, then halves: mostly it is near.
        var (low, stride) = (from, 1);
        while (low + stride < timesNs.Length && timesNs[low + stride] <= timeNs)
        {
            low += stride;
            stride *= 2;
        }
        var high = Math.Min(timesNs.Length, low + stride + 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (timesNs[middle] <= timeNs)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    private int NumberOf(LogStream stream, LogMetadataColumn levels, int level)
    {
        if (_series[level + 1] < 0)
        {
            _series[level + 1] = NumberOf(stream, level < 0 ? "" : System.Text.Encoding.UTF8.GetString(levels.Value(level)));
        }
        return _series[level + 1];
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

    /// <summary>Those of a run.</summary>
    private readonly ref struct Rows
    {
        private readonly ReadOnlySpan<int> _ends;
        private readonly int _start;

        /// <param name="rows">Of the block.</param>
        /// <param name="run">Which of them.</param>
        /// <param name="withBytes">Whether somebody asks how long lines are.</param>
        public Rows(LogRows rows, in LogRun run, bool withBytes)
        {
            TimesNs = rows.TimesNs.Slice(run.First, run.Count);
            if (withBytes)
            {
                _ends = rows.LineEnds.Slice(run.First, run.Count);
                _start = run.First == 0 ? 0 : rows.LineEnds[run.First - 1] + 1;
            }
        }

        public ReadOnlySpan<long> TimesNs { get; }

        /// <summary>How many bytes the lines of some rows have, their newlines not included; none where nobody asks.</summary>
        public long Bytes(int from, int to) =>
            _ends.IsEmpty || from >= to ? 0 : _ends[to - 1] - (from == 0 ? _start : _ends[from - 1] + 1) - (to - from - 1);
    }
}

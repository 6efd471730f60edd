using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Logs;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>Counts lines, or their bytes, in the windows of all steps: a line is added where it enters the windows and taken away where it has
/// left them, so that overlapping windows cost nothing. Whole numbers make this exact.</summary>
internal sealed class CountingSink(SeriesKeys series, StepGrid grid, LogRange range, bool bytes, bool needsLines, bool needsMetadata) : RowConsumer
{
    /// <summary>For each series what comes in at a step, minus what went out; one step more than there are.</summary>
    private readonly List<long[]> _changes = [];

    /// <summary>How many lines: a window of empty lines is not an empty window.</summary>
    private readonly List<long[]> _lines = [];

    public SeriesKeys Series => series;

    public List<long[]> Changes => _changes;

    public List<long[]> Lines => _lines;

    public bool CountsBytes => bytes;

    public override LogColumns Columns => (needsLines ? LogColumns.Lines : LogColumns.None) | (needsMetadata ? LogColumns.Metadata : LogColumns.None);

    public override void Take(ref LogLine line)
    {
        PipelineFailure.ThrowIfFailed(line.Labels);
        Add(series.NumberOf(line.Labels), line.TimeNs, 1, line.Text.Length);
    }

    public void Add(int number, long timeNs, long lines, long lineBytes)
    {
        var (first, last) = grid.StepsWith(timeNs, range.RangeNs, range.OffsetNs);
        if (first > last)
        {
            return;
        }
        MakeRoom(number);
        var value = bytes ? lineBytes : lines;
        _changes[number][first] += value;
        _changes[number][last + 1] -= value;
        if (bytes)
        {
            _lines[number][first] += lines;
            _lines[number][last + 1] -= lines;
        }
    }

    /// <summary>Adds lines to the window of one step.</summary>
    public void AddAt(int number, int step, long lines, long lineBytes)
    {
        if (lines > 0)
        {
            MakeRoom(number);
            var value = bytes ? lineBytes : lines;
            _changes[number][step] += value;
            _changes[number][step + 1] -= value;
            if (bytes)
            {
                _lines[number][step] += lines;
                _lines[number][step + 1] -= lines;
            }
        }
    }

    private void MakeRoom(int number)
    {
        while (_changes.Count <= number)
        {
            _changes.Add(new long[grid.Count + 1]);
            _lines.Add(bytes ? new long[grid.Count + 1] : _changes[^1]);
        }
    }
}

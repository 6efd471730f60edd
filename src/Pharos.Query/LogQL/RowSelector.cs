using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Logs;

namespace Pharos.Query.LogQL;

/// <summary>Decides by the stages of a log query on rows of blocks, run by run, without a query being run.</summary>
/// <remarks>Not thread-safe. Keeps the names of structured metadata that it has met.</remarks>
public sealed class RowSelector(LogQueryExpr query, TimeProvider time)
{
    private readonly LogPipeline _pipeline = new(query.Stages, time, wanted: null);
    private readonly List<(LabelKey Key, LogMetadataColumn Column)> _columns = [];

    /// <summary>Sets those of <paramref name="selected"/> whose rows pass.</summary>
    /// <param name="first">The row of the stream that the first of <paramref name="selected"/> is about.</param>
    public void Select(LogStream stream, LogRows rows, int first, Span<bool> selected)
    {
        _columns.Clear();
        foreach (var column in rows.Metadata)
        {
            if (column.Numbers.Slice(first, selected.Length).IndexOfAnyExcept(-1) >= 0)
            {
                _columns.Add((_pipeline.Keys.Pin(column.Name), column));
            }
        }
        _pipeline.Labels.BeginStream(stream.Labels);
        for (var i = 0; i < selected.Length; i++)
        {
            selected[i] = selected[i] || Passes(rows, first + i);
        }
    }

    private bool Passes(LogRows rows, int row)
    {
        _pipeline.Labels.BeginLine();
        foreach (var (key, column) in _columns)
        {
            if (column.Numbers[row] is var number and >= 0)
            {
                _pipeline.Labels.AddMetadata(key, column.Value(number));
            }
        }
        var line = new LogLine(rows.Line(row), rows.TimesNs[row], _pipeline.Labels);
        return _pipeline.Run(ref line);
    }
}

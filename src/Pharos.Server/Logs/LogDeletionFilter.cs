using System.Collections.Concurrent;
using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Logs;

namespace Pharos.Server.Logs;

/// <summary>Decides by the stages of a query which entries a deletion is about.</summary>
internal sealed class LogDeletionFilter : ILogRowFilter
{
    /// <summary>A selector that has seen so many runs is not used again: it keeps names of what it has seen.</summary>
    private const int MaxRuns = 10_000;

    private const int MaxIdle = 16;

    private readonly LogQueryExpr _query;
    private readonly ConcurrentBag<(RowSelector Selector, int Runs)> _idle = [];

    private LogDeletionFilter(LogQueryExpr query) => _query = query;

    /// <returns>Null where the text is no query any more.</returns>
    public static ILogRowFilter? Compile(string text)
    {
        try
        {
            return new LogDeletionFilter(LogParser.ParseLogQuery(text));
        }
        catch (LogParseException)
        {
            return null;
        }
    }

    public void Take(LogStream stream, LogRows rows, int first, Span<bool> taken)
    {
        var (selector, runs) = _idle.TryTake(out var idle) ? idle : (new RowSelector(_query, TimeProvider.System), 0);
        selector.Select(stream, rows, first, taken);
        if (runs < MaxRuns && _idle.Count < MaxIdle)
        {
            _idle.Add((selector, runs + 1));
        }
    }
}

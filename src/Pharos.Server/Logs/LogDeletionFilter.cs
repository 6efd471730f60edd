using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Results;
using Pharos.Query.LogQL.Syntax;
using Pharos.Server.Logs.Tailing;
using Pharos.Storage.Logs;

namespace Pharos.Server.Logs;

/// <summary>Decides by the stages of a query which entries a deletion is about.</summary>
internal sealed class LogDeletionFilter : ILogRowFilter
{
    private readonly LogQueryExpr _query;
    private readonly LogEngine _engine = new(new LogEngineOptions { MaxEntries = 0, MaxQueryLength = TimeSpan.Zero, MaxParallelism = 1 }, TimeProvider.System);

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

    public bool Matches(LogStream stream, LogRows rows, int row)
    {
        var metadata = new List<(string, byte[])>();
        foreach (var column in rows.Metadata)
        {
            if (column.Numbers[row] is var number and >= 0)
            {
                metadata.Add((column.Name, column.Value(number).ToArray()));
            }
        }
        var block = new TailBlock([new TailEntry(stream, rows.TimesNs[row], rows.Line(row).ToArray(), metadata)]);
        var asked = new LogRangeRequest(block.MinTimeNs, block.MaxTimeNs + 1) { Limit = 1 };
        var found = _engine.QueryRangeAsync(new TailStore(block), stream.Tenant, _query, asked, CancellationToken.None).GetAwaiter().GetResult();
        return ((LogStreamsResult)found).Entries.Count > 0;
    }
}

using System.Globalization;
using Pharos.Query.LogQL.Syntax;
using Pharos.Server.Api.Loki;
using Pharos.Server.Api.Loki.Series;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Server.Logs;

/// <summary>How much a query would read, told by what blocks know of themselves.</summary>
internal static class QuerySize
{
    /// <exception cref="LokiRefusal">It is more than the limit.</exception>
    /// <param name="store">What is asked.</param>
    /// <param name="tenant">Who asks.</param>
    /// <param name="expr">The query.</param>
    /// <param name="startNs">Inclusive.</param>
    /// <param name="endNs">Exclusive.</param>
    /// <param name="limit">In bytes; 0 for none.</param>
    public static void Check(ILogStore store, string tenant, LogExpr expr, long startNs, long endNs, long limit)
    {
        if (limit <= 0)
        {
            return;
        }
        var bytes = Selections(expr, startNs, endNs).Sum(selection => BytesOf(store, tenant, selection.Matchers, selection.FromNs, selection.ToNs));
        if (bytes > limit)
        {
            throw LokiRefusal.BadRequest(
                $"the query would read too many bytes (query: {Text(bytes)}, limit: {Text(limit)}); "
                + "consider adding more specific stream selectors or reduce the time range of the query");
        }
    }

    private static long BytesOf(ILogStore store, string tenant, IReadOnlyList<LabelMatcher> matchers, long fromNs, long toNs)
    {
        using var querier = store.Querier(tenant, fromNs, toNs);
        var bytes = 0L;
        foreach (var block in querier.Blocks(matchers, CancellationToken.None))
        {
            foreach (var run in block.Runs)
            {
                if (run.MaxTimeNs >= fromNs && run.MinTimeNs < toNs)
                {
                    bytes += RunVolume.Of(block, run, fromNs, toNs).Bytes;
                }
            }
        }
        return bytes;
    }

    private static IEnumerable<(IReadOnlyList<LabelMatcher> Matchers, long FromNs, long ToNs)> Selections(LogExpr expr, long startNs, long endNs) => expr switch
    {
        LogQueryExpr query => [(query.Matchers, startNs, endNs)],
        MetricExpr.RangeAggregation { Range: var range } =>
            [(range.Query.Matchers, startNs - range.OffsetNs - range.RangeNs + 1, endNs - range.OffsetNs + 1)],
        MetricExpr.VectorAggregation vector => Selections(vector.Operand, startNs, endNs),
        MetricExpr.Binary binary => Selections(binary.Left, startNs, endNs).Concat(Selections(binary.Right, startNs, endNs)),
        MetricExpr.LabelReplace replace => Selections(replace.Operand, startNs, endNs),
        _ => [],
    };

    /// <summary>Sizes as Loki prints them here: <c>213 B</c>, <c>1.5 KiB</c>, <c>20 MiB</c>.</summary>
    private static string Text(long bytes)
    {
        ReadOnlySpan<string> units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1024 && unit < units.Length - 1)
        {
            (value, unit) = (value / 1024, unit + 1);
        }
        value = Math.Floor((value * 10) + 0.5) / 10;
        return $"{value.ToString(value < 10 && unit > 0 ? "0.0" : "0", CultureInfo.InvariantCulture)} {units[unit]}";
    }
}

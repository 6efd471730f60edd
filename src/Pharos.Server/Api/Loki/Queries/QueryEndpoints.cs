using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Results;
using Pharos.Query.LogQL.Syntax;
using Pharos.Server.Logs;

namespace Pharos.Server.Api.Loki.Queries;

/// <summary><c>query</c>, <c>query_range</c> and <c>format_query</c>.</summary>
internal sealed class QueryEndpoints(LogQueries queries)
{
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>Steps that a range has where nobody says how many, as in Loki.</summary>
    private const int DefaultSteps = 250;

    private const int MaxSteps = 11_000;

    /// <summary>By this header Grafana's Drilldown says that it can show a part of the series.</summary>
    private const string TagsHeader = "X-Query-Tags";

    private const string Drilldown = "grafana-lokiexplore-app";

    public void Map(LokiRoutes routes)
    {
        routes.MapRead("/loki/api/v1/query", InstantAsync);
        routes.MapRead("/loki/api/v1/query_range", RangeAsync);
        routes.MapRead("/api/prom/query", RangeAsync);
        routes.MapRead("/loki/api/v1/format_query", FormatAsync);
    }

    /// <exception cref="LokiRefusal">The text is no query.</exception>
    public static LogExpr Parse(string text)
    {
        try
        {
            return LogParser.Parse(text);
        }
        catch (LogParseException e)
        {
            throw LokiRefusal.BadRequest(e.Message);
        }
    }

    private async Task InstantAsync(LokiRequest request)
    {
        var expr = Parse(request.Text("query"));
        var timeNs = request.Time("time", request.NowNs);
        request.Count("limit", 100);
        await AnswerAsync(
            request, await queries.InstantAsync(request.Tenants, expr, timeNs, CutsSeries(request), request.Cancellation));
    }

    private async Task RangeAsync(LokiRequest request)
    {
        var expr = Parse(request.Text("query"));
        var (startNs, endNs) = request.Range(TimeSpan.FromHours(1));
        var step = request.Text("step").Length > 0 ? request.Duration("step")
            : Math.Max((endNs - startNs) / NsPerSecond / DefaultSteps, 1) * NsPerSecond;
        if (step <= 0)
        {
            throw LokiRefusal.BadRequest("zero or negative query resolution step widths are not accepted. Try a positive integer");
        }
        if (expr is MetricExpr && (endNs - startNs) / step > MaxSteps)
        {
            throw LokiRefusal.BadRequest(
                "exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter");
        }
        var interval = request.Duration("interval");
        if (interval < 0)
        {
            throw LokiRefusal.BadRequest("interval must be >= 0");
        }
        var asked = new LogRangeRequest(startNs, endNs)
        {
            StepNs = step,
            IntervalNs = interval,
            Limit = request.Count("limit", 100),
            Direction = request.IsForward ? LogDirection.Forward : LogDirection.Backward,
        };
        await AnswerAsync(request, await queries.RangeAsync(request.Tenants, expr, asked, CutsSeries(request), request.Cancellation));
    }

    private static Task FormatAsync(LokiRequest request)
    {
        var text = LogParser.Format(Parse(request.Text("query")));
        return LokiReply.JsonAsync(request.Context, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", "success");
            json.WriteString("data", text);
            json.WriteEndObject();
        });
    }

    private static Task AnswerAsync(LokiRequest request, LogQueryResult result) =>
        LokiReply.JsonAsync(request.Context, stream => LokiResultJson.WriteAsync(stream, result, IsCategorized(request)));

    private static bool CutsSeries(LokiRequest request) =>
        request.Context.Request.Headers[TagsHeader].ToString().Contains(Drilldown, StringComparison.Ordinal);

    private static bool IsCategorized(LokiRequest request) => request.Context.Request.Headers[LokiResultJson.FlagsHeader].ToString()
        .Split(',', StringSplitOptions.TrimEntries).Contains(LokiResultJson.CategorizeLabels, StringComparer.Ordinal);
}

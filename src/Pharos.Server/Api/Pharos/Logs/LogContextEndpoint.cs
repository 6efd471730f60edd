using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Results;
using Pharos.Query.LogQL.Syntax;
using Pharos.Server.Api.Loki;
using Pharos.Server.Logs;

namespace Pharos.Server.Api.Pharos.Logs;

/// <summary><c>/api/pharos/logs/context</c>: the lines before and after a moment in the streams of a selector, whatever they say.</summary>
internal sealed class LogContextEndpoint(LogQueries queries)
{
    public const string Path = "/api/pharos/logs/context";

    private const int UsualLines = 20;

    /// <summary>On each side.</summary>
    private const int MaxLines = 1_000;

    /// <summary>How far from the moment neighbours are looked for: near it first, since most streams write often.</summary>
    private static readonly TimeSpan[] Reaches = [TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(30)];

    public void Map(LokiRoutes routes) => routes.Map(Path, AnswerAsync, "GET");

    private async Task AnswerAsync(LokiRequest request)
    {
        try
        {
            var query = Selector(request.Text("query"));
            if (request.Text("time") is not { Length: > 0 })
            {
                throw LokiRefusal.BadRequest("time parameter is required");
            }
            var timeNs = request.Time("time", 0);
            var before = await NeighboursAsync(request, query, timeNs, Lines(request, "before"), LogDirection.Backward);
            var after = await NeighboursAsync(request, query, timeNs, Lines(request, "after"), LogDirection.Forward);
            await WriteAsync(request.Context, before with { Entries = [.. before.Entries.Reverse()] }, after);
        }
        catch (LokiRefusal refusal)
        {
            await PharosReply.RefuseAsync(request.Context, refusal.Status, refusal.Message);
        }
        catch (LogQueryException problem) when (problem.Kind is LogQueryErrorKind.Invalid)
        {
            await PharosReply.RefuseAsync(request.Context, StatusCodes.Status400BadRequest, problem.Message);
        }
    }

    private static LogQueryExpr Selector(string text)
    {
        try
        {
            var query = LogParser.ParseLogQuery(text);
            return query.Stages.Count == 0 ? query : throw LokiRefusal.BadRequest("query must be a stream selector without stages");
        }
        catch (LogParseException problem)
        {
            throw LokiRefusal.BadRequest(problem.Message);
        }
    }

    private static int Lines(LokiRequest request, string name)
    {
        var text = request.Text(name);
        if (text.Length == 0)
        {
            return UsualLines;
        }
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var lines) && lines <= MaxLines ? lines
            : throw LokiRefusal.BadRequest(string.Create(CultureInfo.InvariantCulture, $"{name} must be a whole number from 0 to {MaxLines}"));
    }

    private async Task<Neighbours> NeighboursAsync(LokiRequest request, LogQueryExpr query, long timeNs, int lines, LogDirection direction)
    {
        var found = new Neighbours([], HasMore: false);
        var longest = request.Limits.MaxQueryLength > TimeSpan.Zero ? request.Limits.MaxQueryLength : TimeSpan.MaxValue;
        foreach (var reach in Reaches.Where(reach => reach <= longest))
        {
            var reachNs = reach.Ticks * TimeSpan.NanosecondsPerTick;
            var range = direction is LogDirection.Backward
                ? new LogRangeRequest(timeNs - reachNs, timeNs) : new LogRangeRequest(timeNs, timeNs + reachNs);
            // One more than is wanted tells whether there are more.
            var asked = range with { Limit = lines + 1, Direction = direction };
            var result = (LogStreamsResult)await queries.RangeAsync(request.Tenants, query, asked, cutsSeries: false, request.Cancellation);
            found = new Neighbours([.. result.Entries.Take(lines)], result.Entries.Count > lines);
            if (found.HasMore)
            {
                break;
            }
        }
        return found;
    }

    private static Task WriteAsync(HttpContext context, Neighbours before, Neighbours after) => LokiReply.JsonAsync(context, async stream =>
    {
        stream.Writer.WriteStartObject();
        await WriteLinesAsync(stream, "before", before.Entries);
        await WriteLinesAsync(stream, "after", after.Entries);
        stream.Writer.WriteBoolean("moreBefore", before.HasMore);
        stream.Writer.WriteBoolean("moreAfter", after.HasMore);
        stream.Writer.WriteEndObject();
    });

    private static async Task WriteLinesAsync(JsonStream stream, string name, IReadOnlyList<LogResultEntry> entries)
    {
        stream.Writer.WriteStartArray(name);
        foreach (var entry in entries)
        {
            Write(stream.Writer, entry);
            await stream.BreatheAsync();
        }
        stream.Writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, LogResultEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("timeNs", entry.TimeNs.ToString(CultureInfo.InvariantCulture));
        json.WriteString("line", Encoding.UTF8.GetString(entry.Line.Span));
        JsonForms.WriteLabels(json, "labels", entry.Labels.Stream);
        JsonForms.WriteLabels(json, "structuredMetadata", entry.Labels.Metadata);
        json.WriteEndObject();
    }

    private sealed record Neighbours(IReadOnlyList<LogResultEntry> Entries, bool HasMore);
}

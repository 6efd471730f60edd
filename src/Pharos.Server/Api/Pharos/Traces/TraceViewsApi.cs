using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Query.Traces.Analysis;
using Pharos.Server.Api.Alertmanager;
using Pharos.Server.Api.Loki;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Pharos.Traces;

/// <summary>One trace, ready to draw: its timeline, one span of it, sums, calls put together, and how it differs from another.</summary>
internal sealed class TraceViewsApi(ITraceStore store)
{
    private const string Path = TracesApi.Path + "/{id}";

    /// <summary>Of one trace that is looked at; its earliest spans are shown, and how many are left out is said.</summary>
    private const int MaxSpans = 250_000;

    /// <summary>Of places where a text was found; more than anybody steps through.</summary>
    private const int MaxMatches = 10_000;

    private const string Tenant = "";

    public void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, Path, TimelineAsync);
        Map(routes, Path + "/spans/{spanId}", SpanAsync);
        Map(routes, Path + "/find", FindAsync);
        Map(routes, Path + "/statistics", StatisticsAsync);
        Map(routes, Path + "/flame", FlameAsync);
        Map(routes, Path + "/compare", CompareAsync);
    }

    private void Map(IEndpointRouteBuilder routes, string path, Func<HttpContext, TraceTree, Task> answer) =>
        routes.MapMethods(path, ["GET"], (RequestDelegate)(context =>
            Find((string)context.Request.RouteValues["id"]!, out var refusal, out var status) is { } tree
                ? answer(context, tree) : PharosReply.RefuseAsync(context, status, refusal)));

    private TraceTree? Find(string text, out string refusal, out int status)
    {
        (refusal, status) = ("", StatusCodes.Status200OK);
        if (!TraceId.TryParse(text, out var id))
        {
            (refusal, status) = ($"a trace id is up to 32 hexadecimal digits, not {GoQuote.Quote(text)}", StatusCodes.Status400BadRequest);
            return null;
        }
        if (store.Get(Tenant, id, MaxSpans) is not { } trace)
        {
            (refusal, status) = ($"no span of trace {text} is stored", StatusCodes.Status404NotFound);
            return null;
        }
        return TraceTree.Of(trace);
    }

    private static Task TimelineAsync(HttpContext context, TraceTree tree) => LokiReply.JsonAsync(
        context, async stream => await TimelineJson.WriteAsync(stream, tree, CriticalPath.Of(tree)));

    private static Task SpanAsync(HttpContext context, TraceTree tree)
    {
        var text = (string)context.Request.RouteValues["spanId"]!;
        if (text.Length > 16 || !ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var spanId))
        {
            return PharosReply.RefuseAsync(
                context, StatusCodes.Status400BadRequest, $"a span id is up to 16 hexadecimal digits, not {GoQuote.Quote(text)}");
        }
        var rows = Enumerable.Range(0, tree.Count).Where(row => tree[row].Span.SpanId == spanId).ToArray();
        if (rows.Length == 0)
        {
            return PharosReply.RefuseAsync(context, StatusCodes.Status404NotFound, $"the trace has no span {text}");
        }
        // Two spans may share an id; the row says which is meant.
        var row = int.TryParse(context.Request.Query["row"], CultureInfo.InvariantCulture, out var wanted) && rows.Contains(wanted) ? wanted : rows[0];
        var self = SelfTime.Of(tree)[row];
        return AlertmanagerReply.WriteAsync(context, json => SpanJson.Write(json, tree, row, self));
    }

    private static Task FindAsync(HttpContext context, TraceTree tree)
    {
        var text = (string?)context.Request.Query["text"] ?? "";
        return text.Length == 0 ? PharosReply.RefuseAsync(context, StatusCodes.Status400BadRequest, "text is required")
            : PharosReply.WriteListAsync(
                context, "rows", Enumerable.Range(0, tree.Count).Where(row => SpanText.Contains(tree[row].Span, text)).Take(MaxMatches),
                static (json, row) => json.WriteNumberValue(row));
    }

    private static Task StatisticsAsync(HttpContext context, TraceTree tree)
    {
        var by = (string?)context.Request.Query["by"] is { Length: > 0 } first ? first : TraceStatistics.Service;
        var then = (string?)context.Request.Query["then"] is { Length: > 0 } second ? second : null;
        return PharosReply.WriteListAsync(context, "groups", TraceStatistics.Of(tree, by, then), Write);
    }

    private static void Write(Utf8JsonWriter json, SpanGroup group)
    {
        json.WriteStartObject();
        json.WriteString("name", group.Name);
        json.WriteNumber("spans", group.Count);
        json.WriteNumber("errors", group.Errors);
        json.WriteNumber("totalNs", group.TotalNs);
        json.WriteNumber("averageNs", group.AverageNs);
        json.WriteNumber("minNs", group.MinNs);
        json.WriteNumber("maxNs", group.MaxNs);
        json.WriteNumber("selfTotalNs", group.SelfTotalNs);
        json.WriteNumber("selfAverageNs", group.SelfAverageNs);
        json.WriteNumber("selfMinNs", group.SelfMinNs);
        json.WriteNumber("selfMaxNs", group.SelfMaxNs);
        json.WriteStartArray("parts");
        foreach (var part in group.Parts)
        {
            Write(json, part);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Task FlameAsync(HttpContext context, TraceTree tree) => PharosReply.WriteListAsync(
        context, "nodes", CallTree.Of(tree), static (json, node) =>
        {
            json.WriteStartObject();
            json.WriteString("service", node.Service);
            json.WriteString("operation", node.Operation);
            json.WriteNumber("parent", node.Parent);
            json.WriteNumber("depth", node.Depth);
            json.WriteNumber("spans", node.Count);
            json.WriteNumber("errors", node.Errors);
            json.WriteNumber("durationNs", node.DurationNs);
            json.WriteNumber("selfNs", node.SelfNs);
            json.WriteNumber("weightNs", node.WeightNs);
            json.WriteEndObject();
        });

    private Task CompareAsync(HttpContext context, TraceTree tree) =>
        Find((string?)context.Request.Query["with"] ?? "", out var refusal, out var status) is not { } other
            ? PharosReply.RefuseAsync(context, status, refusal)
            : AlertmanagerReply.WriteAsync(context, json =>
            {
                json.WriteStartObject();
                WriteSide(json, "a", tree);
                WriteSide(json, "b", other);
                json.WriteStartArray("nodes");
                foreach (var node in TraceComparison.Of(tree, other))
                {
                    Write(json, node);
                }
                json.WriteEndArray();
                json.WriteEndObject();
            });

    private static void WriteSide(Utf8JsonWriter json, string name, TraceTree tree)
    {
        json.WriteStartObject(name);
        json.WriteString("traceId", tree.Id.ToString());
        json.WriteString("service", tree.Count > 0 ? tree[0].Span.Resource.ServiceName : "");
        json.WriteString("operation", tree.Count > 0 ? tree[0].Span.Name : "");
        json.WriteString("startNs", tree.StartNs.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("durationNs", tree.DurationNs);
        json.WriteNumber("spans", tree.Count);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CallDifference node)
    {
        json.WriteStartObject();
        json.WriteString("service", node.Service);
        json.WriteString("operation", node.Operation);
        json.WriteNumber("parent", node.Parent);
        json.WriteNumber("depth", node.Depth);
        json.WriteNumber("spansA", node.CountA);
        json.WriteNumber("spansB", node.CountB);
        json.WriteNumber("errorsA", node.ErrorsA);
        json.WriteNumber("errorsB", node.ErrorsB);
        json.WriteNumber("durationA", node.DurationA);
        json.WriteNumber("durationB", node.DurationB);
        json.WriteEndObject();
    }
}

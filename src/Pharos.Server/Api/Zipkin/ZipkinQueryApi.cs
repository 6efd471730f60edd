using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Server.Api.Loki;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Search;

namespace Pharos.Server.Api.Zipkin;

/// <summary>What Zipkin's own server answers below <c>/api/v2</c>, beside Alertmanager's paths there.</summary>
internal sealed class ZipkinQueryApi(ITraceStore store, TimeProvider time)
{
    private const string Tenant = "";

    /// <summary>Bounds what one question may read.</summary>
    private const int MaxTracesRead = 10_000;

    private const int MaxValues = 1_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v2");
        Map(group, "/services", context => WriteTextsAsync(context, store.Services(Tenant, long.MinValue, long.MaxValue)));
        Map(group, "/spans", SpanNamesAsync);
        Map(group, "/remoteServices", RemoteServicesAsync);
        Map(group, "/traces", FindAsync);
        Map(group, "/trace/{traceId}", TraceAsync);
        Map(group, "/traceMany", TracesAsync);
        Map(group, "/dependencies", DependenciesAsync);
        Map(group, "/autocompleteKeys", context => WriteTextsAsync(context, []));
        Map(group, "/autocompleteValues", context => WriteTextsAsync(context, []));
    }

    private static void Map(IEndpointRouteBuilder group, string path, Func<HttpContext, Task> answer) =>
        group.MapMethods(path, ["GET"], (RequestDelegate)(async context =>
        {
            try
            {
                await answer(context);
            }
            catch (FormatException e)
            {
                await LokiReply.RefuseAsync(context, StatusCodes.Status400BadRequest, e.Message);
            }
        }));

    private Task SpanNamesAsync(HttpContext context) => WriteTextsAsync(
        context, store.Operations(Tenant, Required(context, "serviceName"), long.MinValue, long.MaxValue).Select(static operation => operation.Name));

    private Task RemoteServicesAsync(HttpContext context)
    {
        var filter = new TraceFilter
        {
            Conditions =
            [
                new SpanCondition(SpanField.Service, SpanOperator.Equal, AttributeValue.OfText(Required(context, "serviceName"))),
                new SpanCondition(SpanField.Attribute, SpanOperator.Exists, AttributeValue.Empty) { Key = "peer.service", Scopes = AttributeScopes.Span },
            ],
        };
        return WriteTextsAsync(context, store.Spans(filter, context.RequestAborted).Take(MaxTracesRead)
            .Select(static span => span.Attributes.First(static tag => tag.Key == "peer.service").Value.ToString()));
    }

    private async Task FindAsync(HttpContext context)
    {
        var search = ZipkinSearch.Read(context.Request.Query, time);
        var found = store.Find(search.Filter, context.RequestAborted).Take(MaxTracesRead).Where(search.Matches).Take(search.Limit);
        await WriteTracesAsync(context, found);
    }

    private async Task TraceAsync(HttpContext context)
    {
        var text = (string)context.Request.RouteValues["traceId"]!;
        if (store.Get(Tenant, Id(text)) is not { } trace)
        {
            await LokiReply.RefuseAsync(context, StatusCodes.Status404NotFound, $"{text} not found");
            return;
        }
        await WriteAsync(context, json => ZipkinSpanJson.WriteTrace(json, trace));
    }

    private Task TracesAsync(HttpContext context)
    {
        var ids = Required(context, "traceIds").Split(',').Select(Id).ToList();
        if (ids.Count < 2 || ids.Distinct().Count() < ids.Count || ids.Count > MaxValues)
        {
            throw new FormatException("traceIds are two ids or more, each once");
        }
        return WriteTracesAsync(context, ids.Select(id => store.Get(Tenant, id)).OfType<Trace>());
    }

    private Task DependenciesAsync(HttpContext context)
    {
        Required(context, "endTs");
        var links = new ZipkinLinks();
        foreach (var trace in store.Find(ZipkinSearch.Range(context.Request.Query, time), context.RequestAborted).Take(MaxTracesRead))
        {
            links.Add(trace);
        }
        return WriteAsync(context, json =>
        {
            json.WriteStartArray();
            foreach (var (parent, child, calls, errors) in links.All)
            {
                json.WriteStartObject();
                json.WriteString("parent", parent);
                json.WriteString("child", child);
                json.WriteNumber("callCount", calls);
                if (errors > 0)
                {
                    json.WriteNumber("errorCount", errors);
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private static string Required(HttpContext context, string name) => context.Request.Query[name].ToString() is { Length: > 0 } value ? value
        : throw new FormatException($"Required parameter '{name}' is missing");

    private static TraceId Id(string text) =>
        TraceId.TryParse(text, out var id) && !id.IsZero ? id : throw new FormatException($"{text} is no lower-hex encoded trace id of 1 to 32 digits");

    private static Task WriteTextsAsync(HttpContext context, IEnumerable<string> texts) => WriteAsync(context, json =>
    {
        json.WriteStartArray();
        foreach (var text in texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            json.WriteStringValue(text);
        }
        json.WriteEndArray();
    });

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        write(json);
        await json.FlushAsync(context.RequestAborted);
    }

    /// <summary>Trace by trace, so that no more than one is in memory as JSON.</summary>
    private static async Task WriteTracesAsync(HttpContext context, IEnumerable<Trace> traces)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartArray();
        foreach (var trace in traces)
        {
            ZipkinSpanJson.WriteTrace(json, trace);
            await json.FlushAsync(context.RequestAborted);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        json.WriteEndArray();
        await json.FlushAsync(context.RequestAborted);
    }
}

using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Server.Api.Alertmanager;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Pharos.Traces;

/// <summary><c>/api/pharos/traces</c> and what helps to ask it: services, operations, attributes and their values.</summary>
internal sealed class TracesApi(ITraceStore store, TimeProvider time)
{
    public const string Path = "/api/pharos/traces";

    /// <summary>Of names, keys and values in one answer; whoever types has found it before.</summary>
    private const int MaxNames = 2_000;

    /// <summary>Whoever asks for no tenant has this one.</summary>
    private const string Tenant = "";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Path, ["GET"], (RequestDelegate)SearchAsync);
        routes.MapMethods(Path + "/services", ["GET"], (RequestDelegate)ServicesAsync);
        routes.MapMethods(Path + "/operations", ["GET"], (RequestDelegate)OperationsAsync);
        routes.MapMethods(Path + "/attributes", ["GET"], (RequestDelegate)KeysAsync);
        routes.MapMethods(Path + "/attributes/values", ["GET"], (RequestDelegate)ValuesAsync);
    }

    private Task SearchAsync(HttpContext context)
    {
        if (TraceQuestion.Read(context.Request.Query, time.GetUtcNow(), out var error) is not { } question)
        {
            return PharosReply.RefuseAsync(context, StatusCodes.Status400BadRequest, error);
        }
        var page = TraceSearch.Find(store, question, context.RequestAborted);
        return AlertmanagerReply.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("traces");
            foreach (var trace in page.Traces)
            {
                Write(json, trace);
            }
            json.WriteEndArray();
            if (page.Next is { } next)
            {
                json.WriteString("next", next.ToString());
            }
            json.WriteBoolean("whole", page.IsWhole);
            json.WriteEndObject();
        });
    }

    private Task ServicesAsync(HttpContext context) => ListAsync(
        context, "services", range => store.Services(Tenant, range.StartNs, range.EndNs).Take(MaxNames), static (json, name) => json.WriteStringValue(name));

    private Task OperationsAsync(HttpContext context)
    {
        var service = (string?)context.Request.Query["service"] ?? "";
        return service.Length == 0 ? PharosReply.RefuseAsync(context, StatusCodes.Status400BadRequest, "service is required")
            : ListAsync(
                context, "operations", range => store.Operations(Tenant, service, range.StartNs, range.EndNs).Take(MaxNames), static (json, operation) =>
                {
                    json.WriteStartObject();
                    json.WriteString("name", operation.Name);
                    json.WriteString("kind", SpanJson.KindOf(operation.Kind));
                    json.WriteEndObject();
                });
    }

    private Task KeysAsync(HttpContext context) => ListAsync(
        context, "keys", KeysOf, static (json, key) => json.WriteStringValue(key));

    private IEnumerable<string> KeysOf((long StartNs, long EndNs) range) =>
        new[] { AttributeScopes.Span, AttributeScopes.Resource, AttributeScopes.Event }
            .SelectMany(scope => store.AttributeKeys(Tenant, scope, range.StartNs, range.EndNs, MaxNames))
            .Append("span.kind").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(MaxNames);

    private Task ValuesAsync(HttpContext context)
    {
        var key = (string?)context.Request.Query["key"] ?? "";
        return key.Length == 0 ? PharosReply.RefuseAsync(context, StatusCodes.Status400BadRequest, "key is required")
            : ListAsync(context, "values", range => ValuesOf(key, range), static (json, value) => json.WriteStringValue(value));
    }

    private IEnumerable<string> ValuesOf(string key, (long StartNs, long EndNs) range) => key == "span.kind"
        ? Enum.GetValues<SpanKind>().Where(static kind => kind is not SpanKind.Unspecified).Select(SpanJson.KindOf)
        : store.AttributeValues(Tenant, AttributeScopes.Jaeger, key, range.StartNs, range.EndNs, MaxNames)
            .Select(static value => value.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private Task ListAsync<T>(HttpContext context, string name, Func<(long StartNs, long EndNs), IEnumerable<T>> read, Action<Utf8JsonWriter, T> write) =>
        TraceQuestion.TryReadRange(context.Request.Query, time.GetUtcNow(), out var startNs, out var endNs, out var error)
            ? PharosReply.WriteListAsync(context, name, read((startNs, endNs)), write)
            : PharosReply.RefuseAsync(context, StatusCodes.Status400BadRequest, error);

    private static void Write(Utf8JsonWriter json, TraceSummary trace)
    {
        json.WriteStartObject();
        json.WriteString("traceId", trace.Id.ToString());
        json.WriteString("rootService", trace.RootService);
        json.WriteString("rootName", trace.RootName);
        json.WriteString("startNs", trace.StartNs.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("durationNs", Math.Max(0, trace.EndNs - trace.StartNs));
        json.WriteNumber("spans", trace.Spans);
        json.WriteNumber("errors", trace.ErrorSpans);
        json.WriteNumber("orphans", trace.OrphanSpans);
        json.WriteStartArray("services");
        foreach (var service in trace.Services)
        {
            json.WriteStartObject();
            json.WriteString("name", service.Name);
            json.WriteNumber("spans", service.Spans);
            json.WriteNumber("errors", service.ErrorSpans);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

using Microsoft.AspNetCore.Http.Features;
using Pharos.Server.Api.Jaeger.Model;
using Pharos.Server.Api.Jaeger.Search;

namespace Pharos.Server.Api.Jaeger;

/// <summary>Which services there are and what their spans are called.</summary>
internal sealed class CatalogEndpoints(TraceQueries traces)
{
    private const string BeforeService = "/services/";
    private const string BehindService = "/operations";

    public void Map(JaegerRoutes routes)
    {
        routes.MapGet("/api/services", ServicesAsync);
        routes.MapGet("/api/services/{service}/operations", request => NamesAsync(request, ServiceIn(request)));
        routes.MapGet("/api/operations", OperationsAsync);
    }

    private Task ServicesAsync(JaegerRequest request)
    {
        var services = traces.Of(request.Tenant).Services();
        return JaegerReply.DataAsync(request, json => JsonForms.WriteStrings(json, services), services.Count);
    }

    private Task NamesAsync(JaegerRequest request, string service)
    {
        var names = traces.Of(request.Tenant).Operations(service).Select(static operation => operation.Name).Distinct(StringComparer.Ordinal).ToList();
        return JaegerReply.DataAsync(request, json => JsonForms.WriteStrings(json, names), names.Count);
    }

    private Task OperationsAsync(JaegerRequest request)
    {
        var kind = request["spanKind"];
        var operations = traces.Of(request.Tenant).Operations(request.Required("service"))
            .Where(operation => kind.Length == 0 || JaegerTags.KindOf(operation.Kind) == kind).ToList();
        return JaegerReply.DataAsync(
            request,
            json =>
            {
                json.WriteStartArray();
                foreach (var operation in operations)
                {
                    json.WriteStartObject();
                    json.WriteString("name"u8, operation.Name);
                    json.WriteString("spanKind"u8, JaegerTags.KindOf(operation.Kind));
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            },
            operations.Count);
    }

    /// <summary>Read from the path as it was sent, in which a slash within the name stands as %2F and a plus for a blank.</summary>
    private static string ServiceIn(JaegerRequest request)
    {
        var target = request.Context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var path = target.Split('?')[0];
        var start = path.LastIndexOf(BeforeService, StringComparison.Ordinal);
        var end = path.LastIndexOf(BehindService, StringComparison.Ordinal);
        return start >= 0 && end > start + BeforeService.Length
            ? Uri.UnescapeDataString(path[(start + BeforeService.Length)..end].Replace('+', ' '))
            : (string)request.Context.Request.RouteValues["service"]!;
    }
}

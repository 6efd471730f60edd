using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Query.PromQL;
using Pharos.Query.Results;
using Pharos.Server.Api.Alertmanager;
using Pharos.Server.Api.Pharos;
using Pharos.Server.Traces.Maps;
using Pharos.Storage.Metrics;

namespace Pharos.Server.Api.Maps;

/// <summary><c>/api/pharos/service-map</c>: what spans and the mesh tell of who calls whom; and Kiali's own paths, of the mesh alone.</summary>
internal sealed class ServiceMapEndpoints(PromEngine engine, IMetricStore store, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/api/pharos/service-map", ["GET"], (RequestDelegate)OwnAsync);
        routes.MapMethods("/api/namespaces/graph", ["GET"], (RequestDelegate)(context => KialiAsync(context, null)));
        routes.MapMethods("/api/namespaces/{namespace}/workloads/{workload}/graph", ["GET"], (RequestDelegate)NodeAsync);
        routes.MapMethods("/api/namespaces/{namespace}/applications/{app}/graph", ["GET"], (RequestDelegate)NodeAsync);
        routes.MapMethods("/api/namespaces/{namespace}/applications/{app}/versions/{version}/graph", ["GET"], (RequestDelegate)NodeAsync);
        routes.MapMethods("/api/namespaces/{namespace}/services/{service}/graph", ["GET"], (RequestDelegate)NodeAsync);
    }

    private Task OwnAsync(HttpContext context) =>
        MapParameters.Own(context.Request.Query, time.GetUtcNow(), out var error) is { } query ? AnswerAsync(context, query, isKialis: false)
            : PharosReply.RefuseAsync(context, StatusCodes.Status400BadRequest, error);

    private Task NodeAsync(HttpContext context)
    {
        var values = context.Request.RouteValues;
        return KialiAsync(context, new MapFocus(Text("namespace"), Text("workload"), Text("app"), Text("version"), Text("service")));

        string Text(string name) => values.GetValueOrDefault(name) as string ?? "";
    }

    private Task KialiAsync(HttpContext context, MapFocus? focus)
    {
        if (MapParameters.Kiali(context.Request.Query, time.GetUtcNow(), out var error) is not { } query)
        {
            return PharosReply.RefuseAsync(context, StatusCodes.Status400BadRequest, error);
        }
        return AnswerAsync(context, focus is null ? query : query with { Focus = focus, Namespaces = [focus.Namespace] }, isKialis: true);
    }

    private async Task AnswerAsync(HttpContext context, MapQuery query, bool isKialis)
    {
        ServiceMap map;
        try
        {
            map = Build(query, isKialis, context.Request.Query, context.RequestAborted);
        }
        catch (QueryException e)
        {
            await PharosReply.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, e.Message);
            return;
        }
        await AlertmanagerReply.WriteAsync(context, json => MapJson.Write(json, map, query, isKialis));
    }

    private ServiceMap Build(MapQuery query, bool isKialis, IQueryCollection parameters, CancellationToken cancellation)
    {
        var map = new ServiceMap(query.Type);
        var istio = new IstioTraffic(engine, store);
        istio.AddTo(map, query, cancellation);
        if (map.Edges.Count > 0 && (!isKialis || ((string?)parameters["appenders"] ?? "").Contains("responseTime", StringComparison.Ordinal)))
        {
            istio.AddLatencies(map, query, cancellation);
        }
        if (query.Type == MapType.Service)
        {
            map.ReduceToServices();
        }
        if (!isKialis)
        {
            new TracedTraffic(engine, store).AddTo(map, query, cancellation);
        }
        map.MarkOutside(query.Namespaces);
        foreach (var box in (string[])["app", "namespace", "cluster"])
        {
            if (query.Boxes.Contains(box) || (box == "app" && query.Type is MapType.App or MapType.VersionedApp))
            {
                map.Box(box);
            }
        }
        return map;
    }
}

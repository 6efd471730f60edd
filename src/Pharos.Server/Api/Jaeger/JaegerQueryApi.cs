using Microsoft.AspNetCore.Routing;
using Pharos.Server.Api.Jaeger.Grpc;
using Pharos.Server.Api.Jaeger.Monitor;
using Pharos.Server.Api.Jaeger.Search;
using Pharos.Server.Api.Jaeger.V3;
using Pharos.Server.Hosting;
using Pharos.Server.Traces;

namespace Pharos.Server.Api.Jaeger;

/// <summary>Every API by which Jaeger's clients ask, put onto the routes of one server.</summary>
internal sealed class JaegerQueryApi(PharosServerOptions options, ServerParts parts)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        var traces = new TraceQueries(parts.Traces.Store, options.MaxClockSkewAdjustment, new TraceArchive(parts.State))
        {
            Dependencies = parts.Traces.Dependencies,
        };
        var first = new JaegerRoutes(routes, options.TraceTenancy, options.Time, parts.Logger, JaegerReply.RefuseAsync);
        new TraceEndpoints(traces).Map(first);
        TransformEndpoint.Map(first);
        new CatalogEndpoints(traces).Map(first);
        new DependencyEndpoint(traces).Map(first);
        new MonitorEndpoints(parts.Engine, parts.Store).Map(first);
        var third = new JaegerRoutes(routes, options.TraceTenancy, options.Time, parts.Logger, TraceEndpointsV3.RefuseAsync);
        new TraceEndpointsV3(traces).Map(third);
        new JaegerQueryService(traces, options.TraceTenancy, options.Time, parts.Logger).Map(routes);
    }
}

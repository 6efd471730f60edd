using Microsoft.AspNetCore.Routing;
using Pharos.Query.TraceQL;
using Pharos.Server.Hosting;

namespace Pharos.Server.Api.Tempo;

/// <summary>Puts Tempo's API onto the routes of one server.</summary>
internal sealed class TempoApi(PharosServerOptions options, ServerParts parts)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        var tempo = new TempoRoutes(routes, options.TraceTenancy, options.Time, parts.Logger);
        var engine = new TraceEngine(new TraceEngineOptions { Timeout = options.QueryTimeout }, options.Time);
        var queries = new TempoQueries(engine, parts.Governor, options.QueryMaxConcurrency);
        var store = parts.Traces.Store;
        new TempoTraceEndpoints(store).Map(tempo);
        new TempoSearchEndpoint(store, queries).Map(tempo);
        new TempoTagEndpoints(store, queries).Map(tempo);
        new TempoMetricsEndpoints(store, queries).Map(tempo);
        new TempoStatusEndpoints(static () => true).Map(tempo);
    }
}

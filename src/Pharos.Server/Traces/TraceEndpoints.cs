using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Collection.Receivers.Jaeger;
using Pharos.Collection.Receivers.Otlp.Traces;
using Pharos.Collection.Receivers.Zipkin;
using Pharos.Server.Api.Jaeger;
using Pharos.Server.Api.Jaeger.Collector;
using Pharos.Server.Api.Maps;
using Pharos.Server.Api.Otlp;
using Pharos.Server.Api.Pharos.Traces;
using Pharos.Server.Api.Tempo;
using Pharos.Server.Api.Zipkin;
using Pharos.Server.Hosting;

namespace Pharos.Server.Traces;

/// <summary>Puts what receives spans and what answers from them onto the routes of one server.</summary>
internal sealed class TraceEndpoints(PharosServerOptions options, ServerParts parts)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        MapOtlp(routes);
        new SamplingEndpoints(parts.Sampling, parts.Logger).Map(routes);
        new PostSpans(new JaegerGrpcReceiver(parts.Traces.Intake), options.TraceTenancy, parts.Logger).Map(routes);
        MapJaegerCollector(routes);
        MapZipkin(routes);
        MapJaegerQuery(routes);
        MapTempo(routes);
        MapPages(routes);
        new ServiceMapEndpoints(parts.Engine, parts.Store, options.Time).Map(routes);
    }

    private void MapOtlp(IEndpointRouteBuilder routes)
    {
        var traces = new OtlpTracesEndpoint(new OtlpTracesReceiver(parts.Traces.Intake), options.TraceTenancy, parts.Logger);
        routes.MapMethods("/v1/traces", ["POST"], (RequestDelegate)traces.AnswerAsync);
        routes.MapMethods(OtlpService.TracesPath, ["POST"], (RequestDelegate)traces.Method.AnswerAsync);
    }

    private void MapJaegerCollector(IEndpointRouteBuilder routes)
    {
        var spans = new JaegerSpansEndpoint(new JaegerThriftReceiver(parts.Traces.Intake), parts.Logger);
        routes.MapMethods("/api/traces", ["POST"], (RequestDelegate)spans.AnswerAsync);
    }

    private void MapZipkin(IEndpointRouteBuilder routes)
    {
        var spans = new ZipkinSpansEndpoint(new ZipkinReceiver(parts.Traces.Intake, options.Time), parts.Logger);
        routes.MapMethods("/api/v2/spans", ["POST"], (RequestDelegate)spans.AnswerAsync);
        routes.MapMethods("/api/v1/spans", ["POST"], (RequestDelegate)spans.AnswerV1Async);
        new ZipkinQueryApi(parts.Traces.Store, options.Time).Map(routes);
    }

    private void MapJaegerQuery(IEndpointRouteBuilder routes) => new JaegerQueryApi(options, parts).Map(routes);

    private void MapTempo(IEndpointRouteBuilder routes) => new TempoApi(options, parts).Map(routes);

    private void MapPages(IEndpointRouteBuilder routes)
    {
        new TracesApi(parts.Traces.Store, options.Time).Map(routes);
        new TraceViewsApi(parts.Traces.Store).Map(routes);
    }
}

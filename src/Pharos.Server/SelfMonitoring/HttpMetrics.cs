using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pharos.Server.SelfMonitoring;

/// <summary>Counts and times every request by its route.</summary>
internal sealed class HttpMetrics
{
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _seconds;

    public HttpMetrics(Meter meter)
    {
        _requests = meter.CreateCounter<long>("prometheus_http_requests_total", description: "Counter of HTTP requests.");
        _seconds = meter.CreateHistogram(
            "prometheus_http_request_duration_seconds",
            description: "Histogram of latencies for HTTP requests.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.001, .005, .02, .1, .2, .4, 1, 3, 8, 20, 60, 120] });
    }

    public void Use(IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            // The pattern and not the path: a path is whatever a client sends.
            var handler = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "other";
            var tag = new KeyValuePair<string, object?>("handler", handler);
            _requests.Add(1, tag, new KeyValuePair<string, object?>("code", context.Response.StatusCode));
            _seconds.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tag);
        }
    });
}

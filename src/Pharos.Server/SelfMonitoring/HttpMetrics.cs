using System.Collections.Concurrent;
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
    private readonly Histogram<double> _alertmanagerSeconds;
    private readonly Counter<long> _alertmanagerRefused;
    private readonly Histogram<double> _lokiSeconds;
    private readonly ConcurrentDictionary<string, string> _lokiRoutes = new(StringComparer.Ordinal);
    private int _alertmanagerReads;

    public HttpMetrics(Meter meter)
    {
        _requests = meter.CreateCounter<long>("prometheus_http_requests_total", description: "Counter of HTTP requests.");
        _seconds = meter.CreateHistogram(
            "prometheus_http_request_duration_seconds",
            description: "Histogram of latencies for HTTP requests.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.001, .005, .02, .1, .2, .4, 1, 3, 8, 20, 60, 120] });
        _alertmanagerSeconds = meter.CreateHistogram(
            "alertmanager_http_request_duration_seconds",
            description: "Histogram of latencies for HTTP requests.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10] });
        _lokiSeconds = meter.CreateHistogram(
            "loki_request_duration_seconds",
            description: "Time (in seconds) spent serving HTTP requests.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 25, 50, 100] });
        var get = new KeyValuePair<string, object?>("method", "get");
        _alertmanagerRefused = meter.CreateCounter<long>(
            "alertmanager_http_concurrency_limit_exceeded_total",
            description: "Total number of times an HTTP request failed because the concurrency limit was reached.");
        _alertmanagerRefused.Add(0, get);
        meter.CreateObservableGauge(
            "alertmanager_http_requests_in_flight", () => new Measurement<int>(Volatile.Read(ref _alertmanagerReads), get),
            description: "Current number of HTTP requests being processed.");
    }

    public void Use(IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var began = Stopwatch.GetTimestamp();
        var isAlertmanager = context.Request.Path.Value?.Contains("/api/v2/", StringComparison.Ordinal) == true;
        var read = isAlertmanager && HttpMethods.IsGet(context.Request.Method) ? 1 : 0;
        Interlocked.Add(ref _alertmanagerReads, read);
        try
        {
            await next(context);
        }
        finally
        {
            Interlocked.Add(ref _alertmanagerReads, -read);
            // The pattern and not the path: a path is whatever a client sends.
            var handler = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "other";
            var tag = new KeyValuePair<string, object?>("handler", handler);
            _requests.Add(1, tag, new KeyValuePair<string, object?>("code", context.Response.StatusCode));
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            _seconds.Record(seconds, tag);
            if (isAlertmanager)
            {
                _alertmanagerSeconds.Record(seconds, tag, new KeyValuePair<string, object?>("method", MethodOf(context)));
            }
            if (handler.StartsWith("/loki/", StringComparison.Ordinal) || handler.StartsWith("/api/prom/", StringComparison.Ordinal))
            {
                _lokiSeconds.Record(
                    seconds, new("method", MethodOf(context).ToUpperInvariant()), new("route", _lokiRoutes.GetOrAdd(handler, LokiRouteOf)),
                    new("status_code", context.Response.StatusCode), new("ws", context.WebSockets.IsWebSocketRequest ? "true" : "false"));
            }
            if (read == 1 && context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
            {
                _alertmanagerRefused.Add(1, new KeyValuePair<string, object?>("method", "get"));
            }
        }
    });

    /// <summary>A pattern as Loki's dashboards select it: <c>loki_api_v1_label_name_values</c>.</summary>
    private static string LokiRouteOf(string pattern) =>
        string.Join('_', pattern.Split(['/', '{', '}', '.', '-', '_', ':', '*'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>A client can name any method: those that no path knows are one.</summary>
    private static string MethodOf(HttpContext context) => context.Request.Method switch
    {
        "GET" => "get",
        "POST" => "post",
        "DELETE" => "delete",
        _ => "other",
    };
}

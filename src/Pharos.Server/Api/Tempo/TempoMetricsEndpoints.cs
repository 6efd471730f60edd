using System.Globalization;
using Pharos.Query.TraceQL;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Query.TraceQL.Values;
using Pharos.Server.Api.Loki;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Tempo;

/// <summary><c>/api/metrics/query_range</c> and <c>/api/metrics/query</c>.</summary>
internal sealed class TempoMetricsEndpoints(ITraceStore store, TempoQueries queries)
{
    private const long NsPerSecond = 1_000_000_000;

    private const int MaxExemplars = 100;

    /// <summary>Points that a series has where nobody says how far they lie apart.</summary>
    private const int DefaultPoints = 240;

    private static readonly int[] NiceSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];

    public void Map(TempoRoutes routes)
    {
        routes.Map("/api/metrics/query_range", RangeAsync);
        routes.Map("/api/metrics/query", InstantAsync);
    }

    private async Task RangeAsync(TempoRequest request)
    {
        var query = Query(request);
        var (startNs, endNs) = request.MetricsRange();
        var stepNs = request.Has("step") ? request.Duration("step") : DefaultStep(endNs - startNs);
        if (stepNs <= 0)
        {
            throw TempoRefusal.BadRequest("step required");
        }
        var asked = new TraceMetricsRequest
        {
            Tenant = request.Tenant, StartNs = startNs, EndNs = endNs, StepNs = stepNs, MaxExemplars = Exemplars(request, query),
        };
        var result = await queries.RunAsync(engine => engine.MeasureAsync(store, query, asked, request.Cancellation), request.Cancellation);
        await LokiReply.JsonAsync(request.Context, stream => TempoMetricsJson.WriteRangeAsync(stream, result));
    }

    private async Task InstantAsync(TempoRequest request)
    {
        var query = Query(request);
        var (startNs, endNs) = request.MetricsRange();
        var asked = new TraceMetricsRequest { Tenant = request.Tenant, StartNs = startNs, EndNs = endNs };
        var result = await queries.RunAsync(engine => engine.MeasureAsync(store, query, asked, request.Cancellation), request.Cancellation);
        await LokiReply.JsonAsync(request.Context, stream => TempoMetricsJson.WriteInstantAsync(stream, result));
    }

    private static TraceQuery Query(TempoRequest request) =>
        request.Has("q") ? request.Query(request.Text("q"))
            : request.Has("query") ? request.Query(request.Text("query"))
            : throw TempoRefusal.BadRequest("query required");

    private static long DefaultStep(long rangeNs)
    {
        var seconds = rangeNs / NsPerSecond / DefaultPoints;
        return (Array.FindLast(NiceSteps, step => step <= seconds) is > 0 and var nice ? nice : NiceSteps[0]) * NsPerSecond;
    }

    private static int Exemplars(TempoRequest request, TraceQuery query)
    {
        var wanted = int.TryParse(request.Text("exemplars"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : MaxExemplars;
        if (query.TryHint("exemplars", out var hint))
        {
            wanted = hint.Type switch
            {
                TraceValueKind.Int => (int)Math.Clamp(hint.Int, 0, MaxExemplars),
                TraceValueKind.Bool when !hint.IsTrue => 0,
                _ => wanted,
            };
        }
        return Math.Clamp(wanted, 0, MaxExemplars);
    }
}

using Pharos.Server.Api.Jaeger.Search;

namespace Pharos.Server.Api.Jaeger;

/// <summary>Which services call which.</summary>
internal sealed class DependencyEndpoint(TraceQueries traces)
{
    private static readonly TimeSpan DefaultLookback = TimeSpan.FromDays(1);

    public void Map(JaegerRoutes routes) => routes.MapGet("/api/dependencies", AnswerAsync);

    private Task AnswerAsync(JaegerRequest request)
    {
        var endNs = request.Milliseconds("endTs", request.NowNs);
        var lookbackNs = request.Milliseconds("lookback", DefaultLookback.Ticks * TimeSpan.NanosecondsPerTick);
        var service = request["service"];
        var calls = traces.Of(request.Tenant).Calls(SaturatingDifference(endNs, lookbackNs), endNs, request.Cancellation)
            .Where(call => service.Length == 0 || call.Parent == service || call.Child == service).ToList();
        return JaegerReply.DataAsync(request, json =>
        {
            json.WriteStartArray();
            foreach (var call in calls)
            {
                json.WriteStartObject();
                json.WriteString("parent"u8, call.Parent);
                json.WriteString("child"u8, call.Child);
                json.WriteNumber("callCount"u8, call.Count);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private static long SaturatingDifference(long left, long right) => (long)Int128.Clamp((Int128)left - right, long.MinValue, long.MaxValue);
}

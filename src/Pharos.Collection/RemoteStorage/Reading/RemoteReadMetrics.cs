using System.Diagnostics.Metrics;

namespace Pharos.Collection.RemoteStorage.Reading;

/// <summary>What remote reads count of themselves, under Prometheus' names.</summary>
internal sealed class RemoteReadMetrics
{
    private const string Prefix = "prometheus_remote_read_client_";

    public RemoteReadMetrics(Meter meter, Func<IReadOnlyList<RemoteReadClient>> clients)
    {
        Queries = meter.CreateCounter<long>(Prefix + "queries_total", null, "The total number of remote read queries.");
        Duration = meter.CreateHistogram(
            Prefix + "request_duration_seconds", "s", "Duration of remote reads.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 25, 60],
            });
        meter.CreateObservableGauge(
            Prefix + "queries", () => clients().Select(client => new Measurement<int>(client.UnderWay, client.Tags)), null,
            "The number of in-flight remote read queries.");
    }

    public Counter<long> Queries { get; }

    public Histogram<double> Duration { get; }
}

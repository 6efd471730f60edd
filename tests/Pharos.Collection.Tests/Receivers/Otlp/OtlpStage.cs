using System.Diagnostics.Metrics;
using System.Text;
using Pharos.Collection.Receivers.Otlp;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.Text;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Collection.Tests.Receivers.Otlp;

/// <summary>A receiver in front of a store in memory.</summary>
internal sealed class OtlpStage : IAsyncDisposable
{
    private readonly Meter _meter = new("test");

    public OtlpStage(OtlpOptions? options = null, OtlpFeatures? features = null)
    {
        Store = MetricStore.OpenInMemory(_meter);
        Receiver = new OtlpMetricsReceiver(Store, () => options ?? new OtlpOptions(), features ?? new OtlpFeatures(), TimeProvider.System, _meter);
    }

    public MetricStore Store { get; }

    public OtlpMetricsReceiver Receiver { get; }

    /// <summary>One resource, one scope, these metrics (JSON).</summary>
    public OtlpOutcome Receive(string metrics, string resource = """{"key":"service.name","value":{"stringValue":"shop"}}""") =>
        Receiver.ReceiveJson(Encoding.UTF8.GetBytes($$$"""
            {"resourceMetrics":[{"resource":{"attributes":[{{{resource}}}]},"scopeMetrics":[
              {"scope":{"name":"lib","version":"2","attributes":[{"key":"a.b","value":{"boolValue":true}}]},"schemaUrl":"http://schema","metrics":[{{{metrics}}}]}]}]}
            """));

    /// <summary>Every sample as <c>series value@time</c>, in the order of the series.</summary>
    public IReadOnlyList<string> Samples(string nameRegex = ".+")
    {
        using var querier = Store.Querier(0, long.MaxValue);
        var lines = new List<string>();
        foreach (var series in querier.Select([new LabelMatcher(MatchType.Regex, "__name__", nameRegex)], CancellationToken.None))
        {
            var buffer = new SampleBuffer();
            series.Read(0, long.MaxValue, buffer);
            for (var i = 0; i < buffer.Count; i++)
            {
                var value = buffer.HasHistograms && buffer.Histograms[i] is { } histogram
                    ? $"count={histogram.Count} sum={GoFloat.FormatG(histogram.Sum)} schema={histogram.Schema} " +
                        $"spans={string.Join(',', histogram.PositiveSpans.Select(span => $"{span.Offset}:{span.Length}"))} " +
                        $"buckets={string.Join(',', histogram.PositiveBuckets)}"
                    : StaleMarker.Is(buffer.Values[i]) ? "stale" : GoFloat.FormatG(buffer.Values[i]);
                lines.Add($"{series.Labels} {value}@{buffer.Timestamps[i]}");
            }
        }
        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _meter.Dispose();
    }
}

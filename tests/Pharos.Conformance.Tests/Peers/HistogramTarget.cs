using Pharos.Collection.RemoteStorage.Wire;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>A target that speaks the protobuf format: a counter with an exemplar, and a native histogram, both growing with
/// every scrape.</summary>
/// <remarks>Message MetricFamily of client_model's metrics.proto.</remarks>
internal sealed class HistogramTarget : IAsyncDisposable
{
    private const string ContentType =
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

    private readonly LoopbackListener _listener;
    private long _scrapes;

    public HistogramTarget() => _listener = new LoopbackListener(_ => (ContentType, Body(Interlocked.Increment(ref _scrapes))));

    public string Authority => _listener.Authority;

    public long Scrapes => Interlocked.Read(ref _scrapes);

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private static byte[] Body(long scrape)
    {
        var output = new ProtobufWriter();
        Family(output, "load_total", "Load that came.", type: 0, metric =>
        {
            var counter = metric.Begin(3);
            metric.Double(1, scrape);
            var exemplar = metric.Begin(2);
            Label(metric, "trace_id", $"trace-{scrape}");
            metric.Double(2, scrape / 2d);
            var time = metric.Begin(3);
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            metric.Int64(1, now / 1000);
            metric.Int64(2, (now % 1000) * 1_000_000);
            metric.End(time);
            metric.End(exemplar);
            metric.End(counter);
        });
        Family(output, "load_seconds", "How long load took.", type: 4, metric =>
        {
            var histogram = metric.Begin(7);
            metric.Int64(1, (3 * scrape) + 1);
            metric.Double(2, 4.5 * scrape);
            metric.ZigZag(5, 2);
            metric.Double(6, 0.001);
            metric.Int64(7, 1);
            Span(metric, 12, 0, 1);
            Span(metric, 12, 3, 1);
            var deltas = metric.Begin(13);
            metric.RawZigZag(scrape);
            metric.RawZigZag(scrape);
            metric.End(deltas);
            metric.End(histogram);
        });
        return output.Written.ToArray();
    }

    private static void Family(ProtobufWriter output, string name, string help, int type, Action<ProtobufWriter> value)
    {
        var family = new ProtobufWriter();
        family.Text(1, name);
        family.Text(2, help);
        family.UInt64EvenZero(3, (ulong)type);
        var metric = family.Begin(4);
        Label(family, "path", "/x");
        value(family);
        family.End(metric);
        output.Varint((ulong)family.Length);
        output.Raw(family.Written);
    }

    private static void Label(ProtobufWriter output, string name, string value)
    {
        var label = output.Begin(1);
        output.Text(1, name);
        output.Text(2, value);
        output.End(label);
    }

    private static void Span(ProtobufWriter output, int field, int offset, int length)
    {
        var span = output.Begin(field);
        output.ZigZag(1, offset);
        output.Int64(2, length);
        output.End(span);
    }
}

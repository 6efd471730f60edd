using Pharos.Collection.RemoteStorage.Wire;

namespace Pharos.Fuzz.Targets;

/// <summary>Small messages of each kind, with everything in them that a reader looks at.</summary>
internal static class ProtobufInputs
{
    private const long TimeMs = 1_700_000_000_000;
    private const ulong TimeNanoseconds = 1_700_000_000_000_000_000;

    /// <summary><c>io.prometheus.client.MetricFamily</c> of each type.</summary>
    public static IEnumerable<byte[]> MetricFamilies()
    {
        yield return Message(family =>
        {
            family.Text(1, "requests_total");
            family.Text(2, "Requests.");
            var metric = family.Begin(4);
            Pair(family, 1, "code", "200");
            var counter = family.Begin(3);
            family.Double(1, 5);
            ClientExemplar(family, 2);
            Timestamp(family, 3);
            family.End(counter);
            family.Int64(6, TimeMs);
            family.End(metric);
        });
        yield return Message(family =>
        {
            family.Text(1, "latency_seconds");
            family.Int64(3, 4);
            family.Text(5, "seconds");
            var metric = family.Begin(4);
            var histogram = family.Begin(7);
            family.UInt64EvenZero(1, 6);
            family.Double(2, 3.5);
            foreach (var (count, bound) in new (ulong, double)[] { (2, 0.1), (5, 1), (6, double.PositiveInfinity) })
            {
                var bucket = family.Begin(3);
                family.UInt64EvenZero(1, count);
                family.Double(2, bound);
                ClientExemplar(family, 3);
                family.End(bucket);
            }
            family.ZigZag(5, 3);
            family.Double(6, 0.001);
            family.UInt64EvenZero(7, 1);
            Span(family, 9, 0, 2);
            family.Bytes(10, [3, 2]);
            Span(family, 12, -1, 2);
            Span(family, 12, 2, 1);
            family.Bytes(13, [4, 1, 2]);
            Timestamp(family, 15);
            ClientExemplar(family, 16);
            family.End(histogram);
            family.End(metric);
        });
        yield return Message(family =>
        {
            family.Text(1, "sizes");
            family.Int64(3, 2);
            var metric = family.Begin(4);
            var summary = family.Begin(4);
            family.UInt64EvenZero(1, 3);
            family.Double(2, 9);
            var quantile = family.Begin(3);
            family.Double(1, 0.5);
            family.Double(2, 4);
            family.End(quantile);
            family.End(summary);
            family.End(metric);
            foreach (var (field, value) in new[] { (2, 1.0), (5, double.NaN) })
            {
                var other = family.Begin(4);
                var gauge = family.Begin(field);
                family.DoubleEvenZero(1, value);
                family.End(gauge);
                family.End(other);
            }
        });
    }

    /// <summary><c>prometheus.WriteRequest</c>.</summary>
    public static IEnumerable<byte[]> WriteRequestsV1()
    {
        yield return Message(request =>
        {
            var series = request.Begin(1);
            Pair(request, 1, "__name__", "m");
            Pair(request, 1, "job", "j");
            Sample(request, 2);
            var exemplar = request.Begin(3);
            Pair(request, 1, "trace_id", "t");
            request.Double(2, 1);
            request.Int64(3, TimeMs);
            request.End(exemplar);
            request.End(series);
            var metadata = request.Begin(3);
            request.Int64(1, 1);
            request.Text(2, "m");
            request.Text(4, "Help.");
            request.Text(5, "s");
            request.End(metadata);
        });
        yield return Message(request =>
        {
            var series = request.Begin(1);
            Pair(request, 1, "__name__", "h");
            RemoteHistogram(request, 4, custom: false);
            RemoteHistogram(request, 4, custom: true);
            request.End(series);
        });
    }

    /// <summary><c>io.prometheus.write.v2.Request</c>.</summary>
    public static IEnumerable<byte[]> WriteRequestsV2()
    {
        yield return Message(request =>
        {
            foreach (var symbol in new[] { "", "__name__", "m_total", "job", "j", "Help.", "seconds" })
            {
                request.Bytes(4, System.Text.Encoding.UTF8.GetBytes(symbol));
            }
            var series = request.Begin(5);
            request.Bytes(1, [1, 2, 3, 4]);
            Sample(request, 2);
            RemoteHistogram(request, 3, custom: false);
            var exemplar = request.Begin(4);
            request.Bytes(1, [3, 4]);
            request.Double(2, 1);
            request.Int64(3, TimeMs);
            request.End(exemplar);
            var metadata = request.Begin(5);
            request.Int64(1, 1);
            request.Int64(3, 5);
            request.Int64(4, 6);
            request.End(metadata);
            request.Int64(6, TimeMs - 1000);
            request.End(series);
        });
    }

    /// <summary><c>prometheus.ReadRequest</c>.</summary>
    public static IEnumerable<byte[]> ReadRequests()
    {
        foreach (var (type, value) in new[] { (0, "m1"), (1, "m1"), (2, "m.*"), (3, "m|x") })
        {
            yield return Message(request =>
            {
                var query = request.Begin(1);
                request.Int64(1, PromqlStore.StartMs);
                request.Int64(2, PromqlStore.EndMs);
                var matcher = request.Begin(3);
                request.Int64(1, type);
                request.Text(2, "__name__");
                request.Text(3, value);
                request.End(matcher);
                request.End(query);
                request.Bytes(2, [(byte)(type % 2)]);
            });
        }
    }

    /// <summary><c>prometheus.ReadResponse</c>.</summary>
    public static IEnumerable<byte[]> ReadResponses()
    {
        yield return Message(response =>
        {
            var result = response.Begin(1);
            var series = response.Begin(1);
            Pair(response, 1, "__name__", "m");
            Sample(response, 2);
            RemoteHistogram(response, 4, custom: false);
            response.End(series);
            response.End(result);
        });
    }

    /// <summary><c>ExportMetricsServiceRequest</c>.</summary>
    public static IEnumerable<byte[]> OtlpRequests()
    {
        foreach (var kind in new[] { 5, 7, 9, 10, 11 })
        {
            yield return Message(request =>
            {
                var resource = request.Begin(1);
                var inner = request.Begin(1);
                Attribute(request, 1, "service.name", "s");
                Attribute(request, 1, "host.name", "h");
                request.End(inner);
                var scope = request.Begin(2);
                var about = request.Begin(1);
                request.Text(1, "scope");
                request.Text(2, "1.0");
                request.End(about);
                var metric = request.Begin(2);
                request.Text(1, "http.server.duration");
                request.Text(2, "Duration.");
                request.Text(3, "s");
                var data = request.Begin(kind);
                var point = request.Begin(1);
                Point(request, kind);
                request.End(point);
                request.Int64(2, 2);
                request.Int64(3, 1);
                request.End(data);
                request.End(metric);
                request.End(scope);
                request.End(resource);
            });
        }
    }

    private static void Point(ProtobufWriter point, int kind)
    {
        var times = BitConverter.GetBytes(TimeNanoseconds);
        Fixed64(point, 2, times);
        Fixed64(point, 3, times);
        switch (kind)
        {
            case 5 or 7:
                Attribute(point, 7, "code", "200");
                point.Double(4, 2.5);
                var exemplar = point.Begin(5);
                Fixed64(point, 2, times);
                point.Double(3, 1);
                point.Bytes(4, new byte[8]);
                point.Bytes(5, new byte[16]);
                point.End(exemplar);
                break;
            case 9:
                Attribute(point, 9, "code", "200");
                Fixed64(point, 4, BitConverter.GetBytes(6UL));
                point.Double(5, 3);
                point.Bytes(6, [.. BitConverter.GetBytes(1UL), .. BitConverter.GetBytes(2UL), .. BitConverter.GetBytes(3UL)]);
                point.Bytes(7, [.. BitConverter.GetBytes(0.5), .. BitConverter.GetBytes(1.0)]);
                break;
            case 10:
                Attribute(point, 1, "code", "200");
                Fixed64(point, 4, BitConverter.GetBytes(6UL));
                point.Double(5, 3);
                point.ZigZag(6, 3);
                Fixed64(point, 7, BitConverter.GetBytes(1UL));
                foreach (var field in new[] { 8, 9 })
                {
                    var buckets = point.Begin(field);
                    point.ZigZag(1, -2);
                    point.Bytes(2, [1, 0, 2, 3]);
                    point.End(buckets);
                }
                break;
            default:
                Fixed64(point, 4, BitConverter.GetBytes(6UL));
                point.Double(5, 3);
                var quantile = point.Begin(6);
                point.Double(1, 0.5);
                point.Double(2, 1);
                point.End(quantile);
                break;
        }
    }

    private static byte[] Message(Action<ProtobufWriter> write)
    {
        var writer = new ProtobufWriter();
        write(writer);
        return writer.Written.ToArray();
    }

    private static void Pair(ProtobufWriter writer, int field, string name, string value)
    {
        var pair = writer.Begin(field);
        writer.Text(1, name);
        writer.Text(2, value);
        writer.End(pair);
    }

    private static void Attribute(ProtobufWriter writer, int field, string key, string value)
    {
        var pair = writer.Begin(field);
        writer.Text(1, key);
        var any = writer.Begin(2);
        writer.Text(1, value);
        writer.End(any);
        writer.End(pair);
    }

    private static void Sample(ProtobufWriter writer, int field)
    {
        var sample = writer.Begin(field);
        writer.Double(1, 1.5);
        writer.Int64(2, TimeMs);
        writer.End(sample);
    }

    private static void Timestamp(ProtobufWriter writer, int field)
    {
        var timestamp = writer.Begin(field);
        writer.Int64(1, TimeMs / 1000);
        writer.Int64(2, 5_000_000);
        writer.End(timestamp);
    }

    private static void ClientExemplar(ProtobufWriter writer, int field)
    {
        var exemplar = writer.Begin(field);
        Pair(writer, 1, "trace_id", "t");
        writer.Double(2, 0.5);
        Timestamp(writer, 3);
        writer.End(exemplar);
    }

    private static void Span(ProtobufWriter writer, int field, int offset, uint length)
    {
        var span = writer.Begin(field);
        writer.ZigZag(1, offset);
        writer.Int64(2, length);
        writer.End(span);
    }

    private static void RemoteHistogram(ProtobufWriter writer, int field, bool custom)
    {
        var histogram = writer.Begin(field);
        writer.UInt64EvenZero(1, 6);
        writer.Double(3, 9);
        writer.ZigZag(4, custom ? -53 : 2);
        writer.Double(5, custom ? 0 : 0.001);
        writer.UInt64EvenZero(6, custom ? 0UL : 1);
        if (!custom)
        {
            Span(writer, 8, 0, 2);
            writer.Bytes(9, [2, 1]);
        }
        Span(writer, 11, 0, 3);
        writer.Bytes(12, custom ? [4, 0, 0] : [2, 0, 1]);
        writer.Int64(14, 1);
        writer.Int64(15, TimeMs);
        if (custom)
        {
            writer.Bytes(16, [.. BitConverter.GetBytes(1.0), .. BitConverter.GetBytes(2.0)]);
        }
        writer.End(histogram);
    }

    private static void Fixed64(ProtobufWriter writer, int field, byte[] bytes)
    {
        writer.Varint(((ulong)field << 3) | 1);
        writer.Raw(bytes);
    }
}

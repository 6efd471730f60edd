using Pharos.Collection.RemoteStorage.Wire;

namespace Pharos.Fuzz.Targets.Logs;

/// <summary>Small pushes of logs in protobuf, with everything in them that a reader looks at.</summary>
internal static class LogInputs
{
    private const ulong TimeNs = FixedTime.NowSeconds * 1_000_000_000UL;

    /// <summary><c>logproto.PushRequest</c>.</summary>
    public static IEnumerable<byte[]> Pushes()
    {
        var request = new ProtobufWriter();
        foreach (var labels in new[] { "{job=\"a\", level=\"error\"}", "{job=`b`}" })
        {
            var stream = request.Begin(1);
            request.Text(1, labels);
            foreach (var line in new[] { "level=info a plain line", "{\"severity\":\"warn\",\"x\":1}" })
            {
                var entry = request.Begin(2);
                var time = request.Begin(1);
                request.Int64(1, FixedTime.NowSeconds);
                request.Int64(2, 5);
                request.End(time);
                request.Text(2, line);
                Pair(request, 3, "trace_id", "0af7651916cd43dd8448eb211c80319c");
                Pair(request, 3, "user.id", "7");
                request.End(entry);
            }
            request.Int64(3, 12);
            request.End(stream);
        }
        yield return request.Written.ToArray();
    }

    /// <summary><c>ExportLogsServiceRequest</c>.</summary>
    public static IEnumerable<byte[]> OtlpRequests()
    {
        var request = new ProtobufWriter();
        var resource = request.Begin(1);
        var own = request.Begin(1);
        Attribute(request, 1, "service.name", "shop");
        Attribute(request, 1, "host.name", "h");
        request.Int64(2, 1);
        request.End(own);
        var scope = request.Begin(2);
        var about = request.Begin(1);
        request.Text(1, "scope");
        request.Text(2, "1.0");
        Attribute(request, 3, "kind", "x");
        request.End(about);
        foreach (var severity in new[] { 9, 17 })
        {
            var record = request.Begin(2);
            Fixed64(request, 1, TimeNs);
            request.Int64(2, severity);
            request.Text(3, severity == 9 ? "INFO" : "ERROR");
            var body = request.Begin(5);
            request.Text(1, "an order came");
            request.End(body);
            Attribute(request, 6, "http.status", "200");
            Nested(request, 6);
            request.Int64(7, 2);
            request.Varint((8 << 3) | 5);
            request.Raw([1, 0, 0, 0]);
            request.Bytes(9, [.. Enumerable.Range(1, 16).Select(static i => (byte)i)]);
            request.Bytes(10, [1, 2, 3, 4, 5, 6, 7, 8]);
            Fixed64(request, 11, TimeNs + 7);
            request.Text(12, "order");
            request.End(record);
        }
        request.End(scope);
        request.End(resource);
        yield return request.Written.ToArray();
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

    /// <summary>A map with a list in it.</summary>
    private static void Nested(ProtobufWriter writer, int field)
    {
        var pair = writer.Begin(field);
        writer.Text(1, "map");
        var any = writer.Begin(2);
        var map = writer.Begin(6);
        var inner = writer.Begin(1);
        writer.Text(1, "list");
        var value = writer.Begin(2);
        var list = writer.Begin(5);
        var item = writer.Begin(1);
        writer.Int64(3, 7);
        writer.End(item);
        writer.End(list);
        writer.End(value);
        writer.End(inner);
        writer.End(map);
        writer.End(any);
        writer.End(pair);
    }

    private static void Fixed64(ProtobufWriter writer, int field, ulong value)
    {
        writer.Varint(((ulong)field << 3) | 1);
        writer.Raw(BitConverter.GetBytes(value));
    }
}

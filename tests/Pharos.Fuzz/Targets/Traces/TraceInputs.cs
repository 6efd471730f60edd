using Pharos.Collection.RemoteStorage.Wire;

namespace Pharos.Fuzz.Targets.Traces;

/// <summary>Small requests of spans in protobuf, with everything in them that a reader looks at.</summary>
internal static class TraceInputs
{
    private const ulong StartNs = 1_700_000_000_000_000_000;

    /// <summary><c>ExportTraceServiceRequest</c>.</summary>
    public static IEnumerable<byte[]> OtlpRequests()
    {
        var request = new ProtobufWriter();
        var resource = request.Begin(1);
        var own = request.Begin(1);
        Attribute(request, 1, "service.name", "shop");
        request.Int64(2, 1);
        request.End(own);
        var scope = request.Begin(2);
        var about = request.Begin(1);
        request.Text(1, "lib");
        request.Text(2, "1.0");
        Attribute(request, 3, "kind", "x");
        request.End(about);
        for (byte i = 1; i < 3; i++)
        {
            Span(request, i);
        }
        request.Text(3, "https://scope");
        request.End(scope);
        request.Text(3, "https://resource");
        request.End(resource);
        yield return request.Written.ToArray();
    }

    private static void Span(ProtobufWriter request, byte id)
    {
        var span = request.Begin(2);
        request.Bytes(1, [.. Enumerable.Range(1, 16).Select(static i => (byte)i)]);
        request.Bytes(2, [id, 2, 3, 4, 5, 6, 7, 8]);
        request.Text(3, "a=1");
        request.Bytes(4, [1, 2, 3, 4, 5, 6, 7, 9]);
        request.Text(5, "GET /");
        request.Int64(6, 2);
        request.Fixed64(7, StartNs);
        request.Fixed64(8, StartNs + id);
        Attribute(request, 9, "http.request.method", "GET");
        Nested(request, 9);
        request.Int64(10, 1);
        var happened = request.Begin(11);
        request.Fixed64(1, StartNs);
        request.Text(2, "exception");
        Attribute(request, 3, "exception.type", "x");
        request.End(happened);
        var link = request.Begin(13);
        request.Bytes(1, [.. Enumerable.Range(2, 16).Select(static i => (byte)i)]);
        request.Bytes(2, [8, 7, 6, 5, 4, 3, 2, 1]);
        request.Fixed32(6, 1);
        request.End(link);
        var status = request.Begin(15);
        request.Text(2, "no");
        request.Int64(3, 2);
        request.End(status);
        request.Fixed32(16, 0x101);
        request.End(span);
    }

    private static void Attribute(ProtobufWriter writer, int field, string key, string text)
    {
        var pair = writer.Begin(field);
        writer.Text(1, key);
        var value = writer.Begin(2);
        writer.Text(1, text);
        writer.End(value);
        writer.End(pair);
    }

    /// <summary>A map with a list of one number and one double in it.</summary>
    private static void Nested(ProtobufWriter writer, int field)
    {
        var pair = writer.Begin(field);
        writer.Text(1, "nested");
        var value = writer.Begin(2);
        var map = writer.Begin(6);
        var inner = writer.Begin(1);
        writer.Text(1, "list");
        var list = writer.Begin(2);
        var items = writer.Begin(5);
        var number = writer.Begin(1);
        writer.UInt64EvenZero(3, 7);
        writer.End(number);
        var real = writer.Begin(1);
        writer.DoubleEvenZero(4, 2.5);
        writer.End(real);
        writer.End(items);
        writer.End(list);
        writer.End(inner);
        writer.End(map);
        writer.End(value);
        writer.End(pair);
    }
}

using System.Text;
using System.Text.Json;

namespace Pharos.Conformance.Tests.Traces.Receivers;

/// <summary>Makes the protobuf of a fixture that is kept as protobuf's JSON.</summary>
internal static class ZipkinProtobufJson
{
    public static byte[] Encode(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        return Repeated(1, json.RootElement.GetProperty("spans"), Span);
    }

    private static byte[] Span(JsonElement span) =>
    [
        .. Bytes(1, span, "trace_id"), .. Bytes(2, span, "parent_id"), .. Bytes(3, span, "id"), .. Number(4, span, "kind"), .. Text(5, span, "name"),
        .. Fixed(6, span, "timestamp"), .. Number(7, span, "duration"), .. Nested(8, span, "local_endpoint"), .. Nested(9, span, "remote_endpoint"),
        .. span.TryGetProperty("annotations", out var annotations)
            ? Repeated(10, annotations, static annotation => [.. Fixed(1, annotation, "timestamp"), .. Text(2, annotation, "value")]) : [],
        .. span.TryGetProperty("tags", out var tags)
            ? tags.EnumerateObject().SelectMany(static tag => Field(11, [.. Field(1, Encoding.UTF8.GetBytes(tag.Name)), .. Text(2, tag.Value)])) : [],
        .. Flag(12, span, "debug"), .. Flag(13, span, "shared"),
    ];

    private static byte[] Nested(int field, JsonElement owner, string name) => owner.TryGetProperty(name, out var endpoint)
        ? Field(field, [.. Text(1, endpoint, "service_name"), .. Bytes(2, endpoint, "ipv4"), .. Bytes(3, endpoint, "ipv6"), .. Number(4, endpoint, "port")])
        : [];

    private static byte[] Repeated(int field, JsonElement list, Func<JsonElement, byte[]> item) =>
        [.. list.EnumerateArray().SelectMany(element => Field(field, item(element)))];

    private static byte[] Bytes(int field, JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) ? Field(field, value.GetBytesFromBase64()) : [];

    private static byte[] Text(int field, JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? Text(field, value) : [];

    private static byte[] Text(int field, JsonElement value) => Field(field, Encoding.UTF8.GetBytes(value.GetString()!));

    private static byte[] Number(int field, JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) ? [(byte)(field << 3), .. Varint(value.GetUInt64())] : [];

    private static byte[] Flag(int field, JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.GetBoolean() ? [(byte)(field << 3), 1] : [];

    private static byte[] Fixed(int field, JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) ? [(byte)((field << 3) | 1), .. BitConverter.GetBytes(value.GetUInt64())] : [];

    private static byte[] Field(int field, byte[] content) => [(byte)((field << 3) | 2), .. Varint((ulong)content.Length), .. content];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }
        bytes.Add((byte)value);
        return [.. bytes];
    }
}

using System.Buffers.Binary;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Query.Traces;
using Pharos.Server.Api.Grpc;
using Pharos.Server.Api.Jaeger.Model;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Jaeger.Grpc;

/// <summary>Writes spans as messages of Jaeger's <c>model.proto</c>.</summary>
internal static class ModelProtobuf
{
    // The types of a KeyValue; a text is the default.
    private const int Bool = 1;
    private const int Int = 2;
    private const int Double = 3;
    private const int Binary = 4;

    private const int FollowsFrom = 1;

    public static void Write(ProtobufWriter writer, int field, Span span)
    {
        var message = writer.Begin(field);
        Id(writer, 1, span.TraceId);
        Id(writer, 2, span.SpanId);
        writer.Text(3, span.Name);
        foreach (var reference in JaegerReference.Of(span))
        {
            var inner = writer.Begin(4);
            Id(writer, 1, reference.TraceId);
            Id(writer, 2, reference.SpanId);
            writer.Int64(3, reference.IsChildOf ? 0 : FollowsFrom);
            writer.End(inner);
        }
        writer.Int64(5, span.Flags & 0xFF);
        GrpcTimes.Write(writer, 6, span.StartNs);
        GrpcTimes.Write(writer, 7, span.DurationNs);
        Write(writer, 8, JaegerTags.Of(span));
        foreach (var happened in span.Events)
        {
            var log = writer.Begin(9);
            GrpcTimes.Write(writer, 1, happened.TimeNs);
            Write(writer, 2, JaegerTags.Of(happened));
            writer.End(log);
        }
        var process = writer.Begin(10);
        writer.Text(1, span.Resource.ServiceName);
        Write(writer, 2, JaegerTags.Of(span.Resource));
        writer.End(process);
        foreach (var warning in SpanWarningList.Of(span) ?? [])
        {
            writer.TextEvenEmpty(12, warning);
        }
        writer.End(message);
    }

    private static void Write(ProtobufWriter writer, int field, IEnumerable<JaegerTag> tags)
    {
        foreach (var tag in tags)
        {
            var message = writer.Begin(field);
            writer.Text(1, tag.Key);
            switch (tag.Value.Kind)
            {
                case AttributeKind.Bool:
                    writer.Int64(2, Bool);
                    writer.Int64(4, tag.Value.Bool ? 1 : 0);
                    break;
                case AttributeKind.Int:
                    writer.Int64(2, Int);
                    writer.Int64(5, tag.Value.Int);
                    break;
                case AttributeKind.Double:
                    writer.Int64(2, Double);
                    writer.Double(6, tag.Value.Double);
                    break;
                case AttributeKind.Bytes:
                    writer.Int64(2, Binary);
                    writer.Bytes(7, tag.Value.Bytes.Span);
                    break;
                default:
                    writer.Text(3, tag.Value.Text);
                    break;
            }
            writer.End(message);
        }
    }

    private static void Id(ProtobufWriter writer, int field, TraceId id)
    {
        Span<byte> bytes = stackalloc byte[TraceId.Size];
        id.WriteTo(bytes);
        writer.Bytes(field, bytes);
    }

    private static void Id(ProtobufWriter writer, int field, ulong spanId)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, spanId);
        writer.Bytes(field, bytes);
    }
}

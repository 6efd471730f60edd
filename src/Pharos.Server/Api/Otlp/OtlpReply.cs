using System.Buffers;
using System.Text;
using System.Text.Json;
using Pharos.Collection.Receivers.Otlp;

namespace Pharos.Server.Api.Otlp;

/// <summary>Writes the messages that answer an OTLP request.</summary>
internal static class OtlpReply
{
    /// <summary><c>ExportMetricsServiceResponse</c>, which is like that of the other signals: empty where all is stored.</summary>
    /// <param name="rejected">What JSON calls the number of what was refused.</param>
    public static byte[] Success(OtlpOutcome outcome, bool json, string rejected = "rejectedDataPoints")
    {
        if (json)
        {
            return outcome.Reasons.Length == 0 ? "{}"u8.ToArray() : Json(writer =>
            {
                writer.WriteStartObject("partialSuccess");
                writer.WriteString(rejected, $"{outcome.Rejected}");
                writer.WriteString("errorMessage", outcome.Reasons);
                writer.WriteEndObject();
            });
        }
        if (outcome.Reasons.Length == 0)
        {
            return [];
        }
        var inner = new MemoryStream();
        Number(inner, 1, (ulong)outcome.Rejected);
        Bytes(inner, 2, Encoding.UTF8.GetBytes(outcome.Reasons));
        var message = new MemoryStream();
        Bytes(message, 1, inner.ToArray());
        return message.ToArray();
    }

    /// <summary><c>google.rpc.Status</c>.</summary>
    public static byte[] Failure(int code, string reason, bool json)
    {
        if (json)
        {
            return Json(writer =>
            {
                writer.WriteNumber("code", code);
                writer.WriteString("message", reason);
            });
        }
        var message = new MemoryStream();
        Number(message, 1, (ulong)code);
        Bytes(message, 2, Encoding.UTF8.GetBytes(reason));
        return message.ToArray();
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void Number(MemoryStream output, int field, ulong value)
    {
        if (value != 0)
        {
            Varint(output, (ulong)field << 3);
            Varint(output, value);
        }
    }

    private static void Bytes(MemoryStream output, int field, byte[] bytes)
    {
        Varint(output, ((ulong)field << 3) | 2);
        Varint(output, (ulong)bytes.Length);
        output.Write(bytes);
    }

    private static void Varint(MemoryStream output, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            output.WriteByte((byte)(value | 0x80));
        }
        output.WriteByte((byte)value);
    }
}

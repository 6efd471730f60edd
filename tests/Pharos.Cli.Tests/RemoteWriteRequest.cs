using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Snappier;

namespace Pharos.Cli.Tests;

/// <summary>A body of remote write 1.0, built without the program's own code.</summary>
internal static class RemoteWriteRequest
{
    private const int VarintField = 0;
    private const int FixedField = 1;
    private const int BytesField = 2;

    public static byte[] Of(IEnumerable<((string Name, string Value)[] Labels, (long TimestampMs, double Value)[] Samples)> series)
    {
        var request = new ArrayBufferWriter<byte>();
        foreach (var (labels, samples) in series)
        {
            var one = new ArrayBufferWriter<byte>();
            foreach (var (name, value) in labels)
            {
                var label = new ArrayBufferWriter<byte>();
                Field(label, 1, Encoding.UTF8.GetBytes(name));
                Field(label, 2, Encoding.UTF8.GetBytes(value));
                Field(one, 1, label.WrittenSpan);
            }
            foreach (var (timestampMs, value) in samples)
            {
                var sample = new ArrayBufferWriter<byte>();
                Varint(sample, (1 << 3) | FixedField);
                BinaryPrimitives.WriteDoubleLittleEndian(sample.GetSpan(sizeof(double)), value);
                sample.Advance(sizeof(double));
                Varint(sample, (2 << 3) | VarintField);
                Varint(sample, (ulong)timestampMs);
                Field(one, 2, sample.WrittenSpan);
            }
            Field(request, 1, one.WrittenSpan);
        }
        return Snappy.CompressToArray(request.WrittenSpan);
    }

    private static void Field(ArrayBufferWriter<byte> into, int number, ReadOnlySpan<byte> bytes)
    {
        Varint(into, (ulong)((number << 3) | BytesField));
        Varint(into, (ulong)bytes.Length);
        into.Write(bytes);
    }

    private static void Varint(ArrayBufferWriter<byte> into, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            into.Write([(byte)(value | 0x80)]);
        }
        into.Write([(byte)value]);
    }
}

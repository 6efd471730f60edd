using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Snappier;

namespace Pharos.Benchmarks.Soak;

/// <summary>Series and their samples as bodies of remote write 1.0, the same for the same arguments.</summary>
/// <param name="series">How many there are at a time.</param>
internal sealed class RemoteWriteLoad(int series)
{
    private static readonly string[] Codes = ["200", "201", "204", "400", "404", "500"];

    private readonly byte[]?[] _labels = new byte[series][];

    /// <summary>The next samples of the series from <paramref name="first"/> on (inclusive), <paramref name="count"/> of them.</summary>
    public byte[] Request(int first, int count, long timestampMs)
    {
        var request = new ArrayBufferWriter<byte>(count * 160);
        Span<byte> sample = stackalloc byte[24];
        for (var i = first; i < first + count; i++)
        {
            var labels = _labels[i] ??= LabelsOf(i, generation: 0);
            sample[0] = 0x09;
            BinaryPrimitives.WriteDoubleLittleEndian(sample[1..], ValueOf(i, timestampMs));
            sample[9] = 0x10;
            var length = 10 + Varint(sample[10..], (ulong)timestampMs);
            Field(request, 1, labels.Length + 2 + length);
            request.Write(labels);
            Field(request, 2, length);
            request.Write(sample[..length]);
        }
        return Snappy.CompressToArray(request.WrittenSpan);
    }

    /// <summary>Another series takes the place of one: churn.</summary>
    public void Replace(int index, int generation) => _labels[index] = LabelsOf(index, generation);

    private static double ValueOf(int index, long timestampMs) => (index % 5) switch
    {
        0 => Math.Round(Math.Sin((timestampMs / 60_000.0) + index) * 100, 2),
        1 => index,
        _ => (timestampMs / 1000 * (1 + (index % 7))) + (timestampMs / 15_000 * index % 13),
    };

    private static byte[] LabelsOf(int index, int generation)
    {
        var labels = new ArrayBufferWriter<byte>(128);
        (string Name, string Value)[] pairs =
        [
            ("__name__", $"soak_requests_{index % 50}_total"), ("code", Codes[index % Codes.Length]),
            ("instance", $"10.{index / 62_500}.{index / 250 % 250}.{index % 250}:{8080 + generation}"), ("job", "soak"), ("n", $"{index}"),
        ];
        foreach (var (name, value) in pairs)
        {
            var (nameBytes, valueBytes) = (Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
            Field(labels, 1, nameBytes.Length + valueBytes.Length + 4);
            Field(labels, 1, nameBytes.Length);
            labels.Write(nameBytes);
            Field(labels, 2, valueBytes.Length);
            labels.Write(valueBytes);
        }
        return labels.WrittenSpan.ToArray();
    }

    /// <summary>The head of a field whose contents have a length.</summary>
    private static void Field(ArrayBufferWriter<byte> into, int number, int length)
    {
        into.Write([(byte)((number << 3) | 2)]);
        into.Advance(Varint(into.GetSpan(10), (ulong)length));
    }

    private static int Varint(Span<byte> into, ulong value)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7)
        {
            into[at++] = (byte)(value | 0x80);
        }
        into[at++] = (byte)value;
        return at;
    }
}

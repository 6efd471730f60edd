using System.Buffers.Binary;
using System.Text;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;
using Snappier;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>A remote-write 1.0 body, written field by field: <c>WriteRequest.timeseries = 1</c>; <c>TimeSeries.labels = 1,
/// samples = 2</c>; <c>Label.name = 1, value = 2</c>; <c>Sample.value = 1 (double), timestamp = 2 (int64, ms)</c>.</summary>
internal static class RemoteWriteBody
{
    private const byte First = 0xA;
    private const byte Second = 0x12;

    public static byte[] Create(IEnumerable<(LabelSet Labels, IReadOnlyList<(long TimeMs, double Value)> Samples)> series)
    {
        var request = new MemoryStream();
        foreach (var (labels, samples) in series.Where(one => one.Samples.Count > 0))
        {
            var one = new MemoryStream();
            foreach (var label in labels)
            {
                var pair = new MemoryStream();
                Field(pair, First, Encoding.UTF8.GetBytes(label.Name));
                Field(pair, Second, Encoding.UTF8.GetBytes(label.Value));
                Field(one, First, pair.ToArray());
            }
            foreach (var (timeMs, value) in samples)
            {
                var sample = new byte[9];
                sample[0] = 0x9;
                BinaryPrimitives.WriteDoubleLittleEndian(sample.AsSpan(1), value);
                var bytes = new MemoryStream();
                bytes.Write(sample);
                bytes.WriteByte(0x10);
                Varint(bytes, (ulong)timeMs);
                Field(one, Second, bytes.ToArray());
            }
            Field(request, First, one.ToArray());
        }
        return Snappy.CompressToArray(request.ToArray());
    }

    /// <summary>A body with native histograms of one series.</summary>
    public static byte[] Create(LabelSet labels, IEnumerable<(long TimeMs, NativeHistogram Histogram)> samples)
    {
        var writer = new ProtobufWriter();
        WriteRequestV1.Write(writer, [.. samples.Select(sample => new PendingItem(
            labels, sample.TimeMs, 0, sample.Histogram, 0, null, new CommitTicket(default, mayRepeat: false)))]);
        return Snappy.CompressToArray(writer.Written);
    }

    public static async Task PushAsync(HttpClient client, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.Add("Content-Type", "application/x-protobuf");
        content.Headers.Add("Content-Encoding", "snappy");
        content.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        using var answer = await client.PostAsync("/api/v1/write", content);
        Assert.True(answer.IsSuccessStatusCode, $"{client.BaseAddress}: {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    private static void Field(MemoryStream output, byte tag, byte[] bytes)
    {
        output.WriteByte(tag);
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

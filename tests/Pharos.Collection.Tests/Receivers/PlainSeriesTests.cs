using CsCheck;
using Pharos.Collection.Protobuf;
using Pharos.Collection.Receivers.RemoteWrite;
using Pharos.Collection.Tests.Protobuf;

namespace Pharos.Collection.Tests.Receivers;

public sealed class PlainSeriesTests
{
    /// <summary>Series with what encoders write and leave out, and some bytes that nobody would write.</summary>
    private static readonly Gen<byte[]> Messages = Gen.Select(
        Gen.Select(Gen.Char.AlphaNumeric.Array[0, 200], Gen.Int[0, 300]).Array[0, 3],
        Gen.Select(Gen.OneOf(Gen.Const(0d), Gen.Double), Gen.OneOf(Gen.Const(0L), Gen.Long[1_700_000_000_000, 1_800_000_000_000], Gen.Long)).Array[0, 3],
        Gen.Select(Gen.Int[0, 400], Gen.Byte).Array[0, 2],
        (labels, samples, changes) =>
        {
            var message = new ProtoMessage();
            foreach (var (name, length) in labels)
            {
                message.Message(1, new ProtoMessage().Text(1, new string(name)).Text(2, new string('v', length)));
            }
            foreach (var (value, time) in samples)
            {
                var sample = value == 0 ? new ProtoMessage() : new ProtoMessage().Double(1, value);
                message.Message(2, time == 0 ? sample : sample.Varint(2, time));
            }
            var bytes = message.ToArray();
            foreach (var (at, change) in changes)
            {
                bytes.AsSpan(Math.Min(at, bytes.Length)..Math.Min(at + 1, bytes.Length)).Fill(change);
            }
            return bytes;
        });

    [Fact]
    public void What_is_taken_for_plain_reads_the_same_field_by_field()
    {
        var plain = 0;
        Messages.Sample(message =>
        {
            var at = PlainSeries.LabelsLength(message);
            var labels = at;
            if (at < 0)
            {
                return;
            }
            var samples = new List<(long, double, long)>();
            while (at < message.Length)
            {
                if (!PlainSeries.TrySample(message, ref at, out var timestampMs, out var value))
                {
                    return;
                }
                samples.Add((timestampMs, value, 0));
            }
            plain++;
            var series = new RemoteSeries();
            try
            {
                WriteRequestV1.ReadSeries(message, series, new HistogramAssembly());
            }
            catch (InvalidDataException)
            {
                // What is inside a label is read where the label is new: the fault is there.
                Assert.Throws<InvalidDataException>(() => WriteRequestV1.ReadSeries(message.AsSpan(0, labels), series, new HistogramAssembly()));
                return;
            }
            Assert.Equal(series.Samples, samples);
            Assert.Empty(series.Histograms);
            Assert.Empty(series.Exemplars);
        }, threads: 1);
        Assert.True(plain > 50, $"only {plain} of the messages were plain");
    }

    [Fact]
    public void Labels_of_two_bytes_of_length_are_plain()
    {
        var labels = new ProtoMessage().Message(1, new ProtoMessage().Text(1, "n").Text(2, new string('v', 1000)));
        var length = labels.ToArray().Length;
        Assert.Equal(length, PlainSeries.LabelsLength(labels.Message(2, new ProtoMessage().Double(1, 1)).ToArray()));
    }
}

using CsCheck;
using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Encoding;

public sealed class XorChunkTests
{
    private static readonly double[] Special = [StaleMarker.Value, StaleMarker.NormalNaN, -0.0, 0.0, double.MaxValue, double.Epsilon];
    private static readonly Gen<double> AnyBits = Gen.ULong.Select(BitConverter.UInt64BitsToDouble);
    private static readonly Gen<double> Value = Gen.OneOf(Gen.Double, AnyBits, Gen.Int[0, 3].Select(i => (double)i),
        Gen.Int[0, 5].Select(i => Special[i]));
    private static readonly Gen<long> Time = Gen.OneOf(Gen.Long, Gen.Long[0, 100_000], Gen.Long[-10, 10].Select(i => i * 15_000));

    [Fact]
    public void What_was_packed_is_unpacked_bit_by_bit() => Gen.Select(Time, Value).Array[0, 300].Sample(samples =>
    {
        var (bytes, count) = Pack(samples);
        var reader = new XorChunkReader(bytes, count);
        foreach (var (timestampMs, value) in samples)
        {
            Assert.True(reader.Next());
            Assert.Equal(timestampMs, reader.TimestampMs);
            Assert.Equal(BitConverter.DoubleToUInt64Bits(value), BitConverter.DoubleToUInt64Bits(reader.Value));
        }
        Assert.False(reader.Next());
    });

    [Fact]
    public void A_range_holds_the_samples_between_its_ends() =>
        Gen.Select(Gen.Int[1, 50].Array[1, 100], Gen.Long[-10, 3000], Gen.Long[-10, 3000]).Sample((steps, from, to) =>
        {
            var now = 0L;
            var samples = steps.Select(step => (now += step, (double)step)).ToArray();
            var (bytes, count) = Pack(samples);
            var into = new SampleBuffer();
            XorChunkReader.ReadRange(bytes, count, from, to, into);
            Assert.Equal(samples.Where(sample => sample.Item1 >= from && sample.Item1 <= to),
                into.Timestamps.ToArray().Zip(into.Values.ToArray()));
        });

    [Fact]
    public void Steady_and_unsteady_intervals_are_read_at_once_as_one_by_one() =>
        Gen.Select(Gen.Frequency((9, Gen.Const(15_000L)), (1, Gen.Long[0, 40_000])), Value).Array[0, 300].Sample(samples =>
        {
            var now = 1_700_000_000_000L;
            var (bytes, count) = Pack([.. samples.Select(sample => (now += sample.Item1, sample.Item2))]);
            var into = new SampleBuffer();
            XorChunkReader.ReadRange(bytes, count, long.MinValue, long.MaxValue, into);
            var reader = new XorChunkReader(bytes, count);
            for (var i = 0; i < count; i++)
            {
                Assert.True(reader.Next());
                Assert.Equal(reader.TimestampMs, into.Timestamps[i]);
                Assert.Equal(BitConverter.DoubleToUInt64Bits(reader.Value), BitConverter.DoubleToUInt64Bits(into.Values[i]));
            }
            Assert.Equal(count, into.Count);
        });

    [Fact]
    public void A_reader_of_the_open_buffer_is_not_disturbed_by_what_is_added_later()
    {
        var writer = new XorChunkWriter();
        for (var i = 0; i < 10; i++)
        {
            writer.Append(i * 1000, i * 0.1);
        }
        var (buffer, count) = (writer.Buffer!, writer.Count);
        for (var i = 10; i < 200; i++)
        {
            writer.Append(i * 1000, i * 0.1);
        }
        var into = new SampleBuffer();
        XorChunkReader.ReadRange(buffer, count, long.MinValue, long.MaxValue, into);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => i * 0.1), into.Values.ToArray());
    }

    [Fact]
    public void Steady_scrapes_of_an_unchanged_value_take_two_bits_each()
    {
        var (bytes, count) = Pack([.. Enumerable.Range(0, 240).Select(i => (i * 15_000L, 1.0))]);
        Assert.Equal(240, count);
        Assert.InRange(bytes.Length, 60, 85);
    }

    [Fact]
    public void The_checksum_is_the_Castagnoli_one()
    {
        // The check value of CRC-32C's catalogue entry.
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
        Assert.Equal(Crc32C.Of("123456789"u8), Crc32C.Of("6789"u8, Crc32C.Of("12345"u8)));
    }

    private static (byte[] Bytes, int Count) Pack((long TimestampMs, double Value)[] samples)
    {
        var writer = new XorChunkWriter();
        foreach (var (timestampMs, value) in samples)
        {
            writer.Append(timestampMs, value);
        }
        return (writer.ToArray(), writer.Count);
    }
}

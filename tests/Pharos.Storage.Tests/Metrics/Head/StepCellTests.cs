using CsCheck;
using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Head.Memory;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Metrics.Head;

public sealed class StepCellTests
{
    private static readonly double[] Special =
        [StaleMarker.Value, double.NaN, -0.0, 0.0, double.MaxValue, double.Epsilon, double.PositiveInfinity, 1L << 52, -(1L << 52), (1L << 53) + 2, 0.1 + 0.2];

    /// <summary>Steps of every class, of every number of decimals, and now and then anything.</summary>
    private static readonly Gen<double> Value = Gen.Frequency(
        (8, Gen.Int[-40, 40].Select(i => (double)i)), (4, Gen.Int[-5000, 5000].Select(i => (double)i)), (3, Gen.Int.Select(i => (double)i)),
        (4, Gen.Int[-3000, 3000].Select(i => i / 100.0)), (2, Gen.Select(Gen.Int, Gen.Int[0, 8]).Select((i, e) => i / Math.Pow(10, e))),
        (2, Gen.Int[0, Special.Length - 1].Select(i => Special[i])), (1, Gen.ULong.Select(BitConverter.UInt64BitsToDouble)));

    private static readonly Gen<long> Time = Gen.Frequency(
        (1, Gen.Long), (1, Gen.Long[0, 100_000]), (6, Gen.Const(15_000L)), (2, Gen.Long[-10, 10].Select(i => i * 15_000)));

    [Fact]
    public void What_was_packed_is_unpacked_bit_by_bit() => Gen.Select(Time, Value).Array[1, 200].Sample(steps =>
    {
        var samples = new List<(long TimestampMs, double Value)>();
        var cells = new ByteSlab();
        var state = new SeriesState();
        foreach (var (step, value) in steps)
        {
            var timestampMs = samples.Count == 0 ? step : unchecked(samples[^1].TimestampMs + step);
            if ((samples.Count == 0 && !StepCell.Suits(value)) || !StepCell.TryAppend(ref state, cells, timestampMs, value))
            {
                break;
            }
            samples.Add((timestampMs, value));
        }
        var bytes = new byte[OpenCell.SizeBytes(state)];
        if (samples.Count == 0)
        {
            return;
        }
        OpenCell.CopyTo(state, cells, bytes);
        for (var count = 1; count <= samples.Count; count += 7)
        {
            var into = new SampleBuffer();
            StepChunkReader.ReadRange(bytes, count, long.MinValue, long.MaxValue, into);
            Assert.Equal(samples.Take(count).Select(sample => (sample.TimestampMs, BitConverter.DoubleToUInt64Bits(sample.Value))),
                into.Timestamps.ToArray().Zip(into.Values.ToArray().Select(BitConverter.DoubleToUInt64Bits)));
        }
    });

    [Fact]
    public void Any_bytes_are_read_at_once_as_sample_by_sample() => Gen.Select(Gen.Byte.Array[0, 120], Gen.Int[0, 100]).Sample((bytes, count) =>
    {
        var (fast, plain) = (new SampleBuffer(), new SampleBuffer());
        StepChunkReader.ReadRange(bytes, count, long.MinValue, long.MaxValue, fast);
        StepChunkReader.ReadRangePlain(bytes, count, long.MinValue, long.MaxValue, plain);
        Assert.Equal(plain.Timestamps, fast.Timestamps);
        Assert.Equal(plain.Values.ToArray().Select(BitConverter.DoubleToUInt64Bits), fast.Values.ToArray().Select(BitConverter.DoubleToUInt64Bits));
    });

    [Fact]
    public void A_range_holds_the_samples_between_its_ends() => Gen.Select(Gen.Int[1, 100], Gen.Int[-10, 110], Gen.Int[-10, 110]).Sample(
        (count, from, to) =>
        {
            var cells = new ByteSlab();
            var state = new SeriesState();
            for (var i = 0; i < count; i++)
            {
                Assert.True(StepCell.TryAppend(ref state, cells, i * 1000, i * 0.25));
            }
            var bytes = new byte[OpenCell.SizeBytes(state)];
            OpenCell.CopyTo(state, cells, bytes);
            var into = new SampleBuffer();
            StepChunkReader.ReadRange(bytes, count, from * 1000, to * 1000, into);
            Assert.Equal(Enumerable.Range(0, count).Where(i => i >= from && i <= to).Select(i => i * 0.25), into.Values.ToArray());
        });

    [Fact]
    public void A_chunk_ends_where_numbers_are_no_decimals()
    {
        var cells = new ByteSlab();
        var state = new SeriesState();
        Assert.True(StepCell.TryAppend(ref state, cells, 0, 1));
        var taken = Enumerable.Range(1, 20).TakeWhile(i => StepCell.TryAppend(ref state, cells, i, Math.Sin(i))).Count();
        Assert.Equal(4, taken);
        Assert.False(StepCell.Suits(Math.PI));
    }

    [Fact]
    public void Damaged_bytes_are_read_as_something() => Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[0, 300]).Sample((bytes, count) =>
    {
        var into = new SampleBuffer();
        StepChunkReader.ReadRange(bytes, count, long.MinValue, long.MaxValue, into);
        Assert.InRange(into.Count, 0, count);
    });
}

using CsCheck;
using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics.Head.Memory;

namespace Pharos.Storage.Tests.Metrics.Head;

public sealed class XorCellTests
{
    private static readonly Gen<double> Value = Gen.OneOf(Gen.Double, Gen.ULong.Select(BitConverter.UInt64BitsToDouble),
        Gen.Int[0, 3].Select(i => (double)i));
    private static readonly Gen<long> Time = Gen.OneOf(Gen.Long, Gen.Long[0, 100_000], Gen.Long[-10, 10].Select(i => i * 15_000));

    [Fact]
    public void A_cell_has_the_bits_of_the_plain_writer_after_each_sample() => Gen.Select(Time, Value).Array[0, 150].Array[1, 4].Sample(series =>
    {
        var cells = new ByteSlab();
        var states = new SeriesState[series.Length];
        var writers = new XorChunkWriter[series.Length];
        for (var i = 0; i < 150; i++)
        {
            for (var one = 0; one < series.Length; one++)
            {
                if (i >= series[one].Length)
                {
                    continue;
                }
                var (timestampMs, value) = series[one][i];
                XorCell.Append(ref states[one], cells, timestampMs, value);
                writers[one].Append(timestampMs, value);
                Assert.Equal(writers[one].SizeBytes, OpenCell.SizeBytes(states[one]));
            }
        }
        for (var one = 0; one < series.Length; one++)
        {
            if (series[one].Length > 0)
            {
                var bytes = new byte[OpenCell.SizeBytes(states[one])];
                OpenCell.CopyTo(states[one], cells, bytes);
                Assert.Equal(writers[one].ToArray(), bytes);
                OpenCell.Reset(ref states[one], cells);
            }
        }
        Assert.Equal(0, cells.SizeBytes);
    });
}

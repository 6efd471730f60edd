using CsCheck;
using Pharos.Storage.Encoding;
using Pharos.Storage.Encoding.Vectors;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Encoding;

public sealed class VectorChunkTests
{
    private static readonly double[] Special =
    [
        StaleMarker.Value, StaleMarker.NormalNaN, -0.0, 0.0, double.MaxValue, double.Epsilon, double.PositiveInfinity, 9007199254740993,
        0.1 + 0.2, 1e22, 1e-22,
    ];

    private static readonly Gen<double> AnyBits = Gen.ULong.Select(BitConverter.UInt64BitsToDouble);
    private static readonly Gen<double> Decimal = Gen.Int[-100_000, 100_000].Select(i => i / 100.0);
    private static readonly Gen<double> Whole = Gen.Long[0, 5000].Select(i => (double)i);
    private static readonly Gen<double> Odd = Gen.OneOf(AnyBits, Gen.Double, Gen.Int[0, Special.Length - 1].Select(i => Special[i]));

    /// <summary>Mostly of one kind, as values are, with a few that are of another.</summary>
    private static readonly Gen<double[]> Values = Gen.OneOf(
        Odd.Array[1, 600], Whole.Array[1, 600], Decimal.Array[1, 600],
        Gen.Frequency((30, Decimal), (1, Odd)).Array[1, 600],
        Whole.Array[1, 600].Select(Counter),
        Gen.Select(Gen.Long[1, 1L << 40], Gen.Int[-1000, 1000].Array[1, 600])
            .Select((unit, numbers) => numbers.Select(number => (double)(number * unit)).ToArray()),
        Gen.Select(Odd.Array[1, 20], Gen.Int[0, 19].Array[1, 600])
            .Select((few, places) => places.Select(place => few[place % few.Length]).ToArray()),
        Gen.Frequency((200, Whole), (1, Gen.Const(-1e9))).Array[1, 600].Select(Counter),
        Gen.Select(Odd, Gen.Int[1, 300]).Select((value, count) => Enumerable.Repeat(value, count).ToArray()));

    private static readonly Gen<long> Step = Gen.Frequency((50, Gen.Const(15_000L)), (5, Gen.Long[14_990, 15_010]), (1, Gen.Long[1, 1L << 40]));

    private static readonly Gen<(long[] Times, double[] Values)> Samples = Gen.Select(Values, Gen.Long, Step.Array[600], Gen.Bool)
        .Select((values, first, steps, isRegular) =>
        {
            var time = first / 4;
            return (values.Select((_, i) => time += isRegular ? 15_000 : steps[i]).ToArray(), values);
        });

    [Fact]
    public void What_was_packed_is_unpacked_bit_by_bit() => Samples.Sample(samples =>
    {
        var into = Read(Pack(samples), samples.Times.Length, long.MinValue, long.MaxValue);
        Assert.Equal(samples.Times, into.Timestamps.ToArray());
        Assert.Equal(samples.Values.Select(BitConverter.DoubleToUInt64Bits), into.Values.ToArray().Select(BitConverter.DoubleToUInt64Bits));
    }, iter: 2000);

    [Fact]
    public void Values_given_as_whole_numbers_are_packed_to_the_same_bytes() =>
        Gen.Select(Gen.OneOf(Whole.Array[1, 300], Decimal.Array[1, 300], Whole.Array[1, 300].Select(Counter)), Step.Array[300]).Sample((values, steps) =>
        {
            var time = 0L;
            var times = values.Select((_, i) => time += steps[i]).ToArray();
            var exponent = Math.Max(0, DecimalColumn.FindExponent(values));
            var wholes = new long[values.Length];
            Assert.Empty(DecimalColumn.ToWhole(values, exponent, wholes));
            var packed = new ByteWriter();

            VectorChunk.WriteWholes(times, wholes, exponent, packed);

            Assert.Equal(Pack((times, values)), packed.Written.ToArray());
        }, iter: 500);

    [Fact]
    public void A_range_of_the_first_samples_holds_those_between_its_ends() =>
        Gen.Select(Samples, Gen.Int[0, 600], Gen.Int[0, 600], Gen.Int[0, 600], Gen.Int[-1, 1]).Sample((samples, count, from, to, aside) =>
        {
            count = Math.Min(count, samples.Times.Length);
            var minTimeMs = samples.Times[Math.Min(from, samples.Times.Length - 1)] + aside;
            var maxTimeMs = samples.Times[Math.Min(to, samples.Times.Length - 1)] + aside;
            var into = Read(Pack(samples), count, minTimeMs, maxTimeMs);
            var expected = samples.Times.Zip(samples.Values).Take(count).Where(one => one.First >= minTimeMs && one.First <= maxTimeMs).ToArray();
            Assert.Equal(expected.Select(one => one.First), into.Timestamps.ToArray());
            Assert.Equal(
                expected.Select(one => BitConverter.DoubleToUInt64Bits(one.Second)),
                into.Values.ToArray().Select(BitConverter.DoubleToUInt64Bits));
        }, iter: 2000);

    [Fact]
    public void Damaged_bytes_are_refused_or_read_as_something_and_nothing_else_happens() =>
        Gen.Select(Samples, Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 10_000]).Sample((samples, at, value, length) =>
        {
            var bytes = Pack(samples);
            bytes[at % bytes.Length] ^= value;
            bytes = bytes[..Math.Min(bytes.Length, length)];
            try
            {
                Assert.InRange(Read(bytes, samples.Times.Length, long.MinValue, long.MaxValue).Count, 0, VectorChunk.MaxSamples);
            }
            catch (CorruptFileException)
            {
                // Refused.
            }
        }, iter: 2000);

    [Fact]
    public void Unpacking_many_at_a_time_gives_what_unpacking_one_by_one_gives() =>
        Gen.Select(Gen.Int[0, 64], Gen.ULong.Array[1, 200], Gen.Int[0, 199]).Sample((width, numbers, first) =>
        {
            first = Math.Min(first, numbers.Length);
            var writer = new ByteWriter();
            BitPacking.Pack(numbers, width, writer);
            Assert.Equal(BitPacking.SizeBytes(numbers.Length, width), writer.Length);
            var (many, single) = (new ulong[numbers.Length - first], new ulong[numbers.Length - first]);
            BitPacking.Unpack(writer.Written, width, first, many);
            BitPacking.UnpackPlain(writer.Written, width, first, single);
            Assert.Equal(numbers.Skip(first).Select(number => width == 64 ? number : number & ((1UL << width) - 1)), single);
            Assert.Equal(single, many);
        }, iter: 5000);

    [Theory]
    [InlineData("counter", 1.0)]
    [InlineData("gauge of two decimals", 1.6)]
    [InlineData("constant", 0.2)]
    [InlineData("resets", 1.1)]
    [InlineData("multiples", 1.1)]
    [InlineData("few", 0.42)]
    [InlineData("noise", 7.2)]
    public void A_sample_takes_few_bytes(string shape, double maxBytes)
    {
        var random = new Random(7);
        var value = 0.0;
        var values = Enumerable.Range(0, 480).Select(i => value = shape switch
        {
            "counter" => value + random.Next(50),
            "gauge of two decimals" => Math.Round(Math.Clamp(value + ((random.Next(2001) - 1000) / 100.0), 0, 10_000), 2),
            "constant" => 0.25,
            "multiples" => random.Next(200) * 4096.0,
            "few" => value + (random.Next(8) * 7 / 3),
            "resets" => i % 200 == 199 ? 0 : value + random.Next(50),
            _ => Math.Sin(i) * random.NextInt64(),
        }).ToArray();
        var packed = Pack((Enumerable.Range(0, 480).Select(i => 1_700_000_000_000 + (i * 15_000L)).ToArray(), values));
        Assert.InRange(packed.Length / 480.0, 0, maxBytes);
    }

    [Fact]
    public void Any_whole_numbers_come_back()
    {
        var number = Gen.OneOf(Gen.Long, Gen.Long[-3, 3], Gen.Const(long.MinValue), Gen.Const(long.MaxValue));
        Gen.Select(number.Array[1, 300], Gen.Long[1, long.MaxValue], Gen.Int[0, 299]).Sample((numbers, unit, first) =>
        {
            var all = numbers.Select(n => unchecked(n % 5 * unit)).Concat(numbers).Skip(numbers.Length / 2).ToArray();
            first = Math.Min(first, all.Length);
            var writer = new ByteWriter();
            var divided = all.ToArray();
            PackedColumn.Write(PackedColumn.DraftOf(divided, new long[PackedColumn.MaxListed]), divided, new ulong[all.Length], writer);
            var read = new long[all.Length - first];
            var from = new ByteReader(writer.Written, "a test");
            PackedColumn.Read(ref from, all.Length, first, read);
            Assert.Equal(all[first..], read);
            Assert.Equal(0, from.Remaining);
        }, iter: 5000);
    }

    [Theory]
    [InlineData(0.25, 2)]
    [InlineData(123456.789, 3)]
    [InlineData(-7, 0)]
    [InlineData(1e15, 0)]
    [InlineData(0.000001, 6)]
    [InlineData(4.35, 2)]
    public void The_shortest_decimal_is_found(double value, int expected)
    {
        Assert.True(DecimalColumn.TryShortest(value, out var exponent));
        Assert.Equal(expected, exponent);
    }

    [Fact]
    public void What_is_no_decimal_is_told_so() =>
        Assert.All([.. Special.Where(value => !double.IsInteger(value)), -0.0, Math.PI, 1e300 / 3], value =>
            Assert.Equal(value == 1e-22, DecimalColumn.TryShortest(value, out _)));

    private static double[] Counter(double[] increments)
    {
        var sum = 0.0;
        return [.. increments.Select(increment => sum = increment < 0 ? 0 : sum + increment)];
    }

    private static byte[] Pack((long[] Times, double[] Values) samples)
    {
        var writer = new ByteWriter();
        VectorChunk.Write(samples.Times, samples.Values, writer);
        return writer.Written.ToArray();
    }

    private static SampleBuffer Read(byte[] bytes, int count, long minTimeMs, long maxTimeMs)
    {
        var into = new SampleBuffer(4);
        VectorChunk.ReadRange(bytes, count, minTimeMs, maxTimeMs, into);
        return into;
    }
}

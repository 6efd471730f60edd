using CsCheck;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Encoding;

public sealed class ShortDecimalsTests
{
    private static readonly double[] Special =
    [
        StaleMarker.Value, StaleMarker.NormalNaN, -0.0, 0.0, double.MaxValue, double.Epsilon, double.NegativeInfinity, 9007199254740993,
        0.1 + 0.2, 1e22, 1e-22, 1L << 48, -(1L << 48), (1L << 48) - 1, 0.01, 1e14, 123.456,
    ];

    private static readonly Gen<double[]> Values = Gen.OneOf(
        Gen.ULong.Select(BitConverter.UInt64BitsToDouble).Array[0, 20],
        Gen.Int[0, Special.Length - 1].Select(i => Special[i]).Array[0, 20],
        Gen.Long[-5000, 5000].Select(i => (double)i).Array[0, 700],
        Gen.Long[0, 1L << 50].Select(i => (double)i).Array[0, 20],
        Gen.Select(Gen.Int[-100_000, 100_000], Gen.Int[0, 16]).Select((i, digits) => i / Math.Pow(10, digits)).Array[0, 20],
        Gen.Int[0, 100_000].Select(i => i / 100.0).Array[0, 700]);

    private static readonly Gen<double[]> Mixed = Values.Array[0, 8].Select(parts => parts.SelectMany(part => part).ToArray());

    [Fact]
    public void What_was_written_is_read_bit_by_bit() => Mixed.Sample(values =>
    {
        var bytes = Write(values);
        var read = new double[values.Length];
        var from = new ByteReader(bytes, "a test");
        ShortDecimals.Read(ref from, read);
        Assert.Equal(values.Select(BitConverter.DoubleToUInt64Bits), read.Select(BitConverter.DoubleToUInt64Bits));
        Assert.Equal(0, from.Remaining);
    }, iter: 3000);

    [Fact]
    public void Damaged_bytes_are_refused_or_read_as_something() =>
        Gen.Select(Mixed, Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 10_000]).Sample((values, at, value, length) =>
        {
            var bytes = Write(values);
            if (bytes.Length == 0)
            {
                return;
            }
            bytes[at % bytes.Length] ^= value;
            try
            {
                var from = new ByteReader(bytes.AsSpan(0, Math.Min(bytes.Length, length)), "a test");
                ShortDecimals.Read(ref from, new double[values.Length]);
            }
            catch (CorruptFileException)
            {
                // Refused.
            }
        }, iter: 3000);

    [Fact]
    public void Whole_numbers_after_decimals_lose_the_digits_of_these()
    {
        double[] decimals = [.. Enumerable.Range(0, 100).Select(static i => 0.001 + i)];
        double[] wholes = [.. Enumerable.Range(0, 100).Select(static i => (double)i)];
        Assert.InRange(Write([.. decimals, .. wholes]).Length, 0, (100 * 3) + 110);
    }

    [Fact]
    public void Noise_takes_its_eight_bytes() =>
        Assert.InRange(Write([.. Enumerable.Range(1, 400).Select(static i => Math.Sin(i) * 1e18)]).Length, 0, 3203);

    private static byte[] Write(double[] values)
    {
        var writer = new ByteWriter();
        ShortDecimals.Write(values, writer);
        return writer.Written.ToArray();
    }
}

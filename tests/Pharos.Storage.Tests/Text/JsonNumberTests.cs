using System.Globalization;
using CsCheck;
using Pharos.Storage.Text;

namespace Pharos.Storage.Tests.Text;

/// <summary>The digits are compared with the framework's, their places with those of <see cref="GoFloat.FormatJson"/>.</summary>
public sealed class JsonNumberTests
{
    [Fact]
    public void Any_bits() => Gen.ULong.Select(BitConverter.UInt64BitsToDouble).Sample(Check, iter: 100_000);

    [Fact]
    public void Numbers_of_the_sizes_that_metrics_have() => Gen.OneOf(
        Gen.Double, Gen.Double[0, 1], Gen.Double[-1e-3, 1e-3], Gen.Double[-1e22, 1e22], Gen.Double[1e9, 2e9],
        Gen.Int[-1_000_000, 1_000_000].Select(static i => i / 100.0), Gen.Int[0, 100_000].Select(static i => i / 285.0),
        Gen.Long[-1_000_000_000_000_000, 1_000_000_000_000_000].Select(static i => i / 10_000.0)).Sample(Check, iter: 100_000);

    [Fact]
    public void Short_decimals_of_any_exponent() => Gen.Select(Gen.Int[1, 17], Gen.ULong, Gen.Int[-342, 308]).Select(static (digits, number, exponent) =>
        double.Parse($"{number % (ulong)Math.Pow(10, digits)}e{exponent - digits}", CultureInfo.InvariantCulture)).Sample(Check, iter: 100_000);

    [Fact]
    public void Whole_numbers() => Gen.OneOf(
        Gen.Long.Select(static i => (double)i), Gen.Int.Select(static i => (double)i), Gen.Long[0, 1L << 54].Select(static i => (double)i))
        .Sample(Check, iter: 50_000);

    [Fact]
    public void Subnormal_numbers() => Gen.ULong[0, (1UL << 53) - 1].Select(BitConverter.UInt64BitsToDouble).Sample(Check, iter: 50_000);

    [Fact]
    public void Powers_of_two_and_their_neighbours()
    {
        for (var exponent = -1074; exponent <= 1023; exponent++)
        {
            CheckAround(Math.ScaleB(1, exponent));
        }
    }

    [Fact]
    public void Powers_of_ten_and_their_neighbours()
    {
        for (var exponent = -323; exponent <= 308; exponent++)
        {
            CheckAround(double.Parse($"1e{exponent}", CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Numbers_that_are_none_and_ends_of_ranges()
    {
        double[] values =
        [
            0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.MinValue, double.Epsilon,
            1e11, 1e15, 1e-4, 1e-6, 1e21, 9.5e-7, 9007199254740993, 5e-324, 2.2250738585072014e-308, 2.225073858507201e-308, 4.35, 8.41e21, 2e-44,
        ];
        foreach (var value in values)
        {
            CheckAround(value);
        }
    }

    /// <summary>Both signs, and three doubles to each side.</summary>
    private static void CheckAround(double value)
    {
        for (var distance = -3L; distance <= 3; distance++)
        {
            Check(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value) + distance));
        }
    }

    private static void Check(double value)
    {
        Span<byte> bytes = stackalloc byte[JsonNumber.MaxBytes];
        foreach (var signed in (ReadOnlySpan<double>)[value, -value])
        {
            bytes.Fill((byte)'#');
            var length = JsonNumber.Write(signed, bytes);
            Assert.Equal(GoFloat.FormatJson(signed), System.Text.Encoding.ASCII.GetString(bytes[..length]));
            Assert.InRange(length, 1, JsonNumber.MaxTextBytes);
        }
        if (double.IsFinite(value) && value != 0)
        {
            var magnitude = Math.Abs(value);
            var digits = ShortestDecimal.Find(magnitude, out var exponent);
            Assert.Equal(Normal(Framework(magnitude)), Normal($"{digits}E{exponent}"));
        }
    }

    /// <summary>Of some powers of two (2^-958) the framework's shortest text reads back as their neighbour; Go's does not.</summary>
    private static string Framework(double magnitude)
    {
        var text = magnitude.ToString("R", CultureInfo.InvariantCulture);
        return Reads(text) ? text : Enumerable.Range(0, 17).Select(digits => magnitude.ToString($"E{digits}", CultureInfo.InvariantCulture)).First(Reads);

        bool Reads(string text) => double.Parse(text, CultureInfo.InvariantCulture) == magnitude;
    }

    /// <summary>Digits without zeros around them, and the power of ten of the first.</summary>
    private static (string Digits, int Exponent) Normal(string text)
    {
        var parts = text.Split('E');
        var exponent = parts.Length == 1 ? 0 : int.Parse(parts[1], CultureInfo.InvariantCulture);
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        var zeros = digits.Length - digits.TrimStart('0').Length;
        return (digits.Trim('0'), exponent + (point < 0 ? digits.Length : point) - zeros);
    }
}

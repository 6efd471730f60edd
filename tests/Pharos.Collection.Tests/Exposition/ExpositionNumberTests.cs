using System.Globalization;
using System.Text;
using CsCheck;
using Pharos.Collection.Exposition;

namespace Pharos.Collection.Tests.Exposition;

public sealed class ExpositionNumberTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Double.Select(static value => value.ToString("R", CultureInfo.InvariantCulture)),
        Gen.Select(Gen.Long, Gen.Int[0, 25], static (digits, shift) => (digits / Math.Pow(10, shift)).ToString("R", CultureInfo.InvariantCulture)),
        Gen.Select(Gen.Long[0, 1L << 55], Gen.Int[-30, 30], static (digits, power) => string.Create(CultureInfo.InvariantCulture, $"{digits}e{power}")),
        Gen.Select(OneOf("", "-", "+"), Gen.Char["0123456789"].Array[0, 22], OneOf("", "."), Gen.Char["0123456789"].Array[0, 22],
            OneOf("", "e", "E+", "e-", "e0", "e5", "e-22", "e23", "e+0000001", "e12345", "x"),
            static (sign, whole, point, part, power) => sign + new string(whole) + point + new string(part) + power));

    [Theory]
    [InlineData("9007199254740992", true)]
    [InlineData("9007199254740993", true)]
    [InlineData("12345678901234567890", false)]
    [InlineData("0.00012345678901234567", true)]
    [InlineData("000000000000000000000001", true)]
    [InlineData("-0", true)]
    [InlineData("1e22", true)]
    [InlineData("1e23", true)]
    [InlineData("12345e40", true)]
    [InlineData("12345e41", false)]
    [InlineData(".5", true)]
    [InlineData("5.", true)]
    [InlineData(".", false)]
    [InlineData("1e", false)]
    [InlineData("1_0", false)]
    [InlineData("1.2.3", false)]
    public void What_is_plain(string text, bool isPlain) =>
        Assert.Equal(isPlain ? text.Length : 0, ExpositionNumber.ReadPlain(Encoding.UTF8.GetBytes(text + "\n"), out _));

    [Fact]
    public void A_plain_number_has_the_bits_that_the_framework_reads()
    {
        var plain = 0;
        Texts.Sample(text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text + " 17\n");
            var length = ExpositionNumber.ReadPlain(bytes, out var value);
            if (length == 0)
            {
                return;
            }
            plain++;
            Assert.Equal(text.Length, length);
            Assert.True(ExpositionNumber.TryParse(bytes.AsSpan(0, length), out var expected), text);
            Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(value));
        }, threads: 1);
        Assert.True(plain > 30, $"only {plain} of the numbers were plain");
    }

    /// <summary>Halfway between two doubles, or next to it, is where rounding shows.</summary>
    [Fact]
    public void The_nearest_double_is_the_one_that_the_framework_reads()
    {
        var halfway = Gen.Select(Gen.Long[1L << 52, (1L << 53) - 1], Gen.Int[0, 9], Gen.Int[-1, 1],
            static (half, shift, beside) => ((((ulong)half * 2) + 1) << shift) + (ulong)(long)beside);
        var found = 0;
        Gen.Select(Gen.OneOf(Gen.ULong, halfway, Gen.ULong[1, 1000]), Gen.Int[-40, 40]).Sample((digits, exponent) =>
        {
            if (NearestDouble.TryFind(digits, exponent, out var value))
            {
                found++;
                var text = string.Create(CultureInfo.InvariantCulture, $"{digits}e{exponent}");
                var expected = double.Parse(text, CultureInfo.InvariantCulture);
                Assert.True(BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(value), text);
            }
        }, iter: 20_000, threads: 1);
        Assert.True(found > 19_000, $"only {found} were found");
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);
}

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
    [InlineData("9007199254740993", false)]
    [InlineData("-0", true)]
    [InlineData("1e22", true)]
    [InlineData("1e23", false)]
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

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);
}

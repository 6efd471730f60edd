using Pharos.Storage.Text;

namespace Pharos.Storage.Tests.Text;

public sealed class GoFloatTests
{
    [Theory]
    [InlineData(0, "0", "0", "0")]
    [InlineData(1, "1", "1", "1")]
    [InlineData(0.1, "0.1", "0.1", "0.1")]
    [InlineData(1e6, "1000000", "1e+06", "1000000")]
    [InlineData(1234567, "1234567", "1.234567e+06", "1234567")]
    [InlineData(1e21, "1000000000000000000000", "1e+21", "1e+21")]
    [InlineData(0.00001, "0.00001", "1e-05", "0.00001")]
    [InlineData(1e-7, "0.0000001", "1e-07", "1e-07")]
    [InlineData(-2.5e-300, null, "-2.5e-300", "-2.5e-300")]
    [InlineData(123.456, "123.456", "123.456", "123.456")]
    [InlineData(0.30000000000000004, "0.30000000000000004", "0.30000000000000004", "0.30000000000000004")]
    [InlineData(1e23, null, "1e+23", "1e+23")]
    [InlineData(double.PositiveInfinity, "+Inf", "+Inf", "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf", "-Inf", "-Inf")]
    [InlineData(double.NaN, "NaN", "NaN", "NaN")]
    public void Formats_as_Go_does(double value, string? f, string g, string json)
    {
        if (f is not null)
        {
            Assert.Equal(f, GoFloat.FormatF(value));
        }
        Assert.Equal(g, GoFloat.FormatG(value));
        Assert.Equal(json, GoFloat.FormatJson(value));
    }

    [Theory]
    [InlineData("0x1p-2", 0.25)]
    [InlineData("-Inf", double.NegativeInfinity)]
    [InlineData("1e3", 1000)]
    [InlineData("+.5", 0.5)]
    public void Parses_what_Go_parses(string text, double expected)
    {
        Assert.True(GoFloat.TryParse(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1_000")]
    [InlineData(" 1")]
    [InlineData("abc")]
    [InlineData("1e400")]
    public void Refuses_what_Go_refuses(string text) => Assert.False(GoFloat.TryParse(text, out _));
}

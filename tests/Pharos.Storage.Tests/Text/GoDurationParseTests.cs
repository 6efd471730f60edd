using Pharos.Storage.Text;

namespace Pharos.Storage.Tests.Text;

public sealed class GoDurationParseTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1.5s", 1500)]
    [InlineData("-2m", -120_000)]
    [InlineData("10ms", 10)]
    [InlineData("1000us", 1)]
    public void What_Go_reads_is_read(string text, double milliseconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("1d")]
    [InlineData("s")]
    [InlineData("1h-2m")]
    [InlineData("999999999h")]
    public void What_Go_refuses_is_refused(string text) => Assert.False(GoDuration.TryParse(text, out _));
}

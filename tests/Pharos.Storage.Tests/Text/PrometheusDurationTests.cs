using Pharos.Storage.Text;

namespace Pharos.Storage.Tests.Text;

public sealed class PrometheusDurationTests
{
    [Theory]
    [InlineData("5m", 300_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1d12h", 129_600_000)]
    [InlineData("100ms", 100)]
    [InlineData("0", 0)]
    [InlineData("1y2w", 32_745_600_000)]
    public void Parses(string text, long ms)
    {
        Assert.True(PrometheusDuration.TryParse(text, out var duration));
        Assert.Equal(ms, (long)duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5m1h")]
    [InlineData("1m1m")]
    [InlineData("1.5h")]
    [InlineData("5 m")]
    [InlineData("-5m")]
    public void Refuses(string text) => Assert.False(PrometheusDuration.TryParse(text, out _));

    [Theory]
    [InlineData(300_000, "5m")]
    [InlineData(0, "0s")]
    [InlineData(604_800_000, "1w")]
    [InlineData(691_200_000, "8d")]
    [InlineData(5_400_500, "1h30m500ms")]
    public void Formats(long ms, string text) =>
        Assert.Equal(text, PrometheusDuration.Format(TimeSpan.FromMilliseconds(ms)));
}

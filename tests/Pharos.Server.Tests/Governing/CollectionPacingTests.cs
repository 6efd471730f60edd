using Pharos.Server.Governing;

namespace Pharos.Server.Tests.Governing;

public sealed class CollectionPacingTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(10, 1_000)]
    [InlineData(100, 1_900)]
    [InlineData(2_000, 38_000)]
    public void Collecting_takes_a_twentieth_of_the_time_at_most(int tookMs, int pauseMs)
    {
        var pacing = new CollectionPacing(_time);
        Assert.True(pacing.MayCollect);
        pacing.Collected(TimeSpan.FromMilliseconds(tookMs));
        _time.Now += pauseMs - 1;
        Assert.False(pacing.MayCollect);
        _time.Now++;
        Assert.True(pacing.MayCollect);
    }

    private sealed class ManualTime : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => Now;
    }
}

using Pharos.Collection.RemoteStorage.Reading;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.RemoteStorage;

public sealed class FanoutSeriesTests
{
    [Fact]
    public void A_histogram_behind_another_stores_says_nothing_of_resets()
    {
        var series = new FanoutSeries(Of((10, CounterResetHint.Unknown), (30, CounterResetHint.NotCounterReset),
            (40, CounterResetHint.NotCounterReset)));
        series.Add(Of((10, CounterResetHint.Unknown), (20, CounterResetHint.NotCounterReset), (50, CounterResetHint.Gauge)));
        var samples = new SampleBuffer();
        series.Read(0, 100, samples);
        Assert.Equal([10, 20, 30, 40, 50], samples.Timestamps);
        Assert.Equal(
            [
                CounterResetHint.Unknown, CounterResetHint.Unknown, CounterResetHint.Unknown, CounterResetHint.NotCounterReset,
                CounterResetHint.Gauge,
            ],
            samples.Histograms.ToArray().Select(histogram => histogram!.ResetHint));
    }

    private static ReadSeries Of(params ReadOnlySpan<(long TimeMs, CounterResetHint Hint)> points)
    {
        var samples = new SampleBuffer();
        foreach (var (time, hint) in points)
        {
            samples.Add(time, 0, new NativeHistogram { Count = 1, Sum = 1, ResetHint = hint }, 0);
        }
        return new ReadSeries(LabelSet.Empty, samples);
    }
}

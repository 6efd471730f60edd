using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Blocks;

namespace Pharos.Storage.Tests.Metrics;

public sealed class BackfillBlockWriterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private MetricStoreOptions Options => Some.Options(_directory.Path) with { BlockDuration = TimeSpan.FromMinutes(10) };

    [Fact]
    public async Task Samples_of_any_age_join_those_of_an_open_store()
    {
        var model = new NaiveStore();
        await using (var store = Some.Open(Options))
        {
            using (var writer = BackfillBlockWriter.Open(store))
            {
                // Every odd minute before, between and after what the store gets itself.
                foreach (var name in new[] { "b", "a" })
                {
                    writer.Add(Some.Series("m", name), Minutes(-3001, 61, step: 2));
                }
                store.AppendOne(Some.Series("m", "a"), 0, 0);
                Assert.Equal(["m{instance=\"a\", job=\"test\"} 0:0"], store.Dump().Select(line => line.Replace("__name__", "")));
                var summary = writer.Finish();
                Assert.Equal((2, 3062, -3001 * Some.MinuteMs, 59 * Some.MinuteMs),
                    (summary.SeriesCount, summary.SampleCount, summary.MinTimeMs, summary.MaxTimeMs));
            }
            for (var minute = 2; minute < 60; minute += 2)
            {
                Assert.Equal(AppendResult.Ok, store.AppendOne(Some.Series("m", "a"), minute * Some.MinuteMs, minute));
            }
            for (var minute = -3001; minute < 61; minute++)
            {
                if (minute % 2 != 0 || (minute >= 0 && minute < 60))
                {
                    model.Append(Some.Series("m", "a"), minute * Some.MinuteMs, minute);
                }
                if (minute % 2 != 0 && minute < 61)
                {
                    model.Append(Some.Series("m", "b"), minute * Some.MinuteMs, minute);
                }
            }
            Assert.Equal(model.Dump(), store.Dump());
            store.RunMaintenance();
            Assert.Equal(model.Dump(), store.Dump());
        }

        // What the head has not sealed comes back from the log, though a block reaches beyond it.
        await using var reopened = Some.Open(Options);
        Assert.Equal(model.Dump(), reopened.Dump());
        for (var i = 1; i < reopened.View.Blocks.Length; i++)
        {
            Assert.True(reopened.View.Blocks[i].Meta.MinTimeMs >= reopened.View.Blocks[i - 1].Meta.MaxTimeMs);
        }
    }

    [Fact]
    public async Task A_folder_takes_histograms_and_what_is_not_finished_leaves_nothing()
    {
        var histogram = Some.Histogram(0, 1, 2);
        var samples = new SampleBuffer();
        samples.Add(2000, 0, histogram, 500);
        samples.Add(1000, 7);
        using (var writer = BackfillBlockWriter.Open(_directory.Path))
        {
            writer.Add(Some.Series("m"), samples);
            writer.Finish();
            writer.Add(Some.Series("n"), samples);
        }
        var model = new NaiveStore();
        model.Append(Some.Series("m"), 1000, 7);
        model.Append(Some.Series("m"), new SeriesSample(2000, 0, histogram, 500));
        await using var store = Some.Open(Options);
        Assert.Equal(model.Dump(), store.Dump());
    }

    private static SampleBuffer Minutes(int from, int to, int step)
    {
        var samples = new SampleBuffer();
        for (var minute = from; minute < to; minute += step)
        {
            samples.Add(minute * Some.MinuteMs, minute);
        }
        return samples;
    }
}

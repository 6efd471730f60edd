using CsCheck;
using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>Any sequence of appends, restarts and upkeep leaves the store as its plain twin.</summary>
public sealed class MetricStoreModelTests
{
    private static readonly Gen<(int Kind, int Series, int Step, double Value)> Operation =
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 6], Gen.Int[-1, 40], Gen.OneOf(Gen.Double, Gen.Int[0, 5].Select(i => (double)i)));

    [Fact]
    public void The_store_answers_as_a_dictionary_does() => Operation.Array[1, 120].Sample(operations =>
    {
        using var directory = new TemporaryDirectory();
        var options = Some.Options(directory.Path);
        var model = new NaiveStore();
        var store = Some.Open(options);
        var now = 0L;
        try
        {
            foreach (var (kind, number, step, value) in operations)
            {
                if (kind == 0)
                {
                    store.DisposeAsync().AsTask().GetAwaiter().GetResult();
                    store = Some.Open(options);
                }
                else if (kind < 8)
                {
                    store.RunMaintenance();
                }
                else
                {
                    now += step * 5 * Some.MinuteMs;
                    AppendBoth(store, model, number, now, value);
                }
            }
            Assert.Equal(model.Dump(), store.Dump());
            Assert.Equal(model.Dump(now / 3, now / 2), store.Dump(now / 3, now / 2));
            Assert.Equal(model.Dump(wanted: labels => labels["instance"] == "3"),
                store.Dump(long.MinValue, long.MaxValue, new Model.LabelMatcher(Model.MatchType.Equal, "instance", "3")));
        }
        finally
        {
            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }, iter: 40, threads: 2);

    private static void AppendBoth(MetricStore store, NaiveStore model, int number, long timestampMs, double value)
    {
        var labels = Some.Series("m", $"{number}");
        var sample = SampleOf(number, timestampMs, value);
        var result = store.AppendOne(labels, sample);
        if (result != AppendResult.OutOfBounds)
        {
            Assert.Equal(model.Append(labels, sample), result);
        }
        else
        {
            Assert.True(timestampMs < store.Head.MinValidMs);
        }
    }

    /// <summary>Series 4 has histograms, 5 both kinds and start times, 6 start times; all others plain numbers.</summary>
    private static SeriesSample SampleOf(int number, long timestampMs, double value)
    {
        var isHistogram = number == 4 || (number == 5 && (long)value % 2 == 0);
        var histogram = isHistogram ? Some.Histogram((int)(value % 3), value, 2, Math.Floor(value)) : null;
        var startMs = number switch
        {
            5 => timestampMs - Some.MinuteMs,
            6 => 1 + (timestampMs / Some.HourMs),
            _ => 0,
        };
        return new SeriesSample(timestampMs, histogram?.Sum ?? value, histogram, startMs);
    }
}

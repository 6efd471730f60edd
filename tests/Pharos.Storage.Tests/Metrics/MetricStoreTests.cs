using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Storage.Tests.Metrics;

public sealed class MetricStoreTests : IAsyncDisposable
{
    private readonly MetricStore _store = MetricStore.OpenInMemory();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public void A_sample_tells_what_became_of_it()
    {
        var labels = Some.Series("m");
        Assert.Equal(AppendResult.Ok, _store.AppendOne(labels, 1000, 1));
        Assert.Equal(AppendResult.SameAsStored, _store.AppendOne(labels, 1000, 1));
        Assert.Equal(AppendResult.DuplicateTimestamp, _store.AppendOne(labels, 1000, 2));
        Assert.Equal(AppendResult.OutOfOrder, _store.AppendOne(labels, 999, 1));
        Assert.Equal(AppendResult.InvalidLabels, _store.AppendOne(LabelSet.From(("job", "x")), 1, 1));
        Assert.Equal(AppendResult.InvalidLabels, _store.AppendOne(LabelSet.From(("__name__", "\ud800")), 1, 1));
        Assert.Equal([Some.Line(labels, [(1000, 1)])], _store.Dump());
    }

    [Fact]
    public void The_same_rules_hold_inside_a_batch()
    {
        using var appender = _store.Appender();
        ulong reference = 0;
        var labels = Some.Series("m");
        Assert.Equal(AppendResult.Ok, appender.Append(ref reference, labels, 10, 1));
        Assert.Equal(AppendResult.SameAsStored, appender.Append(ref reference, labels, 10, 1));
        Assert.Equal(AppendResult.DuplicateTimestamp, appender.Append(ref reference, labels, 10, 2));
        Assert.Equal(AppendResult.OutOfOrder, appender.Append(ref reference, labels, 9, 1));
        Assert.Equal(AppendResult.Ok, appender.Append(ref reference, LabelSet.Empty, 11, 2));
        Assert.Empty(_store.Dump());
        appender.Commit();
        Assert.Equal([Some.Line(labels, [(10, 1), (11, 2)])], _store.Dump());
    }

    [Fact]
    public void A_batch_that_was_not_committed_leaves_nothing()
    {
        using (var appender = _store.Appender())
        {
            ulong reference = 0;
            appender.Append(ref reference, Some.Series("m"), 10, 1);
        }
        using var querier = _store.Querier(long.MinValue, long.MaxValue);
        Assert.Empty(querier.Select([], CancellationToken.None));
        Assert.Empty(querier.LabelNames([], CancellationToken.None));
    }

    [Fact]
    public void An_open_view_does_not_see_later_commits()
    {
        var (first, second) = (Some.Series("first"), Some.Series("second"));
        _store.AppendOne(first, 1, 1);
        using var early = _store.Querier(long.MinValue, long.MaxValue);
        _store.AppendOne(first, 2, 2);
        using var middle = _store.Querier(long.MinValue, long.MaxValue);
        for (var i = 3; i < 600; i++)
        {
            _store.AppendOne(first, i, i);
        }
        _store.AppendOne(second, 1, 1);

        Assert.Equal(1, CountIn(early));
        Assert.Equal(2, CountIn(middle));
        using var late = _store.Querier(long.MinValue, long.MaxValue);
        Assert.Equal(600, CountIn(late));
    }

    [Fact]
    public void Staleness_markers_and_other_NaN_keep_their_bits()
    {
        double[] values = [StaleMarker.Value, StaleMarker.NormalNaN, BitConverter.UInt64BitsToDouble(0xfff8123456789abc),
            -0.0, double.PositiveInfinity, double.Epsilon, 0];
        for (var i = 0; i < values.Length; i++)
        {
            _store.AppendOne(Some.Series("m"), i, values[i]);
        }
        Assert.Equal([Some.Line(Some.Series("m"), values.Select((value, i) => ((long)i, value)))], _store.Dump());
    }

    [Fact]
    public void Times_before_the_epoch_and_at_the_ends_of_time_are_kept()
    {
        long[] times = [long.MinValue, -7_200_000, -1, 0, 1, long.MaxValue];
        foreach (var time in times)
        {
            Assert.Equal(AppendResult.Ok, _store.AppendOne(Some.Series("m"), time, time));
        }
        Assert.Equal([Some.Line(Some.Series("m"), times.Select(time => (time, (double)time)))], _store.Dump());
    }

    [Theory]
    [InlineData(MatchType.Equal, "color", "red", "1")]
    [InlineData(MatchType.Equal, "color", "", "4")]
    [InlineData(MatchType.NotEqual, "color", "", "1 2 3")]
    [InlineData(MatchType.NotEqual, "color", "red", "2 3 4")]
    [InlineData(MatchType.Regex, "color", "red|blue", "1 2")]
    [InlineData(MatchType.Regex, "color", "red|", "1 4")]
    [InlineData(MatchType.Regex, "color", ".*", "1 2 3 4")]
    [InlineData(MatchType.Regex, "color", ".+", "1 2 3")]
    [InlineData(MatchType.Regex, "color", "r.*|gr.*", "1 3")]
    [InlineData(MatchType.NotRegex, "color", "red|blue", "3 4")]
    [InlineData(MatchType.NotRegex, "color", "red|", "2 3")]
    [InlineData(MatchType.NotRegex, "color", ".+", "4")]
    [InlineData(MatchType.NotRegex, "color", ".*", "")]
    [InlineData(MatchType.Equal, "nothing", "", "1 2 3 4")]
    [InlineData(MatchType.Equal, "nothing", "x", "")]
    public void Matchers_pick_as_the_matcher_itself_decides(MatchType type, string name, string value, string expected)
    {
        string[] colors = ["red", "blue", "green", ""];
        for (var i = 0; i < colors.Length; i++)
        {
            _store.AppendOne(LabelSet.From(("__name__", "m"), ("n", $"{i + 1}"), ("color", colors[i])), 1, 1);
        }
        using var querier = _store.Querier(0, 2);
        var found = querier.Select([new LabelMatcher(type, name, value), Some.Named("m")], CancellationToken.None);
        Assert.Equal(expected, string.Join(' ', found.Select(series => series.Labels["n"]).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Names_and_values_are_sorted_and_obey_matchers()
    {
        _store.AppendOne(Some.Series("b", "2"), 1, 1);
        _store.AppendOne(Some.Series("a", "1").With("extra", "x"), 1, 1);
        using var querier = _store.Querier(0, 2);
        Assert.Equal(["__name__", "extra", "instance", "job"], querier.LabelNames([], CancellationToken.None));
        Assert.Equal(["__name__", "instance", "job"], querier.LabelNames([Some.Named("b")], CancellationToken.None));
        Assert.Equal(["a", "b"], querier.LabelValues("__name__", [], CancellationToken.None));
        Assert.Equal(["2"], querier.LabelValues("instance", [Some.Named("b")], CancellationToken.None));
    }

    [Theory]
    [InlineData(0, 9, 0)]
    [InlineData(0, 10, 2)]
    [InlineData(20, 30, 2)]
    [InlineData(21, 30, 0)]
    public void Nothing_is_named_outside_the_time_of_all_samples(long minTimeMs, long maxTimeMs, int values)
    {
        _store.AppendOne(Some.Series("m", "1"), 10, 1);
        _store.AppendOne(Some.Series("m", "2"), 20, 1);
        using var querier = _store.Querier(minTimeMs, maxTimeMs);
        Assert.Equal(values, querier.LabelValues("instance", [], CancellationToken.None).Count);
        Assert.Equal(values > 0, querier.LabelNames([], CancellationToken.None).Contains("job"));
    }

    [Fact]
    public void Metadata_and_status_are_answered()
    {
        _store.SetMetadata("m", new MetricMetadata("counter", "help", ""));
        _store.AppendOne(Some.Series("m", "a"), 5, 1);
        _store.AppendOne(Some.Series("m", "b"), 7, 1);
        Assert.Equal("counter", _store.Metadata["m"].Type);
        var status = _store.Status(1);
        Assert.Equal((2, 2, 4, 5, 7), (status.SeriesCount, status.ChunkCount, status.LabelPairCount, status.MinTimeMs, status.MaxTimeMs));
        Assert.Equal([KeyValuePair.Create("m", 2L)], status.SeriesCountByMetricName);
    }

    [Fact]
    public async Task Readers_see_whole_batches_while_many_append()
    {
        const int Appenders = 4, Batches = 300, SeriesPerBatch = 5;
        var appenders = Enumerable.Range(0, Appenders).Select(number => Task.Run(() =>
        {
            var references = new ulong[SeriesPerBatch];
            for (var batch = 1; batch <= Batches; batch++)
            {
                using var appender = _store.Appender();
                for (var i = 0; i < SeriesPerBatch; i++)
                {
                    appender.Append(ref references[i], Some.Series($"m{number}", $"{i}"), batch, batch);
                }
                appender.Commit();
            }
        })).ToArray();
        while (!Task.WhenAll(appenders).IsCompleted)
        {
            foreach (var number in Enumerable.Range(0, Appenders))
            {
                using var querier = _store.Querier(long.MinValue, long.MaxValue);
                var counts = querier.Select([Some.Named($"m{number}")], CancellationToken.None).Select(series =>
                {
                    var samples = new SampleBuffer();
                    series.Read(long.MinValue, long.MaxValue, samples);
                    return samples.Count;
                }).ToArray();
                Assert.True(counts.Length is 0 or SeriesPerBatch, $"{counts.Length} series");
                Assert.True(counts.Distinct().Count() <= 1, string.Join(',', counts));
            }
        }
        await Task.WhenAll(appenders);
        Assert.Equal(Appenders * SeriesPerBatch, _store.Dump().Length);
    }

    private static int CountIn(IMetricQuerier querier)
    {
        var samples = new SampleBuffer();
        foreach (var series in querier.Select([], CancellationToken.None))
        {
            series.Read(long.MinValue, long.MaxValue, samples);
        }
        return samples.Count;
    }
}

using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Metrics;

public sealed class MetricStoreExemplarTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private MetricStoreOptions Options => Some.Options(_directory.Path) with
    {
        BlockDuration = TimeSpan.FromMinutes(10),
        MaxExemplars = 5,
    };

    [Fact]
    public async Task An_exemplar_tells_what_became_of_it()
    {
        await using var store = MetricStore.OpenInMemory();
        Assert.Equal(AppendResult.Ok, Append(store, "a", 1000, 1, "x"));
        Assert.Equal(AppendResult.SameAsStored, Append(store, "a", 1000, 1, "x"));
        Assert.Equal(AppendResult.Ok, Append(store, "a", 1000, 2, "x"));
        Assert.Equal(AppendResult.OutOfOrder, Append(store, "a", 1000, 1, "y"));
        Assert.Equal(AppendResult.OutOfOrder, Append(store, "a", 999, 5, "y"));
        Assert.Equal(AppendResult.Ok, Append(store, "b", 999, 5, "y"));
        Assert.Equal(AppendResult.Ok, Append(store, "a", 2000, 5, new string('\u00fc', 120)));
        Assert.Equal(AppendResult.ExemplarLabelsTooLong, Append(store, "a", 3000, 5, new string('\u00fc', 121)));
        using var appender = store.Appender();
        Assert.Equal(AppendResult.UnknownSeries, appender.AppendExemplar(99, new Exemplar(LabelSet.Empty, 1, 1)));
        Assert.Equal(AppendResult.UnknownSeries, appender.AppendExemplar(0, new Exemplar(LabelSet.Empty, 1, 1), Some.Series("c")));
        Assert.Equal(AppendResult.OutOfOrder, appender.AppendExemplar(0, new Exemplar(LabelSet.Empty, 1, 999), Some.Series("a")));
    }

    [Fact]
    public async Task The_oldest_that_came_makes_room_and_a_restart_keeps_the_rest()
    {
        string[] expected = ["a: 3=c 4=d 6=f", "b: 2=b 5=e"];
        await using (var store = Some.Open(Options))
        {
            foreach (var (name, time) in new[] { ("a", 1), ("b", 2), ("a", 3), ("a", 4), ("b", 5), ("a", 6) })
            {
                Assert.Equal(AppendResult.Ok, Append(store, name, time, time, $"{(char)('a' + time - 1)}"));
            }
            Assert.Equal(expected, Dump(store));
        }
        await using (var store = Some.Open(Options))
        {
            Assert.Equal(expected, Dump(store));

            // A checkpoint takes the place of the segments.
            store.AppendOne(Some.Series("m"), 20 * Some.MinuteMs, 1);
            store.RunMaintenance();
            Assert.Empty(Directory.GetFiles(_directory.File("wal"), "00000001.wal"));
        }
        await using var reopened = Some.Open(Options);
        Assert.Equal(expected, Dump(reopened));
    }

    [Fact]
    public async Task A_query_takes_series_of_any_selector_and_exemplars_of_the_range()
    {
        await using var store = MetricStore.OpenInMemory();
        foreach (var (name, time) in new[] { ("a", 1), ("b", 2), ("c", 3), ("a", 4) })
        {
            Append(store, name, time, time, "x");
        }
        Assert.Equal(["a: 1=x 4=x", "b: 2=x"], Dump(store, 0, 9, "a", "b"));
        Assert.Equal(["b: 2=x", "c: 3=x"], Dump(store, 2, 3, "a", "b", "c"));
        Assert.Empty(Dump(store, 0, 9, "d"));
    }

    [Fact]
    public async Task None_are_kept_where_none_are_wanted()
    {
        await using var store = Some.Open(Options with { MaxExemplars = 0 });
        Assert.Equal(AppendResult.Ok, Append(store, "a", 1000, 1, "x"));
        Assert.Empty(Dump(store));
    }

    [Fact]
    public async Task Metadata_survives_restarts_and_checkpoints()
    {
        await using (var store = Some.Open(Options))
        {
            store.SetMetadata("m", new MetricMetadata("counter", "first", ""));
            store.SetMetadata("m", new MetricMetadata("counter", "second", "bytes"));
            store.SetMetadata("n", new MetricMetadata("gauge", "", ""));
        }
        for (var round = 0; round < 3; round++)
        {
            await using var store = Some.Open(Options);
            Assert.Equal(new MetricMetadata("counter", "second", "bytes"), store.Metadata["m"]);
            Assert.Equal(new MetricMetadata("gauge", "", ""), store.Metadata["n"]);
            store.AppendOne(Some.Series("m"), round * 20 * Some.MinuteMs, 1);
            store.RunMaintenance();
        }
        Assert.Empty(Directory.GetFiles(_directory.File("wal"), "00000001.wal"));
    }

    private static AppendResult Append(MetricStore store, string name, long timestampMs, double value, string trace)
    {
        using var appender = store.Appender();
        ulong reference = 0;
        appender.Append(ref reference, Some.Series(name), timestampMs, value);
        var result = appender.AppendExemplar(reference,
            new Exemplar(LabelSet.From(("trace_id", trace)), value, timestampMs));
        appender.Commit();
        return result;
    }

    private static string[] Dump(MetricStore store, long minTimeMs = 0, long maxTimeMs = 1000, params string[] names) =>
    [
        .. store.Exemplars([.. (names.Length == 0 ? ["a", "b"] : names).Select(name => new[] { Some.Named(name) })], minTimeMs,
            maxTimeMs, CancellationToken.None).Select(series => $"{series.Labels.MetricName}: "
                + string.Join(' ', series.Exemplars.Select(exemplar => $"{exemplar.TimestampMs}={exemplar.Labels["trace_id"]}"))),
    ];
}

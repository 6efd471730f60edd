using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Log;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Metrics;

public sealed class MetricLogReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly MetricLogBatch _batch = new();

    public void Dispose() => _directory.Dispose();

    private MetricStoreOptions Options => Some.Options(_directory.Path) with
    {
        BlockDuration = TimeSpan.FromMinutes(10),
        WalSegmentBytes = 400,
    };

    [Fact]
    public async Task A_reader_sees_what_is_committed_after_it_was_opened()
    {
        await using var store = Some.Open(Options);
        store.AppendOne(Some.Series("m"), 1, 1);
        using var reader = store.ReadLog(null);
        Assert.False(reader.TryRead(_batch));
        store.AppendOne(Some.Series("m"), 2, 2);
        store.SetMetadata("m", new MetricMetadata("gauge", "help", ""));
        Assert.Equal("m@2=2", Next(reader));
        Assert.Equal("m gauge", Next(reader));
        Assert.Null(Next(reader));
    }

    [Fact]
    public async Task Histograms_start_times_and_exemplars_come_with_their_batch()
    {
        await using var store = Some.Open(Options);
        using var reader = store.ReadLog(null);
        var sample = new SeriesSample(1000, 0, Some.Histogram(0, 1, 2), 500);
        using (var appender = store.Appender())
        {
            ulong reference = 0;
            appender.Append(ref reference, Some.Series("h"), 1000, sample.Histogram!, 500);
            appender.AppendExemplar(reference, new Exemplar(LabelSet.From(("trace_id", "x")), 3, 999));
            appender.Commit();
        }
        Assert.True(reader.TryRead(_batch));
        var logged = Assert.Single(_batch.Samples);
        Assert.Equal(Some.Text(sample),
            Some.Text(new SeriesSample(logged.TimestampMs, logged.Value, logged.Histogram, logged.StartTimeMs)));
        Assert.Equal((Some.Series("h"), new Exemplar(LabelSet.From(("trace_id", "x")), 3, 999)), Assert.Single(_batch.Exemplars));
    }

    [Fact]
    public async Task A_reader_goes_on_after_a_restart_where_it_was()
    {
        MetricLogPosition position;
        await using (var store = Some.Open(Options))
        {
            using var reader = store.ReadLog(null);
            for (var i = 0; i < 30; i++)
            {
                store.AppendOne(Some.Series("m", $"{i % 3}"), i, i);
            }
            for (var i = 0; i < 10; i++)
            {
                Assert.Equal($"m@{i}={i}", Next(reader));
            }
            position = reader.Position;
        }
        await using var reopened = Some.Open(Options);
        reopened.AppendOne(Some.Series("m", "0"), 30, 30);
        using var resumed = reopened.ReadLog(position);
        for (var i = 10; i < 31; i++)
        {
            Assert.Equal($"m@{i}={i}", Next(resumed));
        }
        Assert.Null(Next(resumed));
        Assert.Equal(0, resumed.LostSegments);
    }

    [Fact]
    public async Task Segments_are_kept_for_an_open_reader_and_series_that_left_the_head_are_still_named()
    {
        await using var store = Some.Open(Options);
        using var reader = store.ReadLog(null);
        for (var minute = 0; minute < 60; minute++)
        {
            store.AppendOne(Some.Series($"m{minute / 6}"), minute * Some.MinuteMs, minute);
            if (minute % 20 == 19)
            {
                store.RunMaintenance();
            }
        }
        Assert.Null(store.Head.Find(Some.Series("m0")));
        for (var minute = 0; minute < 60; minute++)
        {
            Assert.Equal($"m{minute / 6}@{minute * Some.MinuteMs}={minute}", Next(reader));
        }
        Assert.Null(Next(reader));
        var kept = Directory.GetFiles(_directory.File("wal")).Length;
        store.AppendOne(Some.Series("n"), 100 * Some.MinuteMs, 0);
        store.RunMaintenance();
        Assert.True(Directory.GetFiles(_directory.File("wal")).Length < kept);
    }

    [Fact]
    public async Task A_resumed_reader_finds_series_in_the_checkpoint_that_the_head_no_longer_has()
    {
        MetricLogPosition position;
        await using (var store = Some.Open(Options with { WalSegmentBytes = 1 << 20 }))
        {
            using var reader = store.ReadLog(null);
            store.AppendOne(Some.Series("old"), 0, 1);
            store.AppendOne(Some.Series("m"), 16 * Some.MinuteMs, 2);
            store.RunMaintenance();
            while (Next(reader) is not null)
            {
                // To the end of the log, behind the declarations.
            }
            position = reader.Position;
            store.AppendOne(Some.Series("m"), 17 * Some.MinuteMs, 3);
            store.AppendOne(Some.Series("n"), 60 * Some.MinuteMs, 4);
            store.RunMaintenance();
            store.AppendOne(Some.Series("n"), 61 * Some.MinuteMs, 5);
        }
        await using var reopened = Some.Open(Options);
        Assert.Null(reopened.Head.Find(Some.Series("m")));
        using var resumed = reopened.ReadLog(position);
        Assert.Equal($"m@{17 * Some.MinuteMs}=3", Next(resumed));
        Assert.Equal($"n@{60 * Some.MinuteMs}=4", Next(resumed));
        Assert.Equal($"n@{61 * Some.MinuteMs}=5", Next(resumed));
        Assert.Null(Next(resumed));
    }

    [Fact]
    public async Task A_reader_that_falls_behind_the_bound_is_moved_forward_and_says_so()
    {
        await using var store = Some.Open(Options with { WalSegmentBytes = 40 });
        using var reader = store.ReadLog(null);
        for (var i = 0; i < MetricLogReaders.MaxKeptSegments + 50; i++)
        {
            store.AppendOne(Some.Series("m"), i * Some.MinuteMs, i);
        }
        store.RunMaintenance();
        Assert.Equal("m@3000000=50", Next(reader));
        Assert.Equal(50, reader.LostSegments);
    }

    [Fact]
    public async Task A_position_of_another_log_is_taken_for_the_end()
    {
        await using var store = Some.Open(Options);
        store.AppendOne(Some.Series("m"), 1, 1);
        using var reader = store.ReadLog(new MetricLogPosition(99, 12));
        store.AppendOne(Some.Series("m"), 2, 2);
        Assert.Equal("m@2=2", Next(reader));
    }

    [Fact]
    public async Task A_store_in_memory_says_that_it_has_none()
    {
        await using var store = MetricStore.OpenInMemory();
        Assert.Throws<NotSupportedException>(() => store.ReadLog(null));
    }

    private string? Next(IMetricLogReader reader)
    {
        if (!reader.TryRead(_batch))
        {
            return null;
        }
        return string.Join(' ', _batch.Samples.Select(sample => $"{sample.Labels.MetricName}@{sample.TimestampMs}={sample.Value}")
            .Concat(_batch.Metadata.Select(entry => $"{entry.MetricFamily} {entry.Metadata.Type}")));
    }
}

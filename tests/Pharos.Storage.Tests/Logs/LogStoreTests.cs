using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Logs;

public sealed class LogStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private LogStore _store;

    public LogStoreTests() => _store = Make.Open(Make.Options(_directory.Path));

    public void Dispose()
    {
        _store.Close();
        _directory.Dispose();
    }

    [Fact]
    public void An_entry_is_read_back_at_once_after_a_restart_and_after_it_was_sealed()
    {
        _store.Append(Make.Labels("web"), Make.TimeNs, "hello", ("trace_id", "abc"), ("detected_level", "info"));
        string[] expected = [new LogLine(Make.Labels("web"), Make.TimeNs, "hello", ("trace_id", "abc"), ("detected_level", "info")).ToString()];
        Assert.Equal(expected, _store.Dump());
        Reopen();
        Assert.Equal(expected, _store.Dump());
        Assert.Equal(1, _store.Status().HeadEntries);
        _store.Flush(CancellationToken.None);
        Assert.Equal(expected, _store.Dump());
        Assert.Equal(0, _store.Status().HeadEntries);
        Assert.Equal(1, _store.Status().BlockEntries);
        Reopen();
        Assert.Equal(expected, _store.Dump());
        Assert.Equal(0, _store.Status().HeadEntries);
        Assert.Single(Directory.GetFiles(_directory.File("parts")));
        Assert.Empty(Directory.GetFiles(_directory.File("wal")));
    }

    [Fact]
    public void Entries_come_in_any_order_and_a_run_is_sorted()
    {
        foreach (var (i, second) in ((int[])[5, 1, 9, 3, 3, 7, 2]).Index())
        {
            _store.Append(Make.Labels("web"), Make.TimeNs + (second * Make.SecondNs), $"{i} at {second}");
        }
        var before = _store.Dump();
        Assert.Equal(7, before.Length);
        _store.Flush(CancellationToken.None);
        Assert.Equal(before, _store.Dump());
    }

    [Fact]
    public void An_entry_equal_to_the_newest_is_left_out_also_once_that_is_sealed()
    {
        _store.Append(Make.Labels("web"), Make.TimeNs, "same", ("a", "1"));
        _store.Append(Make.Labels("web"), Make.TimeNs, "same", ("a", "1"));
        Assert.Single(_store.Dump());
        _store.Append(Make.Labels("web"), Make.TimeNs, "same", ("a", "2"));
        Assert.Equal(2, _store.Dump().Length);
        _store.Flush(CancellationToken.None);
        _store.Append(Make.Labels("web"), Make.TimeNs, "same", ("a", "2"));
        Assert.Equal(2, _store.Dump().Length);
        _store.Append(Make.Labels("web"), Make.TimeNs, "other", ("a", "2"));
        Reopen();
        Assert.Equal(3, _store.Dump().Length);
    }

    [Fact]
    public void Any_bytes_are_a_line()
    {
        LogLine[] lines =
        [
            new(Make.Labels("web"), 1, "", []),
            new(Make.Labels("web"), 2, "two\nlines\n", []),
            new(Make.Labels("web"), 3, [0xff, 0xfe, 0, 0x80], []),
            new(Make.Labels("web"), 4, new string('x', 3_000_000), []),
            new(Make.Labels("web"), 5, "\n", []),
            new(Make.Labels("web"), -5 * Make.DayNs, "old", []),
            new(Make.Labels("web"), long.MaxValue, "far", []),
            new(Make.Labels("web"), long.MinValue, "near", []),
            new(Make.Labels("other"), 6, "", ("empty", ""), ("n\nl", "v\0")),
        ];
        _store.Append(Make.Tenant, lines);

        // The end of a range is exclusive.
        var expected = lines.Where(static line => line.TimeNs < long.MaxValue).Select(static line => line.ToString()).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(expected, _store.Dump());
        Reopen();
        Assert.Equal(expected, _store.Dump());
        _store.Flush(CancellationToken.None);
        Assert.Equal(expected, _store.Dump());
        Reopen();
        _store.RunMaintenance();
        Assert.Equal(expected, _store.Dump());
    }

    [Fact]
    public void A_tenant_sees_its_own_streams_only()
    {
        _store.Append("one", new LogLine(Make.Labels("web"), Make.TimeNs, "of one"));
        _store.Append("two", new LogLine(Make.Labels("web"), Make.TimeNs, "of two"));
        foreach (var isSealed in (bool[])[false, true])
        {
            Assert.Contains("6F66206F6E65", Assert.Single(_store.Dump("one")), StringComparison.Ordinal);
            Assert.Contains("6F662074776F", Assert.Single(_store.Dump("two")), StringComparison.Ordinal);
            Assert.Empty(_store.Dump("three"));
            Assert.Equal(isSealed ? 0 : 1, _store.ActiveStreams("one"));
            _store.Flush(CancellationToken.None);
        }
        Assert.Single(Directory.GetFiles(_directory.File("parts")));
    }

    [Fact]
    public void Streams_names_and_values_are_those_of_matching_streams_in_the_range()
    {
        for (var i = 0; i < 20; i++)
        {
            _store.Append(LabelSet.From(("app", $"app{i % 4}"), ("pod", $"pod{i}"), ($"only{i}", "x")), Make.TimeNs + (i * Make.MinuteNs), "line");
            if (i == 9)
            {
                _store.Flush(CancellationToken.None);
            }
        }
        using var all = _store.Querier(Make.Tenant, long.MinValue, long.MaxValue);
        Assert.Equal(20, all.Streams([], CancellationToken.None).Count);
        Assert.Equal(["app0", "app1", "app2", "app3"], all.LabelValues("app", [], CancellationToken.None));
        using var some = _store.Querier(Make.Tenant, Make.TimeNs + (8 * Make.MinuteNs), Make.TimeNs + (12 * Make.MinuteNs));
        Assert.Equal(["pod10", "pod11", "pod8", "pod9"], some.LabelValues("pod", [], CancellationToken.None));
        Assert.Equal(["app", "only8", "pod"], some.LabelNames([Make.Equal("app", "app0")], CancellationToken.None));
        Assert.Equal(["{app=\"app1\", only9=\"x\", pod=\"pod9\"}"],
            some.Streams([new LabelMatcher(Model.MatchType.Regex, "pod", "pod9|pod1")], CancellationToken.None).Select(static stream => stream.ToString()));
        Assert.Same(_store.Stream(Make.Tenant, all.Streams([], CancellationToken.None)[0].Labels), all.Streams([], CancellationToken.None)[0]);
    }

    [Fact]
    public void Whoever_watches_hears_of_every_batch_until_it_stops()
    {
        var heard = new List<string>();
        using (_store.Watch(batch => heard.Add(System.Text.Encoding.UTF8.GetString(batch.LineOf(0)))))
        {
            _store.Append(Make.Labels("web"), 1, "first");
            _store.Append(Make.Labels("web"), 2, "second");
        }
        _store.Append(Make.Labels("web"), 3, "third");
        Assert.Equal(["first", "second"], heard);
    }

    [Fact]
    public void A_view_keeps_what_it_saw_when_parts_are_merged_and_removed()
    {
        for (var i = 0; i < 6; i++)
        {
            _store.Append(Make.Labels("web"), Make.TimeNs + i, $"line {i}");
            _store.Flush(CancellationToken.None);
        }
        using var querier = _store.Querier(Make.Tenant, long.MinValue, long.MaxValue);
        var blocks = querier.Blocks([], CancellationToken.None);
        Assert.Equal(6, blocks.Count);
        _store.RunMaintenance();
        Assert.Single(_store.View.Parts);
        Assert.All(blocks, static block => Assert.Equal(1, block.Read(LogColumns.Times).TimesNs.Length));
        Assert.Equal(6, _store.Dump().Length);
        Assert.Single(Directory.GetFiles(_directory.File("parts")));
    }

    [Fact]
    public void A_head_that_is_full_is_sealed_by_itself()
    {
        _store.Close();
        _store = LogStore.Open(Make.Options(_directory.Path) with { HeadBytes = 64 * 1024, Fsync = Wal.FsyncPolicy.None }, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, new System.Diagnostics.Metrics.Meter("test"));
        for (var i = 0; i < 20_000; i++)
        {
            _store.Append(Make.Labels("web"), Make.TimeNs + i, $"a line that takes some room in memory {i}");
        }
        Assert.Equal(20_000, _store.Dump().Length);
        Assert.InRange(_store.Status().HeadBytes, 0, 4 * 64 * 1024 + 100_000);
        Assert.InRange(_store.View.Parts.Length, 1, 1000);
    }

    [Fact]
    public void Marks_are_stored_with_their_batch_and_outlive_it()
    {
        var batch = new LogBatch();
        batch.BeginStream(_store.Stream(Make.Tenant, Make.Labels("web")));
        batch.Add(Make.TimeNs, "line"u8);
        batch.Mark("file a", "7");
        batch.Mark("file b", "1");
        _store.Append(batch);
        batch.Clear();
        batch.Mark("file b", "");
        batch.Mark("file c", "3");
        _store.Append(batch);
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(["file a=7", "file c=3"], _store.Marks().Select(static mark => $"{mark.Key}={mark.Value}").Order(StringComparer.Ordinal));
            Assert.Single(_store.Dump());
            if (round == 1)
            {
                _store.Flush(CancellationToken.None);
                Assert.Empty(Directory.GetFiles(_directory.File("wal")));
            }
            Reopen();
        }
    }

    [Fact]
    public void A_batch_may_keep_what_is_repeated()
    {
        var batch = new LogBatch { KeepsRepeated = true };
        batch.BeginStream(_store.Stream(Make.Tenant, Make.Labels("web")));
        batch.Add(Make.TimeNs, "line"u8);
        batch.Add(Make.TimeNs, "line"u8);
        _store.Append(batch);
        Assert.Equal(2, _store.Dump().Length);
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2 })]
    [InlineData(new[] { 2, 0, 1, 1 })]
    [InlineData(new[] { 0, 0, 0 })]
    public void What_is_sent_again_is_stored_once(int[] seconds)
    {
        for (var round = 0; round < 3; round++)
        {
            var batch = new LogBatch();
            batch.BeginStream(_store.Stream(Make.Tenant, Make.Labels("web")));
            for (var i = 0; i < seconds.Length; i++)
            {
                batch.Add(Make.TimeNs + (seconds[i] * 1_000_000_000L), System.Text.Encoding.UTF8.GetBytes($"line {i}"));
                batch.AddMetadata("n"u8, System.Text.Encoding.UTF8.GetBytes($"{i % 2}"));
            }
            _store.Append(batch);
        }
        var other = new LogBatch();
        other.BeginStream(_store.Stream(Make.Tenant, Make.Labels("web")));
        other.Add(Make.TimeNs, "line 0"u8);
        _store.Append(other);
        Assert.Equal(seconds.Length + 1, _store.Dump().Length);
    }

    [Fact]
    public void A_second_store_does_not_open_the_folder()
    {
        var exception = Assert.Throws<IOException>(() => Make.Open(Make.Options(_directory.Path)));
        Assert.Contains("in use by another process", exception.Message, StringComparison.Ordinal);
    }

    private void Reopen()
    {
        _store.Close();
        _store = Make.Open(Make.Options(_directory.Path));
    }
}

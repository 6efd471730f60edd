using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Tests.Traces;

public sealed class TraceStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_trace_of_which_pieces_lie_in_blocks_and_memory_is_given_whole_and_at_its_true_start()
    {
        var store = Make.Open(Make.Options(_directory.Path));
        store.Append(Make.Span(1, 10, parent: 9, Make.TimeNs + 300), Make.Span(2, 1, startNs: Make.TimeNs + 200));
        store.Flush(CancellationToken.None);
        store.Append(Make.Span(1, 9, startNs: Make.TimeNs + 100, service: "front", name: "root"));
        store.Flush(CancellationToken.None);
        store.Append(Make.Span(1, 11, parent: 77, Make.TimeNs + 400, "db"), Make.Span(1, 10, parent: 9, Make.TimeNs + 300));
        Check();
        store.Flush(CancellationToken.None);
        Check();
        store.Maintenance.Merge([.. store.View.Blocks], CancellationToken.None);
        Assert.Single(store.View.Blocks);
        Check();
        store.Close();
        store = Make.Open(Make.Options(_directory.Path));
        Check();
        store.Close();

        void Check()
        {
            Assert.Equal([9UL, 10, 11], store.Get("", Make.Id(1))!.Spans.Select(static span => span.SpanId));
            var found = store.Summaries(new TraceFilter(), CancellationToken.None).ToList();
            Assert.Equal([Make.Id(2), Make.Id(1)], found.Select(static summary => summary.Id));
            Assert.Equal(("front", "root", 3, 1), (found[1].RootService, found[1].RootName, found[1].Spans, found[1].OrphanSpans));
            Assert.Equal(
                [new TraceService("db", 1, 0), new TraceService("front", 1, 0), new TraceService("web", 1, 0)], found[1].Services);
            var cut = store.Get("", Make.Id(1), maxSpans: 2)!;
            Assert.Equal((2, 1), (cut.Spans.Count, cut.LeftOut));
        }
    }

    [Fact]
    public void A_trace_longer_than_a_page_is_given_whole()
    {
        var store = Make.Open(Make.Options(_directory.Path));
        const int Count = 20_000;
        store.Append(Make.Batch("", Enumerable.Range(1, Count).Select(static i =>
            Make.Span(7, (ulong)i, parent: (ulong)(i / 10), Make.TimeNs + (i * 1000), $"s{i % 5}", $"name {i}"))));
        store.Append(Make.Span(8, 1, startNs: Make.TimeNs + 500_000));
        store.Flush(CancellationToken.None);
        Assert.True(store.View.Blocks[0].Meta.Traces > 2);
        Assert.Equal(Count, store.Get("", Make.Id(7))!.Spans.Count);
        Assert.Equal(Count - 5, store.Get("", Make.Id(7), 5)!.LeftOut);
        var found = store.Summaries(new TraceFilter(), CancellationToken.None).ToList();
        Assert.Equal([Make.Id(8), Make.Id(7)], found.Select(static summary => summary.Id));
        Assert.Equal((Count, 0), (found[1].Spans, found[1].OrphanSpans));
        var last = new SpanCondition(SpanField.Name, SpanOperator.Equal, AttributeValue.OfText($"name {Count}"));
        Assert.Equal(Count, store.Find(new TraceFilter { Conditions = [last] }, CancellationToken.None).Single().Spans.Count);

        // None of its pieces lasts as long.
        var slow = new SpanCondition(SpanField.TraceDuration, SpanOperator.Greater, AttributeValue.OfInt((Count - 1) * 1000L));
        Assert.Equal(Make.Id(7), store.Summaries(new TraceFilter { Conditions = [slow] }, CancellationToken.None).Single().Id);
        store.Flush(CancellationToken.None);
        store.Append(Make.Span(7, 1_000_000, startNs: Make.TimeNs));
        store.Flush(CancellationToken.None);
        store.Maintenance.Merge([.. store.View.Blocks], CancellationToken.None);
        Assert.Equal(Count + 1, store.Get("", Make.Id(7))!.Spans.Count);
        Assert.Equal([Make.Id(8), Make.Id(7)], store.Summaries(new TraceFilter(), CancellationToken.None).Select(static summary => summary.Id));
        store.Close();
    }

    [Fact]
    public void Spans_past_their_time_go_with_their_block_and_no_clock_that_jumps_takes_more()
    {
        var time = new Logs.ManualTime { Now = DateTimeOffset.UnixEpoch.AddDays(20_000) };
        var store = Make.Open(Make.Options(_directory.Path) with { RetentionTime = TimeSpan.FromDays(3) }, time: time);
        for (var day = 0; day < 6; day++)
        {
            store.Append(Make.Span((ulong)day + 1, 1, startNs: Make.TimeNs + (day * Make.DayNs)));
        }
        store.Flush(CancellationToken.None);
        Assert.Equal(6, store.Status().Blocks);
        store.RunMaintenance();
        Assert.Equal(6, store.Status().Blocks);
        time.Now = DateTimeOffset.UnixEpoch.AddDays(20_005);
        store.RunMaintenance();
        Assert.Equal([6UL, 5, 4, 3], store.Summaries(new TraceFilter(), CancellationToken.None).Select(static summary => summary.Id.Low));
        time.Now = DateTimeOffset.UnixEpoch.AddDays(30_000);
        store.RunMaintenance();
        Assert.Equal(4, store.Status().Blocks);
        store.Reconfigure(TimeSpan.FromDays(1), 0);
        store.RunMaintenance();
        Assert.Equal(2, store.Status().Blocks);
        store.Reconfigure(TimeSpan.Zero, 1);
        store.RunMaintenance();
        Assert.Equal([6UL], store.Summaries(new TraceFilter(), CancellationToken.None).Select(static summary => summary.Id.Low));
        Assert.Single(Directory.GetFiles(_directory.File("blocks")));
        store.Close();
    }

    [Fact]
    public void Small_blocks_of_a_day_become_one()
    {
        var store = Make.Open(Make.Options(_directory.Path));
        for (var i = 0UL; i < 9; i++)
        {
            store.Append(Make.Span((i / 2) + 1, i + 1, startNs: Make.TimeNs + ((long)i * Make.SecondNs)));
            store.Flush(CancellationToken.None);
        }
        store.RunMaintenance();
        Assert.Equal((1, 9L), (store.Status().Blocks, store.Status().BlockSpans));
        Assert.Equal(5, store.View.Blocks[0].Meta.Traces);
        Assert.Single(Directory.GetFiles(_directory.File("blocks")));
        store.Close();
    }

    [Fact]
    public void Watchers_hear_of_each_batch_until_they_leave()
    {
        var store = Make.Open(Make.Options(_directory.Path));
        var heard = 0;
        using (store.Watch(batch => heard += batch.Count))
        {
            store.Append(Make.Span(1, 1), Make.Span(1, 2));
        }
        store.Append(Make.Span(1, 3));
        Assert.Equal(2, heard);
        store.Close();
    }

    [Fact]
    public void A_second_store_of_the_same_folder_is_refused()
    {
        var store = Make.Open(Make.Options(_directory.Path));
        Assert.Contains("in use", Assert.Throws<IOException>(() => Make.Open(Make.Options(_directory.Path))).Message, StringComparison.Ordinal);
        store.Close();
    }

    [Fact]
    public void Searches_go_on_while_spans_come_and_blocks_are_made()
    {
        var store = Make.Open(Make.Options(_directory.Path) with { Fsync = Wal.FsyncPolicy.None, HeadBytes = 200_000 });
        var failures = new List<string>();
        const int Batches = 300;
        Parallel.Invoke(
            () =>
            {
                for (var i = 0; i < Batches; i++)
                {
                    // A batch is one trace of two spans: seen whole or not at all.
                    store.Append(Make.Span((ulong)i + 1, 1, startNs: Make.TimeNs + i), Make.Span((ulong)i + 1, 2, 1, Make.TimeNs + i + 1, "db"));
                }
            },
            () =>
            {
                for (var i = 0; i < 25; i++)
                {
                    store.Flush(CancellationToken.None);
                    store.RunMaintenance();
                }
            },
            () =>
            {
                var before = 0;
                for (var i = 0; i < 60; i++)
                {
                    var found = store.Summaries(new TraceFilter(), CancellationToken.None).ToList();
                    if (found.Count < before || found.Exists(static summary => summary.Spans != 2)
                        || found.Select(static summary => summary.Id).Distinct().Count() != found.Count)
                    {
                        failures.Add($"{found.Count} after {before}: {string.Join(',', found.Select(static summary => summary.Spans))}");
                    }
                    before = found.Count;
                }
            });
        Assert.Empty(failures);
        Assert.Equal(Batches, store.Summaries(new TraceFilter(), CancellationToken.None).Count());
        store.Close();
    }
}

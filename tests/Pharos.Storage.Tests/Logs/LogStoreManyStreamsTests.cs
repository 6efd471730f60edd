using System.Runtime.CompilerServices;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Tests.Logs;

/// <summary>A label of which every value is new: one stream a line.</summary>
[Collection(WholeHeap.Name)]
public sealed class LogStoreManyStreamsTests : IDisposable
{
    private const int Streams = 100_000;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_hundred_thousand_streams_of_one_line_take_few_files_and_little_memory()
    {
        var store = Make.Open(Make.Options(_directory.Path) with { Fsync = FsyncPolicy.None });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Fill(store);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Streams;
        Assert.InRange(bytes, 0, 2_000);
        Assert.Equal(Streams, store.ActiveStreams(Make.Tenant));
        CheckQueries(store);
        store.Flush(CancellationToken.None);
        Assert.Equal(0, store.ActiveStreams(Make.Tenant));
        CheckQueries(store);
        store.RunMaintenance();
        store.Close();
        Assert.Single(Directory.GetFiles(_directory.File("parts")));
        Assert.InRange(new FileInfo(Directory.GetFiles(_directory.File("parts"))[0]).Length, 1, 200 * Streams);

        CheckReopened();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CheckReopened()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var store = Make.Open(Make.Options(_directory.Path));
        Assert.InRange((GC.GetTotalMemory(forceFullCollection: true) - before) / Streams, -1000, 50);
        CheckQueries(store);
        store.Close();
    }

    [Fact]
    public void Ten_thousand_labels_are_fine()
    {
        var store = Make.Open(Make.Options(_directory.Path));
        var labels = LabelSet.From(Enumerable.Range(0, 10_000).Select(static i => KeyValuePair.Create($"label_{i}", $"value {i}")));
        store.Append(labels, Make.TimeNs, "line");
        for (var round = 0; round < 3; round++)
        {
            Assert.Single(store.Dump(matchers: Make.Equal("label_77", "value 77")));
            Assert.Empty(store.Dump(matchers: Make.Equal("label_77", "value 78")));
            store.Close();
            store = Make.Open(Make.Options(_directory.Path));
            store.Flush(CancellationToken.None);
        }
        store.Close();
    }

    [Fact]
    public void Entries_of_a_thousand_days_are_sealed_a_few_parts_at_a_time()
    {
        var store = Make.Open(Make.Options(_directory.Path) with { Fsync = FsyncPolicy.None });
        for (var i = 0; i < 1000; i++)
        {
            store.Append(Make.Labels("web"), i * Make.DayNs, $"day {i}");
        }
        var before = store.Dump();
        store.Flush(CancellationToken.None);
        Assert.Equal(before, store.Dump());
        Assert.Equal(1000, store.View.Parts.Length);
        store.Close();
    }

    private static void Fill(LogStore store)
    {
        var batch = new LogBatch();
        for (var i = 0; i < Streams; i++)
        {
            batch.BeginStream(store.Stream(Make.Tenant, LabelSet.From(("app", "web"), ("namespace", "shop"), ("trace_id", $"{i:x8}{i * 7:x8}"))));
            batch.Add(Make.TimeNs + (i * 1000L), "a line of some length, as they are, with a few words in it"u8);
            if (batch.Count == 1000)
            {
                store.Append(batch);
                batch.Clear();
            }
        }
    }

    private static void CheckQueries(LogStore store)
    {
        Assert.Single(store.Dump(matchers: Make.Equal("trace_id", $"{77_777:x8}{77_777 * 7:x8}")));
        using var querier = store.Querier(Make.Tenant, long.MinValue, long.MaxValue);
        var blocks = querier.Blocks([Make.Equal("app", "web")], CancellationToken.None);
        Assert.InRange(blocks.Count, 1, 200);
        Assert.Equal(Streams, blocks.Sum(static block => block.Runs.Sum(static run => run.Count)));
    }
}

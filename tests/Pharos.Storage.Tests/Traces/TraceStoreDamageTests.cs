using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Tests.Traces;

/// <summary>Files that were cut, or of which a bit flipped.</summary>
public sealed class TraceStoreDamageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_log_cut_at_any_byte_gives_back_every_whole_batch_before()
    {
        var store = Make.Open(Make.Options(_directory.Path));
        var ends = new List<long>();
        var segment = _directory.File("wal/00000001.wal");
        for (var i = 0; i < 5; i++)
        {
            store.Append(Make.Span((ulong)i + 1, 1, startNs: Make.TimeNs + i), Make.Span((ulong)i + 1, 2, 1, Make.TimeNs + i));
            ends.Add(new FileInfo(segment).Length);
        }
        store.Close();
        var whole = File.ReadAllBytes(segment);
        for (var size = 0; size <= whole.Length; size++)
        {
            File.WriteAllBytes(segment, whole[..size]);
            var logger = new RecordingLogger();
            store = Make.Open(Make.Options(_directory.Path), logger: logger);
            var expected = ends.Count(end => end <= size);
            Assert.Equal(Enumerable.Repeat(2, expected), All(store).Select(static summary => summary.Spans));
            Assert.Equal(size is 0 or 8 || ends.Contains(size), logger.Lines.IsEmpty);
            store.Append(Make.Span(100, 1));
            Assert.Equal(expected + 1, All(store).Count);
            store.Close();
            foreach (var later in Directory.GetFiles(_directory.File("wal")).Where(path => path != segment))
            {
                File.Delete(later);
            }
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_the_log_is_noticed_and_costs_its_record_only()
    {
        var store = Make.Open(Make.Options(_directory.Path));
        for (var i = 0; i < 4; i++)
        {
            store.Append(Make.Span((ulong)i + 1, 1));
        }
        store.Close();
        var segment = _directory.File("wal/00000001.wal");
        var whole = File.ReadAllBytes(segment);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(segment, damaged);
            var logger = new RecordingLogger();
            store = Make.Open(Make.Options(_directory.Path), logger: logger);
            Assert.NotEmpty(logger.Lines);
            Assert.True(All(store).Count is 4 or 3 || at < 20, $"{All(store).Count} traces after damage of byte {at}");
            store.Close();
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_a_block_is_noticed_named_and_nothing_wrong_is_served()
    {
        var random = new Random(5);
        var some = new SomeSpans(random);
        var store = Make.Open(Make.Options(_directory.Path));
        store.Append(Make.Batch("", Enumerable.Range(0, 12).Select(_ => some.Next(4, Make.TimeNs))));
        store.Append(Make.Batch("b", Enumerable.Range(0, 6).Select(_ => some.Next(4, Make.TimeNs))));
        store.Flush(CancellationToken.None);
        var before = Dump(store, "").Concat(Dump(store, "b")).ToHashSet(StringComparer.Ordinal);
        store.Append(Make.Span(100, 1));
        var inLog = Make.Describe(store.Get("", Make.Id(100))!.Spans[0]);
        store.Close();
        var path = _directory.File("blocks/00000001.traces");
        var whole = File.ReadAllBytes(path);
        var manifest = File.ReadAllBytes(_directory.File("manifest"));
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(path, damaged);
            File.Delete(path + ".corrupt");
            File.WriteAllBytes(_directory.File("manifest"), manifest);
            var logger = new RecordingLogger();
            store = Make.Open(Make.Options(_directory.Path), logger: logger);
            var found = Dump(store, "").Concat(Dump(store, "b")).ToHashSet(StringComparer.Ordinal);

            // Filters are looked at by searches for values only.
            var asked = new SpanCondition(SpanField.Attribute, SpanOperator.Equal, AttributeValue.OfText("GET"))
            {
                Key = "user", Scopes = AttributeScopes.Span,
            };
            _ = store.Summaries(new TraceFilter { Conditions = [asked] }, CancellationToken.None).Count();
            _ = store.Summaries(new TraceFilter { Conditions = [asked], Tenant = "b" }, CancellationToken.None).Count();
            _ = store.AttributeKeys("", AttributeScopes.All, long.MinValue, long.MaxValue, 10);
            Assert.True(found.Remove(inLog), $"byte {at} took what is in the log");
            Assert.True(found.IsSubsetOf(before), $"something else than what was written after damage of byte {at}");
            Assert.Contains(logger.Lines, static line => line.Contains("00000001.traces", StringComparison.Ordinal));
            Assert.Equal(1, store.Status().Quarantined);
            store.Close();
        }
    }

    [Fact]
    public void A_damaged_page_costs_its_traces_only_and_the_block_stays_aside_when_it_is_merged()
    {
        var store = Make.Open(Make.Options(_directory.Path));
        for (var block = 0; block < 4; block++)
        {
            store.Append(Make.Batch("", Enumerable.Range(0, 5000).Select(i =>
                Make.Span((ulong)((block * 5000) + i + 1), 1, startNs: Make.TimeNs + ((block * 5000) + i) * 1000L))));
            store.Flush(CancellationToken.None);
        }
        Assert.Equal(2, store.View.Blocks[1].Pages.Length);
        store.Close();
        var path = _directory.File("blocks/00000002.traces");
        var bytes = File.ReadAllBytes(path);
        bytes[20] ^= 1;
        File.WriteAllBytes(path, bytes);
        store = Make.Open(Make.Options(_directory.Path));
        Assert.Equal(20_000 - 4096, All(store).Count);
        store.RunMaintenance();
        Assert.Equal(1, store.Status().Blocks);
        Assert.Equal(20_000 - 4096, All(store).Count);
        Assert.True(File.Exists(path + ".corrupt"));
        store.Close();
    }

    [Fact]
    public void One_damaged_copy_of_the_manifest_is_made_good_by_the_other()
    {
        var store = Make.Open(Make.Options(_directory.Path));
        store.Append(Make.Span(1, 1));
        store.Flush(CancellationToken.None);
        store.Close();
        var path = _directory.File("manifest");
        var whole = File.ReadAllBytes(path);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(path, damaged);
            var logger = new RecordingLogger();
            store = Make.Open(Make.Options(_directory.Path), logger: logger);
            Assert.Single(All(store));
            Assert.Single(logger.Lines);
            store.Close();
        }
        File.Delete(path);
        store = Make.Open(Make.Options(_directory.Path));
        Assert.Single(All(store));
        store.Close();
    }

    private static List<TraceSummary> All(TraceStore store) => [.. store.Summaries(new TraceFilter(), CancellationToken.None)];

    private static IEnumerable<string> Dump(TraceStore store, string tenant) =>
        store.Spans(new TraceFilter { Tenant = tenant }, CancellationToken.None).Select(Make.Describe);
}

using System.Buffers.Binary;
using CsCheck;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Pages;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Tests.Traces;

/// <summary>Pages that merges copy and pages that they build, of blocks with several pages each.</summary>
public sealed class TraceMergeTests : IDisposable
{
    private const int PageRows = 4096;
    private static readonly string[] Tenants = ["", "other"];

    private readonly TemporaryDirectory _directory = new();
    private readonly MergedPages _pages = new();

    public void Dispose()
    {
        _pages.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void A_merge_changes_no_answer_whether_it_copies_pages_or_builds_them()
    {
        // Whether one merge copies depends on where the spans fall; of several some must.
        var (copied, built) = (0L, 0L);
        Gen.Int[0, 1_000_000].Sample(seed =>
        {
            var pages = AssertMergesChangeNoAnswer(seed);
            (copied, built) = (copied + pages.Copied, built + pages.Built);
        }, iter: 2, threads: 1);
        Assert.True(copied > 0 && built > 0, $"{copied} pages copied, {built} built");
    }

    private static (long Copied, long Built) AssertMergesChangeNoAnswer(int seed)
    {
        using var directory = new TemporaryDirectory();
        using var pages = new MergedPages();
        var random = new Random(seed);
        var some = new SomeSpans(random);
        var store = Make.Open(Make.Options(directory.Path) with { Fsync = Wal.FsyncPolicy.None }, meter: pages.Meter);
        try
        {
            var endNs = Fill(store, some, random);
            var filters = Tenants.SelectMany(tenant => Enumerable.Range(0, 5).Select(_ => some.Filter(tenant, Make.TimeNs, endNs))).ToList();
            var before = Answers(store, filters, Make.TimeNs, endNs);
            store.Maintenance.Merge([.. store.View.Blocks.Take(2)], CancellationToken.None);
            AssertSame(before, Answers(store, filters, Make.TimeNs, endNs));
            store.Maintenance.Merge([.. store.View.Blocks], CancellationToken.None);
            Assert.Single(store.View.Blocks);
            AssertSame(before, Answers(store, filters, Make.TimeNs, endNs));
            AssertWhole(store);
            return (pages.Copied, pages.Built);
        }
        finally
        {
            store.Close();
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(PageFrame.Summaries)]
    [InlineData(PageFrame.Times)]
    [InlineData(PageFrame.Names)]
    [InlineData(PageFrame.Ids)]
    [InlineData(PageFrame.Parents)]
    [InlineData(PageFrame.Rare)]
    [InlineData(PageFrame.Shapes)]
    [InlineData(PageFrame.Extras)]
    [InlineData(PageFrame.Texts)]
    [InlineData(PageFrame.Columns)]
    [InlineData(PageFrame.Filter)]
    internal void Damage_of_a_page_that_would_be_copied_costs_that_page_only(PageFrame? frame)
    {
        var store = Make.Open(Make.Options(_directory.Path));
        FlushTraces(store, 1, 2 * PageRows);
        FlushTraces(store, 1 + (2 * PageRows), 2 * PageRows);
        var page = store.View.Blocks[0].Pages[1];
        store.Close();

        // Behind the last frame are the columns.
        Flip("blocks/00000001.traces", page.Offset + 8 + page.Frames.Take((int?)frame ?? PageEntry.FrameCount).Sum(static one => (long)one.SizeBytes));
        store = Make.Open(Make.Options(_directory.Path), meter: _pages.Meter);
        store.Maintenance.Merge([.. store.View.Blocks], CancellationToken.None);

        // Filters are made anew from the spans, so nothing is lost with one.
        var isLost = frame != PageFrame.Filter;
        var left = store.Summaries(new TraceFilter(), CancellationToken.None).Select(static summary => summary.Id).ToHashSet();
        Assert.Equal((isLost ? 3 : 4) * PageRows, left.Count);
        Assert.Equal(isLost ? 0 : PageRows, Enumerable.Range(1 + PageRows, PageRows).Count(number => left.Contains(Make.Id((ulong)number))));
        Assert.Equal(isLost ? 1 : 0, store.Status().Quarantined);
        Assert.Equal(isLost, File.Exists(_directory.File("blocks/00000001.traces.corrupt")));
        Assert.Equal((3L, isLost ? 0L : 1), (_pages.Copied, _pages.Built));
        Assert.Equal(left.Count, store.Spans(new TraceFilter(), CancellationToken.None).Count());
        store.Close();
    }

    [Fact]
    public void A_block_of_which_the_catalogue_is_damaged_is_built_anew()
    {
        const int ContentsBytes = 36 + (6 * 16) + (3 * 4);
        const int CatalogueOffset = 36 + (3 * 16) + 20 + 4;
        const int FooterBytes = 12;
        var store = Make.Open(Make.Options(_directory.Path));
        FlushTraces(store, 1, 2 * PageRows);
        FlushTraces(store, 1 + (2 * PageRows), 2 * PageRows);
        store.Close();
        var contents = File.ReadAllBytes(_directory.File("blocks/00000001.traces")).AsSpan()[^(ContentsBytes + FooterBytes)..];
        Flip("blocks/00000001.traces", BinaryPrimitives.ReadInt64LittleEndian(contents[CatalogueOffset..]) + 8);
        store = Make.Open(Make.Options(_directory.Path), meter: _pages.Meter);
        store.Maintenance.Merge([.. store.View.Blocks], CancellationToken.None);
        Assert.Equal((2, 2), (_pages.Copied, _pages.Built));
        Assert.Equal(0, store.Status().Quarantined);
        Assert.Equal(4 * PageRows, store.Summaries(new TraceFilter(), CancellationToken.None).Count());
        Assert.Equal(["web"], store.Services("", long.MinValue, long.MaxValue));
        Assert.Equal(["k"], store.AttributeKeys("", AttributeScopes.Span, long.MinValue, long.MaxValue, 10));
        store.Close();
    }

    [Fact]
    public void Small_pages_are_brought_together_and_large_ones_stay_as_they_are()
    {
        var store = Make.Open(Make.Options(_directory.Path), meter: _pages.Meter);
        FlushTraces(store, 1, 500);
        FlushTraces(store, 501, 400);
        FlushTraces(store, 901, (2 * PageRows) + 1500);
        FlushTraces(store, 901 + (2 * PageRows) + 1500, 700);
        store.Maintenance.Merge([.. store.View.Blocks], CancellationToken.None);
        Assert.Equal([900 + PageRows, PageRows, 2200], store.View.Blocks.Single().Pages.Select(static page => page.Rows));
        Assert.Equal((1, 2), (_pages.Copied, _pages.Built));
        FlushTraces(store, 901 + (2 * PageRows) + 2200, PageRows);
        store.Maintenance.Merge([.. store.View.Blocks], CancellationToken.None);
        Assert.Equal([900 + PageRows, PageRows, 2200, PageRows], store.View.Blocks.Single().Pages.Select(static page => page.Rows));
        Assert.Equal((5, 2), (_pages.Copied, _pages.Built));
        var found = store.Summaries(new TraceFilter(), CancellationToken.None).Select(static summary => summary.Id).ToList();
        Assert.Equal(Enumerable.Range(1, found.Count).Reverse().Select(static number => Make.Id((ulong)number)), found);
        store.Close();
    }

    [Fact]
    public void Pages_of_a_trace_that_is_longer_than_one_are_copied_all_or_none()
    {
        const int Rows = 8192 + 100;
        var store = Make.Open(Make.Options(_directory.Path), meter: _pages.Meter);
        store.Append(Make.Batch("", Enumerable.Range(1, Rows).Select(static number => Make.Span(1, (ulong)number, startNs: Make.TimeNs + number))));
        FlushTraces(store, 100, PageRows);
        FlushTraces(store, 99, 1);
        Assert.Equal([8192, PageRows, 100], store.View.Blocks.Single(static block => block.Pages.Length > 1).Pages.Select(static page => page.Rows));

        // Trace 99 comes before the last of the page with the end of trace 1, and behind the page with its beginning.
        store.Maintenance.Merge([.. store.View.Blocks], CancellationToken.None);
        Assert.Equal((0, Rows + PageRows + 1L), (_pages.Copied, store.View.Blocks.Single().Meta.Spans));
        Assert.Equal(Rows, store.Get("", Make.Id(1))!.Spans.Count);
        Assert.Equal(PageRows + 2, store.Summaries(new TraceFilter(), CancellationToken.None).Count());
        store.Close();
    }

    /// <summary>Traces of one span each that begin one after the other, in a block of their own.</summary>
    private static void FlushTraces(TraceStore store, int first, int count)
    {
        store.Append(Make.Batch("", Enumerable.Range(first, count).Select(static number =>
            Make.Span((ulong)number, 1, startNs: Make.TimeNs + (number * 1000L)) with
            {
                Attributes = [Make.Text("k", $"v{number % 7}")],
                Events = [new SpanEvent(Make.TimeNs, $"event {number % 3}", [], 0)],
            })));
        store.Flush(CancellationToken.None);
    }

    private void Flip(string file, long at)
    {
        var bytes = File.ReadAllBytes(_directory.File(file));
        bytes[at] ^= 1;
        File.WriteAllBytes(_directory.File(file), bytes);
    }

    /// <summary>Four blocks of two tenants: traces that were in flight when one was sealed have spans in the next, others came again, and some
    /// seeds have a trace longer than a page.</summary>
    /// <returns>When the last span begins, or later.</returns>
    private static long Fill(TraceStore store, SomeSpans some, Random random)
    {
        const int Batches = 280;
        const int BatchSpans = 50;
        var now = Make.TimeNs;
        var traces = 0;
        var before = new Queue<(string Tenant, Span Span)>();
        for (var block = 0; block < 4; block++)
        {
            for (var batch = 0; batch < Batches; batch++, now += random.Next(2_000_000, 4_000_000), traces += random.Next(4, 30))
            {
                var tenant = random.Next(6) == 0 ? "other" : "";
                var spans = Enumerable.Range(0, BatchSpans)
                    .Select(_ => some.Next(1, now) with { TraceId = Make.Id((ulong)(traces + random.Next(0, 40))) }).ToList();
                spans.AddRange(before.Where(sent => sent.Tenant == tenant && random.Next(100) == 0).Select(static sent => sent.Span));
                if (block > 0 && batch == Batches / 2)
                {
                    // Late: its trace lies in a page of another block, nowhere near.
                    spans[0] = spans[0] with { TraceId = Make.Id((ulong)random.Next(0, traces / 2)) };
                }
                store.Append(Make.Batch(tenant, spans));
                spans.ForEach(span => before.Enqueue((tenant, span)));
                while (before.Count > 1000)
                {
                    before.Dequeue();
                }
            }
            if (random.Next(3) == 0)
            {
                var startNs = now;
                store.Append(Make.Batch("", Enumerable.Range(1, random.Next(8_000, 20_000)).Select(number =>
                    Make.Span(ulong.MaxValue / 8_000, (ulong)number, (ulong)number / 3, startNs + (number * 100L)))));
            }
            store.Flush(CancellationToken.None);
            if (random.Next(2) == 0)
            {
                // Traces of the next block begin before the last ones of this, but none is in both.
                traces += 50;
                before.Clear();
            }
        }
        return now + Make.SecondNs;
    }

    private static List<string> Answers(TraceStore store, List<TraceFilter> filters, long startNs, long endNs)
    {
        var answers = new List<string>();
        foreach (var tenant in Tenants)
        {
            var all = new TraceFilter { Tenant = tenant };
            answers.AddRange(store.Summaries(all, CancellationToken.None).Select(Make.Describe));
            answers.AddRange(store.Find(all, CancellationToken.None).SelectMany(Make.Describe));
            foreach (var (from, to) in new[] { (long.MinValue, long.MaxValue), (startNs + (endNs - startNs) / 3, endNs - (endNs - startNs) / 3) })
            {
                answers.AddRange(store.Services(tenant, from, to));
                answers.AddRange(store.Operations(tenant, "web", from, to).Select(static operation => $"{operation}"));
                foreach (var scope in Enum.GetValues<AttributeScopes>())
                {
                    answers.AddRange(store.AttributeKeys(tenant, scope, from, to, 100));
                    answers.AddRange(store.AttributeValues(tenant, scope, "status", from, to, 10_000)
                        .Select(static value => $"{value.Kind}:{value}").Order(StringComparer.Ordinal));
                }
            }
        }
        foreach (var filter in filters)
        {
            answers.Add(string.Join(" & ", filter.Conditions));
            answers.AddRange(store.Summaries(filter, CancellationToken.None).Select(Make.Describe));
            answers.AddRange(store.Spans(filter, CancellationToken.None).Select(Make.Describe).Order(StringComparer.Ordinal));
        }
        for (var id = 1UL; id < 20_000; id += 499)
        {
            foreach (var tenant in Tenants)
            {
                answers.AddRange(store.Get(tenant, Make.Id(id)) is { } trace ? Make.Describe(trace) : ["none"]);
            }
        }
        return answers;
    }

    /// <summary>Answers put pieces together; here there must be none left to put together.</summary>
    private static void AssertWhole(TraceStore store)
    {
        const int MaxPieceRows = 8192;
        var spans = Tenants.SelectMany(tenant =>
            store.Summaries(new TraceFilter { Tenant = tenant }, CancellationToken.None).Select(static summary => summary.Spans)).ToList();
        var block = store.View.Blocks.Single();
        Assert.Equal((spans.Sum(count => ((count - 1) / MaxPieceRows) + 1), (long)spans.Sum()), (block.Meta.Traces, block.Meta.Spans));
        Assert.Equal(block.Meta.Spans, block.Pages.Sum(static page => (long)page.Rows));
    }

    private static void AssertSame(List<string> expected, List<string> actual)
    {
        for (var i = 0; i < Math.Min(expected.Count, actual.Count); i++)
        {
            Assert.True(expected[i] == actual[i], $"answer {i}:\n{expected[i]}\nbut\n{actual[i]}");
        }
        Assert.Equal(expected.Count, actual.Count);
    }
}

using CsCheck;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Memory;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Tests.Traces;

/// <summary>Any sequence of appends, flushes, merges and restarts leaves the store as its plain twin.</summary>
public sealed class TraceStoreModelTests
{
    private static readonly Gen<(int Seed, int[] Kinds)> Sequence = Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 99].Array[1, 60]);

    [Fact]
    public void The_store_answers_as_a_list_does() => Sequence.Sample(sequence =>
    {
        using var directory = new TemporaryDirectory();
        var random = new Random(sequence.Seed);
        var spans = new SomeSpans(random);
        var model = new MemoryTraceStore();
        var options = Make.Options(directory.Path) with { HeadBytes = 2_000_000 };
        var store = Make.Open(options);
        var now = Make.TimeNs;
        var before = new List<Span>();
        try
        {
            foreach (var kind in sequence.Kinds)
            {
                switch (kind)
                {
                    case < 5:
                        store.Close();
                        store = Make.Open(options);
                        break;
                    case < 25:
                        store.Flush(CancellationToken.None);
                        break;
                    case < 30:
                        store.RunMaintenance();
                        break;
                    case < 38 when store.View.Blocks.GroupBy(static block => block.Meta.Day).FirstOrDefault() is { } day:
                        store.Maintenance.Merge([.. day], CancellationToken.None);
                        break;
                    default:
                        now += random.Next(0, 30) == 0 ? Make.DayNs : random.Next(0, 100) * 1_000_000L;
                        Append(store, model, spans, random, now, before);
                        break;
                }
            }
            Compare(store, model, spans, random, Make.TimeNs, now + Make.SecondNs);
        }
        finally
        {
            store.Close();
        }
    }, iter: 60, threads: 2);

    private static void Append(TraceStore store, MemoryTraceStore model, SomeSpans some, Random random, long now, List<Span> before)
    {
        var spans = Enumerable.Range(0, random.Next(1, 25)).Select(_ => some.Next(traces: 12, now)).ToList();

        // Again, as clients send it that did not hear of success, and late.
        spans.AddRange(before.Where(_ => random.Next(6) == 0).Take(5));
        before.AddRange(spans);
        if (before.Count > 200)
        {
            before.RemoveRange(0, 100);
        }
        var tenant = random.Next(4) == 0 ? "other" : random.Next(6) == 0 ? "a" : "";
        store.Append(Make.Batch(tenant, spans));
        model.Append(Make.Batch(tenant, spans));
    }

    private static void Compare(TraceStore store, MemoryTraceStore model, SomeSpans some, Random random, long startNs, long endNs)
    {
        foreach (var tenant in new[] { "", "other", "nobody" })
        {
            for (var id = 0UL; id < 14; id++)
            {
                var (expected, actual) = (model.Get(tenant, Make.Id(id), int.MaxValue), store.Get(tenant, Make.Id(id)));
                Assert.Equal(expected is null ? null : Make.Describe(expected), actual is null ? null : Make.Describe(actual));
                Assert.Equal(model.Get(tenant, Make.Id(id), 3)?.LeftOut, store.Get(tenant, Make.Id(id), 3)?.LeftOut);
            }
            for (var i = 0; i < 25; i++)
            {
                CompareFilter(store, model, some.Filter(tenant, startNs, endNs));
            }
            foreach (var (from, to) in new[] { (long.MinValue, long.MaxValue), (startNs + random.Next(0, 60_000_000), endNs - random.Next(0, 60_000_000)) })
            {
                CompareFacts(store, model, tenant, from, to);
            }
        }
    }

    private static void CompareFilter(TraceStore store, MemoryTraceStore model, TraceFilter filter)
    {
        var what = string.Join(" & ", filter.Conditions) + $" {filter.NeedsAll} {filter.StartNs} {filter.EndNs}";
        var expected = model.Summaries(filter, CancellationToken.None).Select(Make.Describe).ToArray();
        var actual = store.Summaries(filter, CancellationToken.None).Select(Make.Describe).ToArray();
        Assert.True(expected.SequenceEqual(actual), $"{what}:\n{string.Join('\n', expected)}\nbut\n{string.Join('\n', actual)}");
        Assert.Equal(
            model.Find(filter, CancellationToken.None).Select(static trace => string.Join('\n', Make.Describe(trace))),
            store.Find(filter, CancellationToken.None).Select(static trace => string.Join('\n', Make.Describe(trace))));
        Assert.Equal(
            model.Spans(filter, CancellationToken.None).Select(Make.Describe).Order(StringComparer.Ordinal),
            store.Spans(filter, CancellationToken.None).Select(Make.Describe).Order(StringComparer.Ordinal));
    }

    private static void CompareFacts(TraceStore store, MemoryTraceStore model, string tenant, long startNs, long endNs)
    {
        Assert.Equal(model.Services(tenant, startNs, endNs), store.Services(tenant, startNs, endNs));
        Assert.Equal(model.Operations(tenant, "web", startNs, endNs), store.Operations(tenant, "web", startNs, endNs));
        foreach (var scope in Enum.GetValues<AttributeScopes>())
        {
            Assert.Equal(model.AttributeKeys(tenant, scope, startNs, endNs, 5), store.AttributeKeys(tenant, scope, startNs, endNs, 5));
            Assert.Equal(
                model.AttributeValues(tenant, scope, "status", startNs, endNs, 1000).Select(Typed).Order(StringComparer.Ordinal),
                store.AttributeValues(tenant, scope, "status", startNs, endNs, 1000).Select(Typed).Order(StringComparer.Ordinal));
            Assert.True(store.AttributeValues(tenant, scope, "status", startNs, endNs, 2).Count <= 2);
        }

        static string Typed(AttributeValue value) => $"{value.Kind}:{value}";
    }
}

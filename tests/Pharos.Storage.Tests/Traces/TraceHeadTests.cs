using CsCheck;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Memory;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Tests.Traces;

/// <summary>What is in memory answers as its plain twin does, whatever shortcuts a record allows.</summary>
public sealed class TraceHeadTests : IDisposable
{
    private static readonly AttributeValue[] Values =
    [
        AttributeValue.OfText("42"), AttributeValue.OfText(""), AttributeValue.OfText("true"), AttributeValue.OfText("AQID"), AttributeValue.OfText("[1,2]"),
        AttributeValue.OfText("NaN"), AttributeValue.OfText("1e+06"), AttributeValue.OfText("other"), AttributeValue.OfInt(42), AttributeValue.OfInt(-7),
        AttributeValue.OfDouble(42), AttributeValue.OfDouble(1e6), AttributeValue.OfDouble(double.NaN), AttributeValue.OfDouble(double.PositiveInfinity),
        AttributeValue.OfDouble(-0.0), AttributeValue.OfBool(true), AttributeValue.OfBool(false), AttributeValue.OfBytes([1, 2, 3]), AttributeValue.OfBytes([]),
        AttributeValue.OfJson(AttributeKind.Array, "[1,2]"), AttributeValue.OfJson(AttributeKind.Map, "{\"a\":1}"), AttributeValue.Empty,
    ];

    private readonly TemporaryDirectory _directory = new();
    private readonly TraceStore _store;
    private readonly MemoryTraceStore _model = new();

    public TraceHeadTests() => _store = Make.Open(Make.Options(_directory.Path));

    public void Dispose()
    {
        _store.Close();
        _directory.Dispose();
    }

    [Fact]
    public void A_value_of_any_kind_in_a_record_of_its_own_is_found_by_every_operator_as_the_twin_finds_it()
    {
        var id = 0UL;
        foreach (var value in Values)
        {
            id++;
            Append(Make.Span(id, 1, startNs: Make.TimeNs + (long)id) with { Attributes = [new SpanAttribute("key", value)] });
        }
        foreach (var comparison in Enum.GetValues<SpanOperator>())
        {
            foreach (var value in Values)
            {
                Same(Of(SpanField.Attribute, comparison, value) with { Key = "key", Pattern = GoRegex.Anchored(".*[e2]") });
            }
        }

        // That the twin itself finds what is written alike.
        Assert.Equal(["", "", ""], Kinds("42", AttributeKind.Text, AttributeKind.Int, AttributeKind.Double));
        Assert.Equal(["", ""], Kinds("AQID", AttributeKind.Text, AttributeKind.Bytes));
        Assert.Equal(["", ""], Kinds("true", AttributeKind.Text, AttributeKind.Bool));
        Assert.Equal(["", ""], Kinds("NaN", AttributeKind.Text, AttributeKind.Double));
        Assert.Equal(["", "", ""], Kinds("", AttributeKind.Text, AttributeKind.Bytes, AttributeKind.Empty));

        IEnumerable<string> Kinds(string text, params AttributeKind[] kinds)
        {
            var found = _store.Find(new TraceFilter { Conditions = [TextOf(text)] }, CancellationToken.None)
                .Select(static trace => trace.Spans[0].Attributes[0].Value.Kind).ToHashSet();
            Assert.Equal(kinds.Length, found.Count);
            return kinds.Select(kind => found.Contains(kind) ? "" : $"{text} is not found as {kind}");
        }
    }

    [Fact]
    public void A_key_counts_in_the_scopes_where_it_stands_and_no_text_of_another_key_counts()
    {
        var wanted = Make.Text("key", "wanted");
        var other = Make.Text("other", "wanted");
        Append(Make.Span(1, 1) with { Attributes = [wanted] });
        Append(Make.Span(2, 1) with { Resource = Make.Service("web", wanted) });
        Append(Make.Span(3, 1) with { Scope = new SpanScope("lib", "1", [wanted], 0, "") });
        Append(Make.Span(4, 1) with { Events = [new SpanEvent(Make.TimeNs, "event", [other, wanted], 0)] });
        Append(Make.Span(5, 1) with
        {
            Events = [new SpanEvent(Make.TimeNs, "wanted", [Make.Text("key", "else")], 0)],
            Links = [new SpanLink(Make.Id(1), 1, "wanted", 1, [other], 0), new SpanLink(Make.Id(1), 1, "", 1, [wanted], 0)],
        });
        Append(Make.Span(6, 1) with { Attributes = [other, Make.Text("key", "else")], Name = "wanted", StatusMessage = "wanted" });

        // In one record, where only some of the spans have it.
        Append(Make.Span(7, 1, service: "wanted") with { Attributes = [other] }, Make.Span(8, 1) with { Attributes = [other, wanted] },
            Make.Span(9, 1) with { Resource = Make.Service("web", wanted) });
        for (var scopes = AttributeScopes.None; scopes <= AttributeScopes.All; scopes++)
        {
            foreach (var comparison in new[] { SpanOperator.Exists, SpanOperator.Equal, SpanOperator.TextEqual, SpanOperator.NotEqual })
            {
                Same(Of(SpanField.Attribute, comparison, AttributeValue.OfText("wanted")) with { Key = "key", Scopes = scopes });
            }
            SameFacts(long.MinValue, long.MaxValue, scopes, "key");
            SameFacts(long.MinValue, long.MaxValue, scopes, "nowhere");
        }
        Assert.Equal([4UL], Found(TextOf("wanted") with { Scopes = AttributeScopes.Event }));
        Assert.Equal([5UL], Found(TextOf("wanted") with { Scopes = AttributeScopes.Link }));
        Assert.Equal([1UL, 8], Found(TextOf("wanted") with { Scopes = AttributeScopes.Span }));
        Assert.Empty(Found(TextOf("nowhere") with { Scopes = AttributeScopes.All }));
    }

    [Fact]
    public void Of_a_record_that_lies_partly_in_the_time_range_only_the_spans_in_it_count()
    {
        Append([.. Enumerable.Range(0, 6).Select(static i => Make.Span((ulong)i + 1, 1, startNs: Make.TimeNs + i, service: $"s{i}", name: $"n{i}") with
        {
            Attributes = [Make.Text($"k{i}", "v"), Make.Text("key", $"v{i}"), new SpanAttribute("number", AttributeValue.OfInt(i))],
            Resource = Make.Service($"s{i}", Make.Text($"r{i}", "v"), Make.Text("key", $"w{i}")),
            Scope = new SpanScope("lib", "1", [Make.Text($"c{i}", "v")], 0, ""),
        })]);
        for (var from = -1; from <= 6; from++)
        {
            for (var to = from; to <= 7; to++)
            {
                var (startNs, endNs) = (Make.TimeNs + from, Make.TimeNs + to);
                foreach (var scopes in new[] { AttributeScopes.Span, AttributeScopes.SpanOrResource, AttributeScopes.Resource, AttributeScopes.Scope })
                {
                    SameFacts(startNs, endNs, scopes, "key");
                }
                Same(new TraceFilter { StartNs = startNs, EndNs = endNs });
                Same(new TraceFilter { StartNs = startNs, EndNs = endNs, Conditions = [Of(SpanField.Service, SpanOperator.Equal, AttributeValue.OfText("s3"))] });
            }
        }
        Assert.Equal(["s2", "s3"], _store.Services("", Make.TimeNs + 2, Make.TimeNs + 4));
        Assert.Equal(["c2", "c3"], _store.AttributeKeys("", AttributeScopes.Scope, Make.TimeNs + 2, Make.TimeNs + 4, 9));
    }

    [Fact]
    public void A_service_without_a_name_is_unknown_and_found_by_that()
    {
        Append(Make.Span(1, 1) with { Resource = SpanResource.None });
        Append(Make.Span(2, 1, service: ""));
        Append(Make.Span(3, 1) with { Resource = new SpanResource([new SpanAttribute("service.name", AttributeValue.OfInt(3))], 0, "") });
        Append(Make.Span(4, 1, service: SpanResource.UnknownService));
        Append(Make.Span(5, 1) with
        {
            Resource = new SpanResource([Make.Text("service.name", ""), Make.Text("service.name", "second")], 0, ""),
        });
        Append(Make.Span(6, 1) with { Resource = SpanResource.None, Attributes = [Make.Text("service.name", "web"), Make.Text("a", SpanResource.UnknownService)] });
        foreach (var name in new string[] { SpanResource.UnknownService, "", "second", "web", "3" })
        {
            foreach (var comparison in Enum.GetValues<SpanOperator>())
            {
                Same(Of(SpanField.Service, comparison, AttributeValue.OfText(name)) with { Pattern = GoRegex.Anchored("unknown.*") });
            }
            Assert.Equal(_model.Operations("", name, 0, long.MaxValue), _store.Operations("", name, 0, long.MaxValue));
        }
        Assert.Equal([1UL, 2, 3, 4, 6], Found(Of(SpanField.Service, SpanOperator.Equal, AttributeValue.OfText(SpanResource.UnknownService))));
        SameFacts(0, long.MaxValue, AttributeScopes.All, "service.name");
    }

    [Fact]
    public void Traces_are_given_by_start_and_then_by_id_also_where_many_begin_together()
    {
        foreach (var i in new ulong[] { 7, 3, 9, 1, 5, 2 })
        {
            Append(Make.Span(i, 1, startNs: Make.TimeNs + (long)(i % 2)));
        }
        Append(Make.Span(9, 2, startNs: long.MinValue + 5), Make.Span(4, 1, startNs: long.MaxValue - 5));
        var found = _store.Summaries(new TraceFilter(), CancellationToken.None).Select(static summary => summary.Id.Low);
        Assert.Equal([4UL, 1, 3, 5, 7, 2, 9], found);
        Same(new TraceFilter());
    }

    [Fact]
    public void Whatever_is_in_memory_answers_as_a_list_does() => Gen.Int[0, 1_000_000].Sample(seed =>
    {
        using var directory = new TemporaryDirectory();
        var random = new Random(seed);
        var some = new SomeSpans(random);
        var store = Make.Open(Make.Options(directory.Path));
        var model = new MemoryTraceStore();
        try
        {
            for (var i = 0; i < 12; i++)
            {
                var tenant = random.Next(5) == 0 ? "other" : "";
                var spans = Enumerable.Range(0, random.Next(1, 80)).Select(_ => some.Next(traces: 40, Make.TimeNs + (i * 10_000_000L))).ToList();
                store.Append(Make.Batch(tenant, spans));
                model.Append(Make.Batch(tenant, spans));
            }
            for (var i = 0; i < 60; i++)
            {
                var tenant = random.Next(4) == 0 ? "other" : "";
                Same(store, model, some.Filter(tenant, Make.TimeNs, Make.TimeNs + Make.SecondNs));
            }
        }
        finally
        {
            store.Close();
        }
    }, iter: 25, threads: 2);

    private static void Same(TraceStore store, MemoryTraceStore model, TraceFilter filter)
    {
        var expected = model.Summaries(filter, CancellationToken.None).Select(Make.Describe).ToArray();
        var actual = store.Summaries(filter, CancellationToken.None).Select(Make.Describe).ToArray();
        Assert.True(expected.SequenceEqual(actual), $"{string.Join(" & ", filter.Conditions)} {filter.NeedsAll} {filter.StartNs} {filter.EndNs}:\n"
            + $"{string.Join('\n', expected)}\nbut\n{string.Join('\n', actual)}");
    }

    private static SpanCondition Of(SpanField field, SpanOperator comparison, AttributeValue value) => new(field, comparison, value);

    private static SpanCondition TextOf(string text) => Of(SpanField.Attribute, SpanOperator.TextEqual, AttributeValue.OfText(text)) with { Key = "key" };

    private void Append(params Span[] spans)
    {
        _store.Append(Make.Batch("", spans));
        _model.Append(Make.Batch("", spans));
    }

    private IEnumerable<ulong> Found(SpanCondition condition) =>
        _store.Summaries(new TraceFilter { Conditions = [condition] }, CancellationToken.None).Select(static summary => summary.Id.Low);

    private void Same(TraceFilter filter) => Same(_store, _model, filter);

    /// <summary>Alone, and with a second condition that all or none satisfy.</summary>
    private void Same(SpanCondition condition)
    {
        var nobody = Of(SpanField.Service, SpanOperator.Equal, AttributeValue.OfText("nobody"));
        Same(new TraceFilter { Conditions = [condition] });
        Same(new TraceFilter { Conditions = [condition, nobody] });
        Same(new TraceFilter { Conditions = [nobody, condition], NeedsAll = false });
        foreach (var isAll in new[] { true, false })
        {
            Same(new TraceFilter { Conditions = [Of(SpanField.TraceDuration, SpanOperator.Greater, AttributeValue.OfInt(0)), condition], NeedsAll = isAll });
            Same(new TraceFilter { Conditions = [Of(SpanField.RootName, SpanOperator.Equal, AttributeValue.OfText("none")), condition], NeedsAll = isAll });
        }
    }

    private void SameFacts(long startNs, long endNs, AttributeScopes scopes, string key)
    {
        Assert.Equal(_model.Services("", startNs, endNs), _store.Services("", startNs, endNs));
        Assert.Equal(_model.Operations("", "s3", startNs, endNs), _store.Operations("", "s3", startNs, endNs));
        Assert.Equal(_model.AttributeKeys("", scopes, startNs, endNs, 99), _store.AttributeKeys("", scopes, startNs, endNs, 99));
        Assert.Equal(
            _model.AttributeValues("", scopes, key, startNs, endNs, 99).Select(Typed).Order(StringComparer.Ordinal),
            _store.AttributeValues("", scopes, key, startNs, endNs, 99).Select(Typed).Order(StringComparer.Ordinal));

        static string Typed(AttributeValue value) => $"{value.Kind}:{value}";
    }
}

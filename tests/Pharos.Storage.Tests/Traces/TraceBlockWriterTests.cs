using CsCheck;
using Pharos.Storage.Files;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Blocks;
using Pharos.Storage.Traces.Querying;
using Pharos.Storage.Traces.Records;

namespace Pharos.Storage.Tests.Traces;

/// <summary>Sealing goes from records to columns, merging from spans: what they write is the same.</summary>
public sealed class TraceBlockWriterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Records_make_the_block_that_their_spans_make() => Gen.Int.Sample(seed =>
    {
        var random = new Random(seed);
        var some = new SomeSpans(random);
        var traces = random.Next(1, 40);
        var spans = Enumerable.Range(0, random.Next(1, 400)).Select(_ => some.Next(traces, Make.TimeNs))
            .DistinctBy(static span => (span.TraceId, span.StartNs, span.SpanId)).ToList();

        // Of several clients: a trace is in several records, and its spans came in any order.
        var records = spans.Chunk(random.Next(1, 100)).Select(static chunk => RecordOf(chunk)).ToList();
        var places = records.SelectMany(static record => record.Spans.Select((_, span) => new RecordPlace(record, span)))
            .GroupBy(static place => place.TraceId).OrderBy(static trace => trace.Min(static place => place.StartNs)).ThenByDescending(static trace => trace.Key)
            .Select(static trace => trace.OrderBy(static place => place.StartNs).ThenBy(static place => place.SpanId).ToArray()).ToList();
        var byRecords = BytesOf(writer => places.ForEach(trace => writer.Add("", trace)));
        var bySpans = BytesOf(writer => places.ForEach(trace => writer.Add("", spans.Where(span => span.TraceId == trace[0].TraceId)
            .Order(Comparer<Span>.Create(SpanOrder.Compare)))));
        Assert.Equal(bySpans, byRecords);
    }, iter: 200, print: static seed => $"seed {seed}");

    [Fact]
    public void A_trace_of_more_spans_than_a_piece_takes_is_the_same_either_way()
    {
        var spans = Enumerable.Range(1, TraceBlockFormat.MaxPieceRows + 3)
            .Select(static id => Make.Span(1, (ulong)id, id == 1 ? 0UL : (ulong)id / 2, Make.TimeNs + id) with { Attributes = [Make.Text("key", $"{id % 7}")] }).ToList();
        var record = RecordOf(spans);
        var places = Enumerable.Range(0, spans.Count).Select(span => new RecordPlace(record, span)).ToArray();
        Assert.Equal(BytesOf(writer => writer.Add("", spans)), BytesOf(writer => writer.Add("", places)));
    }

    [Fact]
    public void Resources_and_scopes_that_are_alike_stand_once_in_a_record()
    {
        var spans = Enumerable.Range(1, 20).Select(static id => Make.Span(1, (ulong)id, service: id % 3 == 0 ? "cart" : "web") with
        {
            Scope = new SpanScope($"lib{id % 2}", "1", [Make.Text("key", "value")], 0, ""),
        }).ToList();
        var record = RecordOf(spans);

        // A batch begins each resource with a scope that has no name.
        Assert.Equal((2, 2 + 4), (record.Resources.Length, record.Scopes.Length));
        var decoder = new SpanRecordDecoder(record);
        Assert.Equal(spans.Select(Make.Describe), Enumerable.Range(0, spans.Count).Select(span => Make.Describe(decoder.Span(span))));
    }

    private static SpanRecord RecordOf(IEnumerable<Span> spans) =>
        SpanRecord.Parse(new SpanRecordWriter().Write(Make.Batch("", spans)), "a test", 0);

    private byte[] BytesOf(Action<TraceBlockWriter> add)
    {
        var path = Path.Combine(_directory.Path, Path.GetRandomFileName());
        using (var writer = new TraceBlockWriter(new DiskFileSystem(), path))
        {
            add(writer);
            writer.Finish(1);
        }
        return File.ReadAllBytes(path);
    }
}

using System.Diagnostics.Metrics;
using System.Text;
using Pharos.Collection.Receivers.Traces;
using Pharos.Collection.Receivers.Traces.Limits;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;
using Pharos.Storage.Traces.Memory;

namespace Pharos.Collection.Tests.Receivers.Traces;

public sealed class SpanIntakeTests : IDisposable
{
    private readonly Meter _meter = new("test");
    private readonly MemoryTraceStore _store = new();

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void A_span_within_its_limits_is_stored_as_it_is()
    {
        var batch = Some.Batch("web", Some.Span(1, 1, "GET /"));
        batch.AddAttribute("http.method"u8, AttributeKind.Text, "GET"u8);
        var outcome = Intake().Accept(batch);
        Assert.Equal(SpanIntakeOutcome.Taken, outcome);
        var span = Stored();
        Assert.Equal("GET /", span.Name);
        Assert.Equal([new SpanAttribute("http.method", AttributeValue.OfText("GET"))], span.Attributes);
    }

    [Fact]
    public void Attributes_events_and_links_beyond_the_limits_are_dropped_with_a_note()
    {
        var batch = Some.Batch("web", Some.Span(1, 1, "GET /") with { DroppedAttributes = 1 });
        for (var i = 0; i < 130; i++)
        {
            batch.AddAttribute($"key{i}", AttributeValue.OfInt(i));
        }
        for (var i = 0; i < 4; i++)
        {
            batch.BeginEvent(i, "event"u8);
            batch.BeginLink(new TraceId(0, 9), (ulong)i, ""u8, 0);
        }
        Assert.Equal(0, Intake(SpanLimits.Default with { Events = 3, Links = 1 }).Accept(batch).Rejected);
        var span = Stored();
        Assert.Equal(129, span.Attributes.Count);
        Assert.Equal(3u, span.DroppedAttributes);
        Assert.Equal((3, 1u), (span.Events.Count, span.DroppedEvents));
        Assert.Equal((1, 3u), (span.Links.Count, span.DroppedLinks));
        Assert.Equal(
            """["2 attributes beyond the limit of 128 dropped","1 events beyond the limit of 3 dropped","3 links beyond the limit of 1 dropped"]""",
            Warnings(span));
    }

    [Fact]
    public void A_value_is_cut_before_a_character_and_half_a_list_becomes_text()
    {
        var batch = Some.Batch("web", Some.Span(1, 1, new string('n', 70_000)));
        batch.AddAttribute("euros", AttributeValue.OfText(new string('€', 30_000)));
        batch.AddAttribute("list", AttributeValue.OfJson(AttributeKind.Array, $"[\"{new string('a', 70_000)}\"]"));
        batch.AddAttribute("bytes", AttributeValue.OfBytes(new byte[70_000]));
        Intake().Accept(batch);
        var span = Stored();
        Assert.Equal(65_536, span.Name.Length);
        Assert.Equal(new string('€', 21_845), span.Attributes[0].Value.Text);
        Assert.Equal((AttributeKind.Text, 65_536), (span.Attributes[1].Value.Kind, span.Attributes[1].Value.Text.Length));
        Assert.Equal(65_536, span.Attributes[2].Value.Bytes.Length);
        Assert.Equal("""["4 values cut at 65536 bytes"]""", Warnings(span));
    }

    [Fact]
    public void What_is_no_text_is_kept_as_bytes_under_a_name_that_says_so()
    {
        byte[] wrong = [.. "caf"u8, 0xE9];
        var batch = new SpanBatch();
        batch.BeginResource();
        batch.AddAttribute("service.name"u8, AttributeKind.Text, "web"u8);
        ref var row = ref batch.BeginSpan();
        (row.TraceId, row.SpanId, row.Name) = (new TraceId(0, 1), 1, batch.Keep(wrong));
        batch.AddAttribute("value"u8, AttributeKind.Text, wrong);
        batch.AddAttribute(wrong, 42L);
        batch.AddAttribute("fine"u8, AttributeKind.Text, "café"u8);
        Intake().Accept(batch);
        var span = Stored();
        Assert.Equal("invalid-span-name", span.Name);
        Assert.Equal(
            [
                new SpanAttribute("value", AttributeValue.OfBytes(wrong)),
                new SpanAttribute("invalid-tag-key-1", AttributeValue.OfBytes([.. wrong, .. ":42"u8])),
                new SpanAttribute("fine", AttributeValue.OfText("café")),
                new SpanAttribute("invalid-span-name", AttributeValue.OfBytes(wrong)),
            ],
            span.Attributes);
    }

    [Fact]
    public void Names_and_durations_that_make_no_sense_are_put_right()
    {
        Intake().Accept(Some.Batch("", Some.Span(1, 1, "") with { StartNs = 1_000_000_000, EndNs = 0 }));
        var span = Stored();
        Assert.Equal("empty-service-name", span.Resource.ServiceName);
        Assert.Equal("empty-span-name", span.Name);
        Assert.Equal(1_000_000_000, span.EndNs);
        Assert.Contains("Negative duration detected", Warnings(span), StringComparison.Ordinal);
    }

    [Fact]
    public void Under_pressure_services_that_are_known_go_on()
    {
        var pressed = false;
        var intake = new SpanIntake(_store, meter: _meter) { MayCreateServices = () => !pressed };
        Assert.Equal(SpanIntakeOutcome.Taken, intake.Accept(Some.Batch("web", Some.Span(1, 1, "a"))));
        pressed = true;
        Assert.Equal(SpanIntakeOutcome.Taken, intake.Accept(Some.Batch("web", Some.Span(1, 2, "b"))));
        var refused = intake.Accept(Some.Batch("orders", Some.Span(1, 3, "c")));
        Assert.True(refused.Retry);
        var mixed = Some.Batch("orders", Some.Span(1, 4, "d"));
        Some.Add(mixed, "web", Some.Span(1, 5, "e"));
        var outcome = intake.Accept(mixed);
        Assert.Equal((1L, false), (outcome.Rejected, outcome.Retry));
        Assert.Equal(["a", "b", "e"], _store.Get("", new TraceId(0, 1))!.Spans.Select(span => span.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Spans_beyond_a_batchs_limit_are_refused_and_the_others_taken()
    {
        var outcome = Intake(SpanLimits.Default with { BatchSpans = 2 }).Accept(
            Some.Batch("web", Some.Span(1, 1, "a"), Some.Span(1, 2, "b"), Some.Span(1, 3, "c")));
        Assert.Equal((1L, false), (outcome.Rejected, outcome.Retry));
        Assert.Equal(2, _store.Get("", new TraceId(0, 1))!.Spans.Count);
    }

    [Fact]
    public void Counts_go_by_protocol()
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter == _meter)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var key = $"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}";
            counts[key] = counts.GetValueOrDefault(key) + value;
        });
        listener.Start();
        var intake = Intake(SpanLimits.Default with { BatchSpans = 2 });
        intake.Accept(Some.Batch("web", Some.Span(1, 1, "a"), Some.Span(1, 2, "b"), Some.Span(1, 3, "c")), SpanProtocol.OtlpGrpc);
        intake.Accept(Some.Batch("web", Some.Span(1, 4, "a")), SpanProtocol.JaegerUdp);
        Assert.Equal(2, counts["otelcol_receiver_accepted_spans_total otlp grpc"]);
        Assert.Equal(1, counts["otelcol_receiver_refused_spans_total otlp grpc"]);
        Assert.Equal(3, counts["jaeger_collector_spans_received_total otlp grpc"]);
        Assert.Equal(1, counts["jaeger_collector_spans_rejected_total otlp grpc"]);
        Assert.Equal(1, counts["otelcol_receiver_accepted_spans_total jaeger udp"]);
    }

    private SpanIntake Intake(SpanLimits? limits = null) => new(_store, limits, _meter);

    private Span Stored() => _store.Get("", new TraceId(0, 1))!.Spans.Single();

    private static string Warnings(Span span) => span.Attributes.Single(attribute => attribute.Key == SpanWarnings.Key).Value.Text;
}

using System.Diagnostics.Metrics;
using Pharos.Collection.Receivers.RemoteWrite;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Collection.Tests.Protobuf;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Snappier;

namespace Pharos.Collection.Tests.Receivers;

public sealed class RemoteWriteReceiverTests : IDisposable
{
    private readonly Meter _meter = new("test");
    private readonly FakeMetricStore _store = new();
    private readonly RemoteWriteReceiver _receiver;

    public RemoteWriteReceiverTests() => _receiver = new RemoteWriteReceiver(_store, new FakeTimeProvider(ScrapeStage.Start), _meter);

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void Version_1_carries_samples_histograms_exemplars_markers_and_metadata()
    {
        var request = new ProtoMessage()
            .Message(1, SeriesV1("a").Message(2, Sample(1, 10)).Message(2, Sample(StaleMarker.Value, 20)))
            .Message(1, SeriesV1("a").Message(3, new ProtoMessage().Label(1, "trace_id", "t").Double(2, 0.5).Varint(3, 15L)))
            .Message(1, SeriesV1("h").Message(4, IntegerHistogram(10)).Message(4, new ProtoMessage().Double(3, StaleMarker.Value).Varint(15, 20L)))
            .Message(1, SeriesV1("f").Message(4, FloatHistogram(10)))
            .Message(1, SeriesV1("c").Message(4, CustomHistogram(10)))
            .Message(3, new ProtoMessage().Varint(1, 1L).Text(2, "a").Text(4, "All.").Text(5, "s"));
        var outcome = Receive(request, RemoteWriteMessage.V1);

        Assert.Equal(new RemoteWriteOutcome(false, 2, 4, 1, 0, ""), outcome);
        Assert.Equal("1 stale", _store.Values("""a{job="j"}"""));
        Assert.Equal(new Exemplar(LabelSet.From([("trace_id", "t")]), 0.5, 15), Assert.Single(_store.ExemplarsOf("""a{job="j"}""")));
        Assert.Equal("schema=1 count=4 sum=3 zero=1@0.001 +1:1 +3:2|stale", _store.Histograms("""h{job="j"}"""));
        Assert.Equal("schema=0 count=2.5 sum=4 +1:2.5 float Gauge", _store.Histograms("""f{job="j"}"""));
        Assert.Equal("schema=-53 count=3 sum=5 +0:1 +1:2 bounds=1", _store.Histograms("""c{job="j"}"""));
        Assert.Equal(new MetricMetadata("counter", "All.", "s"), _store.Metadata["a"]);
    }

    [Fact]
    public void In_version_1_a_series_without_a_name_is_passed_over_and_what_is_out_of_order_is_told()
    {
        Receive(new ProtoMessage().Message(1, SeriesV1("a").Message(2, Sample(1, 10))), RemoteWriteMessage.V1);
        var request = new ProtoMessage()
            .Message(1, new ProtoMessage().Label(1, "job", "j").Message(2, Sample(1, 10)))
            .Message(1, SeriesV1("b").Message(1, new ProtoMessage().Text(1, "x").Bytes(2, [0xff])).Message(2, Sample(1, 10)))
            .Message(1, SeriesV1("a").Message(2, Sample(2, 5)).Message(2, Sample(3, 30)));
        var outcome = Receive(request, RemoteWriteMessage.V1);

        Assert.Equal("out of order sample for series {__name__=\"a\", job=\"j\"}", outcome.Reason);
        Assert.Equal((1, 3), (outcome.Samples, outcome.Refused));
        Assert.Equal("1 3", _store.Values("""a{job="j"}"""));
    }

    [Fact]
    public async Task A_new_series_that_is_refused_for_a_time_makes_the_sender_come_again()
    {
        await using var store = MetricStore.OpenInMemory(_meter);
        var receiver = new RemoteWriteReceiver(store, new FakeTimeProvider(ScrapeStage.Start), _meter);
        var known = new ProtoMessage().Message(1, SeriesV1("a").Message(2, Sample(1, 10)));
        Assert.False(receiver.Receive(known.ToArray(), RemoteWriteMessage.V1).IsOverloaded);
        store.MayCreateSeries = static () => false;
        var both = new ProtoMessage().Message(1, SeriesV1("a").Message(2, Sample(1, 20))).Message(1, SeriesV1("b").Message(2, Sample(1, 20)));
        var outcome = receiver.Receive(both.ToArray(), RemoteWriteMessage.V1);
        Assert.Equal((true, 1, 1), (outcome.IsOverloaded, outcome.Samples, outcome.Refused));
        Assert.Equal("new series refused, the server is overloaded for series {__name__=\"b\", job=\"j\"}", outcome.Reason);
    }

    [Fact]
    public void A_series_that_came_before_is_told_of_as_when_it_came_first()
    {
        foreach (var (value, time) in new[] { (1, 10L), (2, 20L), (3, 30L) })
        {
            Assert.Equal(
                new RemoteWriteOutcome(false, 1, 0, 0, 0, ""),
                Receive(new ProtoMessage().Message(1, SeriesV1("a").Message(2, Sample(value, time))), RemoteWriteMessage.V1));
        }
        var outcome = Receive(
            new ProtoMessage().Message(1, SeriesV1("a").Message(2, Sample(9, 25)).Message(2, Sample(8, 26)).Message(2, Sample(4, 40))),
            RemoteWriteMessage.V1);

        const string Refused = "out of order sample for series {__name__=\"a\", job=\"j\"}";
        Assert.Equal(new RemoteWriteOutcome(false, 1, 0, 0, 2, $"{Refused}\n{Refused}"), outcome);
        Assert.Equal("1 2 3 4", _store.Values("""a{job="j"}"""));
        Assert.Equal(1, _store.LookUps);
    }

    [Fact]
    public void A_series_that_left_the_store_is_made_anew_when_it_comes_again()
    {
        Receive(new ProtoMessage().Message(1, SeriesV1("a").Message(2, Sample(1, 10))), RemoteWriteMessage.V1);
        _store.ForgetSeries();
        var outcome = Receive(new ProtoMessage().Message(1, SeriesV1("a").Message(2, Sample(2, 20)).Message(2, Sample(3, 30))), RemoteWriteMessage.V1);
        Assert.Equal(new RemoteWriteOutcome(false, 2, 0, 0, 0, ""), outcome);
        Assert.Equal("1 2 3", _store.Values("""a{job="j"}"""));
    }

    [Fact]
    public void Version_2_carries_everything_by_symbols()
    {
        var request = Symbols("", "__name__", "h_count", "job", "j", "Help.", "s", "trace_id", "t", "h")
            .Message(5, new ProtoMessage().PackedNumbers(1, 1, 2, 3, 4).Message(2, Sample(7, 10).Varint(3, 4L)).Message(2, Sample(8, 20))
                .Message(4, new ProtoMessage().PackedNumbers(1, 7, 8).Double(2, 0.5).Varint(3, 15L))
                .Message(5, new ProtoMessage().Varint(1, 3L).Varint(3, 5L).Varint(4, 6L)).Varint(6, 2L))
            .Message(5, new ProtoMessage().Varint(1, 1L).Varint(1, 9L).Message(3, CustomHistogram(10).Varint(17, 3L)));
        var outcome = Receive(request, RemoteWriteMessage.V2);

        Assert.Equal(new RemoteWriteOutcome(false, 2, 1, 1, 0, ""), outcome);
        Assert.Equal("7 8", _store.Values("""h_count{job="j"}"""));
        Assert.Equal([4, 2], _store.StartsOf("""h_count{job="j"}"""));
        Assert.Equal("schema=-53 count=3 sum=5 +0:1 +1:2 bounds=1", _store.Histograms("h"));
        Assert.Equal([3], _store.StartsOf("h"));
        Assert.Equal("t", Assert.Single(_store.ExemplarsOf("""h_count{job="j"}""")).Labels["trace_id"]);
        Assert.Equal(new MetricMetadata("histogram", "Help.", "s"), _store.Metadata["h"]);
    }

    [Fact]
    public void A_series_of_version_2_that_came_before_is_known_whatever_its_symbols_numbers_are()
    {
        for (var round = 0; round < 4; round++)
        {
            string[] others = [.. Enumerable.Range(0, round * 50).Select(static i => $"s{i}")];
            var first = 1U + (uint)others.Length;
            var request = Symbols(["", .. others, "__name__", "a", "job", "j"]).Message(5, new ProtoMessage()
                .PackedNumbers(1, first, first + 1, first + 2, first + 3).Message(2, Sample(round, 10 * (round + 1))).Message(5, new ProtoMessage()));
            Assert.Equal(new RemoteWriteOutcome(false, 1, 0, 0, 0, ""), Receive(request, RemoteWriteMessage.V2));
        }
        Assert.Equal("0 1 2 3", _store.Values("""a{job="j"}"""));
        Assert.Equal(1, _store.LookUps);
        Assert.Equal("unknown", _store.Metadata["a"].Type);
    }

    [Fact]
    public void The_newest_metadata_counts_also_where_it_came_before()
    {
        foreach (var (help, time) in new[] { (3L, 10L), (4L, 20L), (3L, 30L) })
        {
            Receive(
                Symbols("", "__name__", "a", "First.", "Second.").Message(5, new ProtoMessage().PackedNumbers(1, 1, 2).Message(2, Sample(1, time))
                    .Message(5, new ProtoMessage().Varint(1, 1L).Varint(3, help))),
                RemoteWriteMessage.V2);
            Assert.Equal(help == 3 ? "First." : "Second.", _store.Metadata["a"].Help);
        }
    }

    /// <summary>Against a receiver that never saw anything before.</summary>
    [Fact]
    public void In_version_2_what_is_known_is_stored_and_told_as_what_is_new()
    {
        var random = new Random(5);
        var fresh = new FakeMetricStore();
        for (var round = 0; round < 300; round++)
        {
            var request = Symbols("", "__name__", "a", "b", "job", "j", "k", "Help.", "s");
            for (var count = random.Next(6); count > 0; count--)
            {
                uint[] references = random.Next(8) switch
                {
                    0 => [1, 2],
                    1 => [1, 3],
                    2 => [1, 2, 4, 5],
                    3 => [4, 5, 1, 2],
                    4 => [1, 3, 4, 6],
                    5 => [4, 6],
                    6 => [1, 2, 4, 0],
                    _ => [1, 2, 4, (uint)random.Next(5, 11)],
                };
                var series = new ProtoMessage().PackedNumbers(1, references);
                for (var samples = random.Next(4); samples > 0; samples--)
                {
                    var sample = Sample(random.Next(3), (10 * round) + random.Next(-10, 20));
                    series.Message(2, random.Next(30) == 0 ? sample.Varint(3, 1L) : sample);
                }
                if (random.Next(10) == 0)
                {
                    series.Message(4, new ProtoMessage().PackedNumbers(1, 7, 8).Double(2, 0.5).Varint(3, (long)round));
                }
                if (random.Next(2) == 0)
                {
                    series.Message(5, new ProtoMessage().Varint(1, (long)random.Next(3)).Varint(3, (long)random.Next(7, random.Next(10) == 0 ? 12 : 9)));
                }
                request.Message(5, random.Next(20) == 0 ? series.Varint(6, 3L) : series);
            }
            var other = new RemoteWriteReceiver(fresh, new FakeTimeProvider(ScrapeStage.Start), _meter);
            var expected = other.Receive(request.ToArray(), RemoteWriteMessage.V2);

            Assert.Equal(expected, Receive(request, RemoteWriteMessage.V2));
        }
        foreach (var labels in new[] { "a", "b", """a{job="j"}""", """b{job="k"}""", """a{job="k"}""", """a{job="Help."}""", """a{job="s"}""" })
        {
            Assert.Equal(fresh.Values(labels), _store.Values(labels));
        }
        Assert.Equal(fresh.Metadata, _store.Metadata);
        Assert.True(_store.LookUps * 2 < fresh.LookUps, $"{_store.LookUps} and {fresh.LookUps} look-ups");
    }

    [Fact]
    public void Type_and_unit_of_version_2_become_labels_where_the_feature_is_on()
    {
        var request = Symbols("", "__name__", "c_total", "s").Message(5, new ProtoMessage().PackedNumbers(1, 1, 2).Message(2, Sample(1, 10))
            .Message(5, new ProtoMessage().Varint(1, 1L).Varint(4, 3L)));
        var receiver = new RemoteWriteReceiver(_store, new FakeTimeProvider(ScrapeStage.Start), _meter) { TypeAndUnitLabels = true };
        receiver.Receive(request.ToArray(), RemoteWriteMessage.V2);
        Assert.Equal("1", _store.Values("""c_total{__type__="counter", __unit__="s"}"""));
        Assert.Equal(new MetricMetadata("counter", "", "s"), _store.Metadata["c_total"]);
    }

    [Fact]
    public void Version_2_stores_what_is_good_and_tells_all_that_is_not()
    {
        var now = ScrapeStage.Start.ToUnixTimeMilliseconds();
        Receive(new ProtoMessage().Message(1, new ProtoMessage().Label(1, "__name__", "a").Message(2, Sample(0, 5))), RemoteWriteMessage.V1);
        var request = Symbols("", "__name__", "a", "job", "j")
            .Message(5, new ProtoMessage().PackedNumbers(1, 1, 2).Message(2, Sample(1, 10)).Message(2, Sample(2, now + 601_000))
                .Message(2, Sample(2, 10)).Message(2, Sample(2, 4))
                .Message(4, new ProtoMessage().PackedNumbers(1, 3, 9).Varint(3, 10L)).Message(4, new ProtoMessage().Varint(3, 10L)))
            .Message(5, new ProtoMessage().PackedNumbers(1, 3, 4).Message(2, Sample(1, 10)))
            .Message(5, new ProtoMessage().PackedNumbers(1, 1, 2, 3, 4, 3, 4).Message(2, Sample(1, 10)))
            .Message(5, new ProtoMessage().PackedNumbers(1, 1, 99).Message(2, Sample(1, 10)))
            .Message(5, new ProtoMessage().PackedNumbers(1, 1, 2, 3).Message(2, Sample(1, 10)))
            .Message(5, new ProtoMessage().PackedNumbers(1, 1, 2))
            .Message(5, new ProtoMessage().PackedNumbers(1, 1, 0).Message(2, Sample(1, 10)))
            .Message(5, new ProtoMessage().PackedNumbers(1, 1, 4).Message(2, Sample(1, 10)).Message(5, new ProtoMessage().Varint(3, 77L)))
            .Message(5, new ProtoMessage().PackedNumbers(1, 1, 4).Message(3, new ProtoMessage().Varint(1, 9L).Varint(15, 10L)));
        var outcome = Receive(request, RemoteWriteMessage.V2);

        Assert.Equal((1, 0, 1), (outcome.Samples, outcome.Histograms, outcome.Exemplars));
        Assert.Equal(
        [
            "out of bounds: timestamp is too far in the future for series {__name__=\"a\"}",
            "duplicate sample for timestamp for series {__name__=\"a\"}",
            "out of order sample for series {__name__=\"a\"}",
            "parsing exemplar for series {__name__=\"a\"}: labelRefs 3 (name) = 9 (value) outside of symbols table (size 5)",
            "invalid metric name or labels, got {job=\"j\"}",
            "invalid labels for series, labels {__name__=\"a\", job=\"j\", job=\"j\"}, duplicated label job",
            "parsing labels for series [1 99]: labelRefs 1 (name) = 99 (value) outside of symbols table (size 5)",
            "parsing labels for series [1 2 3]: invalid labelRefs length 3",
            "TimeSeries must contain at least one sample or histogram for series {__name__=\"a\"}",
            "invalid metric name or labels, got {__name__=\"\"}",
            "parsing metadata for series [1 4]: help reference 77 outside of symbols table (size 5)",
            "0 observations found in buckets, but the Count field is 9: histogram's observation count should equal the number of "
                + "observations found in the buckets (in absence of NaN) for series {__name__=\"j\"}",
        ], outcome.Reason.Split('\n'));
        Assert.Equal("0 1", _store.Values("a"));
    }

    [Fact]
    public void Labels_that_are_no_set_are_told_as_they_were_sent()
    {
        var request = Symbols("", "__name__", "a", "x", "y").Bytes(4, [0x66, 0xff])
            .Message(5, new ProtoMessage().PackedNumbers(1, 3, 0, 1, 2, 3, 4).Message(2, Sample(1, 10)))
            .Message(5, new ProtoMessage().PackedNumbers(1, 3, 5, 1, 2).Message(2, Sample(1, 10)))
            .Message(5, new ProtoMessage().PackedNumbers(1, 1, 2, 0, 4).Message(2, Sample(1, 10)))
            .Message(5, new ProtoMessage().PackedNumbers(1, 4, 0, 3, 4, 1, 2).Message(2, Sample(1, 10)).Message(2, Sample(1, 10)));
        Assert.Equal(
        [
            "invalid labels for series, labels {__name__=\"a\", x=\"\", x=\"y\"}, duplicated label x",
            "invalid metric name or labels, got {__name__=\"a\", x=\"f\\xff\"}",
            "invalid metric name or labels, got {\"\"=\"y\", __name__=\"a\"}",
            "duplicate sample for timestamp for series {__name__=\"a\", x=\"y\", y=\"\"}",
        ], Receive(request, RemoteWriteMessage.V2).Reason.Split('\n'));
        Assert.Equal("1", _store.Values("""a{x="y"}"""));
    }

    [Fact]
    public void A_series_of_version_2_may_carry_both_kinds()
    {
        var request = Symbols("", "__name__", "a")
            .Message(5, new ProtoMessage().PackedNumbers(1, 1, 2).Message(2, Sample(1, 10)).Message(3, FloatHistogram(20)));
        Assert.Equal(new RemoteWriteOutcome(false, 1, 1, 0, 0, ""), Receive(request, RemoteWriteMessage.V2));
    }

    [Fact]
    public void An_exemplar_finds_the_series_that_an_earlier_request_brought()
    {
        Receive(new ProtoMessage().Message(1, SeriesV1("a").Message(2, Sample(1, 10))), RemoteWriteMessage.V1);
        var exemplar = new ProtoMessage().Label(1, "trace_id", "t").Double(2, 0.5).Varint(3, 15L);
        var request = new ProtoMessage().Message(1, SeriesV1("a").Message(3, exemplar)).Message(1, SeriesV1("unknown").Message(3, exemplar));
        Assert.Equal(new RemoteWriteOutcome(false, 0, 0, 1, 0, ""), Receive(request, RemoteWriteMessage.V1));
        Assert.Single(_store.ExemplarsOf("""a{job="j"}"""));
    }

    [Fact]
    public void Metadata_that_is_no_text_costs_no_sample()
    {
        var request = new ProtoMessage().Message(3, new ProtoMessage().Varint(1, 1L).Text(2, "a").Bytes(4, [0xff]))
            .Message(1, SeriesV1("a").Message(2, Sample(1, 10)));
        Assert.Equal(1, Receive(request, RemoteWriteMessage.V1).Samples);
        Assert.Empty(_store.Metadata);
    }

    [Fact]
    public void The_number_of_reasons_is_bounded()
    {
        var request = Symbols("");
        for (var i = 0; i < 1000; i++)
        {
            request.Message(5, new ProtoMessage());
        }
        Assert.Equal(21, Receive(request, RemoteWriteMessage.V2).Reason.Split('\n').Length);
    }

    [Theory]
    [InlineData(null, RemoteWriteMessage.V1, null)]
    [InlineData("application/x-protobuf", RemoteWriteMessage.V1, null)]
    [InlineData("application/x-protobuf;proto=prometheus.WriteRequest", RemoteWriteMessage.V1, null)]
    [InlineData("application/x-protobuf; proto=io.prometheus.write.v2.Request", RemoteWriteMessage.V2, null)]
    [InlineData("text/plain", null, "expected application/x-protobuf as the first (media) part, got text/plain content-type")]
    [InlineData("application/x-protobuf;proto=x", null, "got application/x-protobuf;proto=x content type; unknown type for remote write "
        + "protobuf message x, supported: prometheus.WriteRequest, io.prometheus.write.v2.Request")]
    [InlineData("application/x-protobuf;a", null, "as per https://www.rfc-editor.org/rfc/rfc9110#parameter expected parameters to be "
        + "key-values, got a in application/x-protobuf;a content-type")]
    public void The_content_type_names_the_message(string? header, RemoteWriteMessage? message, string? fault)
    {
        Assert.Equal(message, RemoteWriteContentType.Read(header, out var found));
        Assert.Equal(fault, found);
    }

    [Theory]
    [InlineData(RemoteWriteMessage.V1)]
    [InlineData(RemoteWriteMessage.V2)]
    public void A_message_that_is_no_request_stores_nothing(RemoteWriteMessage message)
    {
        Assert.True(_receiver.Receive([0x0a, 0x7f], message).Malformed);
        Assert.Equal(0, _store.Commits);
    }

    [Fact]
    public void A_body_is_unpacked_within_bounds()
    {
        using var unpacked = RemoteWriteReceiver.Unpack(Snappy.CompressToArray([1, 2, 3]), out _);
        Assert.Equal([1, 2, 3], unpacked!.Span.ToArray());
        Assert.Null(RemoteWriteReceiver.Unpack([], out var empty));
        Assert.Null(RemoteWriteReceiver.Unpack([0xff, 1, 2], out var corrupt));
        // A length of two gigabytes in front of nothing.
        Assert.Null(RemoteWriteReceiver.Unpack([0xff, 0xff, 0xff, 0xff, 0x07], out var huge));
        // Of 16 MB in front of nothing, no 16 MB are made.
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(RemoteWriteReceiver.Unpack([0x80, 0x80, 0x80, 0x08, 0, 0], out _));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
        Assert.Equal(
            ("snappy: corrupt input", "snappy: corrupt input", "decoded size exceeds the 33554432 bytes limit"), (empty, corrupt, huge));
    }

    private RemoteWriteOutcome Receive(ProtoMessage request, RemoteWriteMessage message) =>
        _receiver.Receive(request.ToArray(), message);

    private static ProtoMessage Symbols(params string[] symbols)
    {
        var request = new ProtoMessage();
        foreach (var symbol in symbols)
        {
            request.Text(4, symbol);
        }
        return request;
    }

    private static ProtoMessage SeriesV1(string name) => new ProtoMessage().Label(1, "__name__", name).Label(1, "job", "j");

    private static ProtoMessage Sample(double value, long timestampMs) => new ProtoMessage().Double(1, value).Varint(2, timestampMs);

    private static ProtoMessage IntegerHistogram(long timestampMs) => new ProtoMessage().Varint(1, 4L).Double(3, 3).Signed(4, 1)
        .Double(5, 0.001).Varint(6, 1L).Span(11, 1, 1).Span(11, 1, 1).PackedSigned(12, 1, 1).Varint(15, timestampMs);

    private static ProtoMessage FloatHistogram(long timestampMs) => new ProtoMessage().Double(2, 2.5).Double(3, 4)
        .Span(11, 1, 1).PackedDoubles(13, 2.5).Varint(14, 3L).Varint(15, timestampMs);

    private static ProtoMessage CustomHistogram(long timestampMs) => new ProtoMessage().Varint(1, 3L).Double(3, 5).Signed(4, -53)
        .Span(11, 0, 2).PackedSigned(12, 1, 1).PackedDoubles(16, 1).Varint(15, timestampMs);
}

using CsCheck;
using Pharos.Collection.Exposition;
using Pharos.Collection.Exposition.Families;
using Pharos.Collection.Tests.Protobuf;

namespace Pharos.Collection.Tests.Exposition;

public sealed class MetricFamilyParserTests
{
    private static readonly HistogramReading Native = new(Native: true, AlwaysClassic: false, ConvertClassic: false, StartTimes: false);

    private static readonly HistogramReading Classic = new(Native: false, AlwaysClassic: false, ConvertClassic: false, StartTimes: false);

    [Fact]
    public void Counters_gauges_and_untyped_metrics_are_read()
    {
        byte[] body =
        [
            .. Family("c_total", 0, Metric().Label(1, "a", "b").Message(3, new ProtoMessage().Double(1, 7)
                .Message(2, Exemplar("t", 0.5, 3)).Message(3, Timestamp(5)))).Delimited(),
            .. Family("g", 1, Metric().Message(2, new ProtoMessage().Double(1, -1.5)).Varint(6, 1234L)).Delimited(),
            .. Family("u", 3, Metric().Message(5, new ProtoMessage().Double(1, 2)), Metric().Label(1, "x", "")).Delimited(),
            .. Family("empty", 1).Delimited(),
        ];
        Assert.Equal(
        [
            "HELP c_total Help of c_total", "TYPE c_total counter", "c_total{a=\"b\"} 7 since 5000 # {t=\"0.5\"} 0.5 3000",
            "HELP g Help of g", "TYPE g gauge", "g -1.5 @1234",
            "HELP u Help of u", "TYPE u unknown", "u 2", "u 0",
        ], Read(body, Classic));
    }

    [Fact]
    public void A_summary_and_a_classic_histogram_are_the_series_of_the_text_formats()
    {
        byte[] body =
        [
            .. Family("s", 2, Metric().Message(4, new ProtoMessage().Varint(1, 3L).Double(2, 1.5)
                .Message(3, new ProtoMessage().Double(1, 0.5).Double(2, double.NaN))
                .Message(3, new ProtoMessage().Double(1, 1).Double(2, 9)))).Delimited(),
            .. Family("h", 4, Metric().Message(7, ClassicBuckets())).Delimited(),
        ];
        Assert.Equal(
        [
            "HELP s Help of s", "TYPE s summary", "s_count 3", "s_sum 1.5", "s{quantile=\"0.5\"} NaN", "s{quantile=\"1.0\"} 9",
            "HELP h Help of h", "TYPE h histogram", "h_count 4", "h_sum 2.5", "h_bucket{le=\"0.5\"} 1",
            "h_bucket{le=\"1.0\"} 3 # {t=\"0.7\"} 0.7 9000", "h_bucket{le=\"+Inf\"} 4",
        ], Read(body, Native));
    }

    [Fact]
    public void A_native_histogram_is_read_with_its_exemplars_and_without_empty_buckets()
    {
        var histogram = NativeBuckets().Message(16, Exemplar("n", 1, 4)).Message(15, Timestamp(6));
        Assert.Equal(
            ["h {schema=3 count=8 sum=10 zero=1@0.01 +2:2 +5:4 --1:1} since 6000 # {n=\"1\"} 1 4000"],
            Read(Family("h", 4, Metric().Message(7, histogram)).Delimited(), Native)[2..]);
    }

    [Fact]
    public void A_float_histogram_and_a_gauge_histogram_are_told_apart()
    {
        var histogram = new ProtoMessage().Double(4, 2.5).Double(2, 4).Signed(5, 0).Span(12, 1, 2).Double(14, 1).Double(14, 1.5);
        Assert.Equal(["h {schema=0 count=2.5 sum=4 +1:1 +2:1.5 float Gauge}"],
            Read(Family("h", 5, Metric().Message(7, histogram)).Delimited(), Native)[2..]);
    }

    [Theory]
    [InlineData(true, false, false, "h {3}")]
    [InlineData(true, true, false, "h {3}|h_count|h_sum|h_bucket|h_bucket|h_bucket")]
    [InlineData(false, false, false, "h_count|h_sum|h_bucket|h_bucket|h_bucket")]
    [InlineData(false, false, true, "h {-53}")]
    [InlineData(false, true, true, "h {-53}|h_count|h_sum|h_bucket|h_bucket|h_bucket")]
    [InlineData(true, true, true, "h {3}|h_count|h_sum|h_bucket|h_bucket|h_bucket")]
    public void What_is_read_of_a_histogram_in_both_forms_is_a_matter_of_options(
        bool native, bool classic, bool convert, string entries)
    {
        var both = new ProtoMessage();
        var body = Family("h", 4, Metric().Message(7, ClassicBuckets(NativeBuckets(count: 4, fields: both)))).Delimited();
        var lines = Read(body, new HistogramReading(native, classic, convert, StartTimes: false))[2..];
        Assert.Equal(entries, string.Join('|', lines.Select(line => line.Contains("{schema", StringComparison.Ordinal)
            ? $"h {{{line.Split("schema=")[1].Split(' ')[0]}}}" : line.Split('{', ' ')[0])));
    }

    [Fact]
    public void A_native_histogram_takes_the_exemplars_of_its_buckets_where_it_has_none()
    {
        var body = Family("h", 4, Metric().Message(7, ClassicBuckets(NativeBuckets(count: 4)))).Delimited();
        Assert.EndsWith(" # {t=\"0.7\"} 0.7 9000", Read(body, Native)[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Resolutions_that_are_too_fine_are_reduced()
    {
        var histogram = new ProtoMessage().Varint(1, 3L).Double(2, 4).Signed(5, 10).Span(12, 1, 2).PackedSigned(13, 1, 1);
        Assert.Equal(["h {schema=8 count=3 sum=4 +1:3}"], Read(Family("h", 4, Metric().Message(7, histogram)).Delimited(), Native)[2..]);
    }

    [Theory]
    [InlineData(3, 2, "positive side: spans need 3 buckets, have 2 buckets: histogram spans specify different number of buckets than provided")]
    [InlineData(2, 9, "3 observations found in buckets, but the Count field is 9")]
    public void A_native_histogram_that_contradicts_itself_fails(uint length, long count, string fault)
    {
        var histogram = new ProtoMessage().Varint(1, count).Signed(5, 0).Span(12, 1, length).PackedSigned(13, 1, 1);
        var exposed = Exposed.Read(
            Family("h", 4, Metric().Message(7, histogram)).Delimited(), ExpositionFormat.PrometheusProto, Native);
        Assert.Contains(fault, exposed.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_read_behind_the_infinite_bucket()
    {
        var histogram = new ProtoMessage().Varint(1, 3L);
        foreach (var bound in new[] { 1, double.PositiveInfinity, 7 })
        {
            histogram.Message(3, new ProtoMessage().Varint(1, 2L).Double(2, bound));
        }
        Assert.Equal(["h_count 3", "h_sum 0", "h_bucket{le=\"1.0\"} 2", "h_bucket{le=\"+Inf\"} 2"],
            Read(Family("h", 4, Metric().Message(7, histogram)).Delimited(), default)[2..]);
    }

    [Fact]
    public void Bad_names_units_types_and_labels_fail()
    {
        var one = Metric().Message(2, new ProtoMessage().Double(1, 1));
        Assert.Equal("invalid metric name: ", Fault(Family("", 1, one)));
        Assert.Equal("unknown metric type for metric \"g\": 9", Fault(Family("g", 9, one)));
        Assert.Equal("unit \"s\" not a suffix of metric \"g\"", Fault(Family("g", 1, one).Text(5, "s")));
        Assert.Equal("unit \"s\" not a suffix of counter \"g_total\"", Fault(Family("g_total", 0, one).Text(5, "s")));
        Assert.Null(Fault(Family("g_s_total", 0, one).Text(5, "s")));
        Assert.Contains("invalid label value", Fault(Family("g", 1, Metric().Message(1, new ProtoMessage().Text(1, "a").Bytes(2, [0xff])))),
            StringComparison.Ordinal);
        Assert.Equal("clientpb: insufficient length of buffer, expected at least 6 bytes, got 2 bytes",
            Exposed.Read([5, 1], ExpositionFormat.PrometheusProto, Native).Fault);
        Assert.Equal("clientpb: invalid varint encountered", Exposed.Read([255, 255, 255, 255, 255, 1], ExpositionFormat.PrometheusProto, Native).Fault);
        Assert.Equal("unexpected EOF", Exposed.Read([2, 10, 5], ExpositionFormat.PrometheusProto, Native).Fault);
    }

    [Fact]
    public void The_key_of_a_series_is_the_same_in_every_body_and_differs_from_the_others()
    {
        var body = Family("h", 4, Metric().Label(1, "a", "b").Message(7, ClassicBuckets()), Metric().Label(1, "ab", "").Message(7, ClassicBuckets()))
            .Delimited();
        var keys = Keys(body);
        Assert.Equal(10, keys.Distinct().Count());
        Assert.Equal(keys, Keys(body));
    }

    [Fact]
    public void No_body_makes_the_parser_throw()
    {
        byte[] good =
        [
            .. Family("h", 4, Metric().Label(1, "a", "b").Message(7, ClassicBuckets(NativeBuckets().Message(16, Exemplar("n", 1, 4))))).Delimited(),
            .. Family("s", 2, Metric().Message(4, new ProtoMessage().Varint(1, 3L).Message(3, new ProtoMessage().Double(1, 0.5)))).Delimited(),
        ];
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Sample((at, value, length) =>
        {
            var bad = good.ToArray();
            bad[at] = value;
            try
            {
                _ = Exposed.Read(bad.AsSpan(0, length), ExpositionFormat.PrometheusProto, Native with { AlwaysClassic = true });
            }
            catch (InvalidDataException)
            {
                // An exemplar is read only when it is asked for.
            }
        }, iter: 20_000);
    }

    private static string[] Read(byte[] body, HistogramReading reading)
    {
        var exposed = Exposed.Read(body, ExpositionFormat.PrometheusProto, reading);
        Assert.Null(exposed.Fault);
        return [.. exposed.Lines];
    }

    private static string? Fault(ProtoMessage family) =>
        Exposed.Read(family.Delimited(), ExpositionFormat.PrometheusProto, Native).Fault;

    private static List<string> Keys(byte[] body)
    {
        var parser = new MetricFamilyParser(body, default, new ExpositionScratch());
        var keys = new List<string>();
        while (parser.Next() is var entry && entry != ExpositionEntry.End)
        {
            if (entry == ExpositionEntry.Series)
            {
                keys.Add(Convert.ToHexString(parser.Series));
            }
        }
        return keys;
    }

    private static ProtoMessage Family(string name, int type, params ProtoMessage[] metrics)
    {
        var family = new ProtoMessage().Text(1, name).Text(2, $"Help of {name}").Varint(3, (long)type);
        foreach (var metric in metrics)
        {
            family.Message(4, metric);
        }
        return family;
    }

    private static ProtoMessage Metric() => new();

    private static ProtoMessage Exemplar(string label, double value, long seconds) => new ProtoMessage()
        .Label(1, label, Pharos.Storage.Text.GoFloat.FormatG(value)).Double(2, value).Message(3, Timestamp(seconds));

    private static ProtoMessage Timestamp(long seconds) => new ProtoMessage().Varint(1, seconds);

    private static ProtoMessage ClassicBuckets(ProtoMessage? on = null) => (on ?? new ProtoMessage().Varint(1, 4L).Double(2, 2.5))
        .Message(3, new ProtoMessage().Varint(1, 1L).Double(2, 0.5))
        .Message(3, new ProtoMessage().Varint(1, 3L).Double(2, 1).Message(3, Exemplar("t", 0.7, 9)));

    /// <summary>Buckets 2 and 5 above zero with an empty one between, one below, one observation in the zero bucket.</summary>
    private static ProtoMessage NativeBuckets(long count = 8, ProtoMessage? fields = null)
    {
        var histogram = (fields ?? new ProtoMessage()).Varint(1, count).Double(2, 10).Signed(5, 3).Double(6, 0.01);
        return count == 8
            ? histogram.Varint(7, 1L).Span(12, 2, 1).Span(12, 1, 2).PackedSigned(13, 2, -2, 4).Span(9, -1, 1).Signed(10, 1)
            : histogram.Span(12, 2, 1).Signed(13, count);
    }
}

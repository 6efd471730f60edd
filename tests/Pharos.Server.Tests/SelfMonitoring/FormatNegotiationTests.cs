using Pharos.Server.SelfMonitoring;
using Pharos.Storage.Model;

namespace Pharos.Server.Tests.SelfMonitoring;

public sealed class FormatNegotiationTests
{
    private const string Protobuf = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    [Theory]
    [InlineData("", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")]
    [InlineData("*/*", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")]
    [InlineData("application/json", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")]
    [InlineData("text/plain;version=1.0.0;escaping=allow-utf-8", "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8")]
    [InlineData("text/plain;version=0.0.4;q=0.2,application/openmetrics-text;version=1.0.0;q=0.5", "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores")]
    [InlineData("application/openmetrics-text;version=9,text/plain", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")]
    [InlineData(Protobuf + ";escaping=dots, text/plain", "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; escaping=dots")]
    public void Most_wanted_known_format_is_chosen(string accept, string contentType) =>
        Assert.Equal(contentType, FormatNegotiation.Choose(accept, openMetricsLast: false).ContentType);

    [Theory]
    [InlineData("application/openmetrics-text;version=1.0.0,text/plain;q=0.5", false)]
    [InlineData("application/openmetrics-text;version=1.0.0,*/*;q=0.1", false)]
    [InlineData("application/openmetrics-text;version=1.0.0", true)]
    public void Federation_speaks_OpenMetrics_only_where_nothing_else_is_taken(string accept, bool openMetrics) =>
        Assert.Equal(openMetrics, FormatNegotiation.Choose(accept, openMetricsLast: true).IsOpenMetrics);

    [Theory]
    [InlineData("my.metric_ü", "Underscores", "my_metric__")]
    [InlineData("my.metric_ü", "Dots", "my_dot_metric____")]
    [InlineData("my.metric_ü", "Values", "U__my_2e_metric___fc_")]
    [InlineData("plain_name", "Values", "plain_name")]
    [InlineData("plain_name", "Dots", "plain__name")]
    [InlineData("my.metric", "AllowUtf8", "my.metric")]
    public void Names_are_escaped_by_the_scheme(string name, string scheme, string expected) =>
        Assert.Equal(expected, NameEscaping.Escape(name, Enum.Parse<EscapingScheme>(scheme)));

    [Fact]
    public void Quoted_names_stand_in_the_braces()
    {
        var family = new MetricFamilySnapshot(
            "my.metric", "untyped", "", [new MetricPoint(LabelSet.From(("a.b", "x")), 1)]);
        Assert.Equal(
            "# TYPE \"my.metric\" untyped\n{\"my.metric\",\"a.b\"=\"x\"} 1\n",
            ExpositionWriter.Write([family], new AnswerFormat(AnswerKind.Text100, EscapingScheme.AllowUtf8)));
    }

    [Fact]
    public void Protobuf_message_has_the_fields_of_client_model()
    {
        var family = new MetricFamilySnapshot("m", "gauge", "", [new MetricPoint(LabelSet.From(("l", "v")), 1)]);
        byte[] label = [0x0a, 6, 0x0a, 1, .. "l"u8, 0x12, 1, .. "v"u8];
        byte[] gauge = [0x12, 9, 0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f];
        byte[] message = [0x0a, 1, .. "m"u8, 0x18, 1, 0x22, (byte)(label.Length + gauge.Length), .. label, .. gauge];
        Assert.Equal([(byte)message.Length, .. message], ProtobufFamilies.Write(family, EscapingScheme.Underscores).ToArray());
    }
}

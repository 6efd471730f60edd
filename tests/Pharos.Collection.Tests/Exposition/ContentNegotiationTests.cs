using Pharos.Collection.Exposition;
using Pharos.Collection.Scraping;

namespace Pharos.Collection.Tests.Exposition;

public sealed class ContentNegotiationTests
{
    [Fact]
    public void The_header_names_the_formats_as_Prometheus_does()
    {
        Assert.Equal(
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
            + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
            ContentNegotiation.AcceptHeader(ScrapeJobOptions.DefaultProtocols, NameEscaping.AllowUtf8));
        Assert.Equal(
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
            + "application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
            + "text/plain;version=1.0.0;escaping=underscores;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
            ContentNegotiation.AcceptHeader(ScrapeJobOptions.ProtoFirstProtocols, NameEscaping.Underscores));
        Assert.Equal("text/plain;version=1.0.0;escaping=values;q=0.6,*/*;q=0.5",
            ContentNegotiation.AcceptHeader([ScrapeProtocol.PrometheusText100], NameEscaping.Values));
        Assert.Equal("text/plain;version=1.0.0;escaping=dots;q=0.6,*/*;q=0.5",
            ContentNegotiation.AcceptHeader([ScrapeProtocol.PrometheusText100], NameEscaping.Dots));
    }

    [Theory]
    [InlineData("text/plain; version=0.0.4; charset=utf-8", ExpositionFormat.PrometheusText)]
    [InlineData("Text/Plain", ExpositionFormat.PrometheusText)]
    [InlineData("text/plain;", ExpositionFormat.PrometheusText)]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=\"utf-8\"", ExpositionFormat.OpenMetrics)]
    [InlineData("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited", ExpositionFormat.PrometheusProto)]
    public void A_known_type_is_read_as_what_it_is(string type, ExpositionFormat format)
    {
        Assert.Equal(format, ContentNegotiation.FormatOf(type, ScrapeProtocol.OpenMetricsText100, out var fault));
        Assert.Null(fault);
    }

    [Theory]
    [InlineData("", "non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target")]
    [InlineData("text/html", "received unsupported Content-Type \"text/html\" and no fallback_scrape_protocol specified for target")]
    [InlineData("plain", "received unsupported Content-Type \"plain\" and no fallback_scrape_protocol specified for target")]
    [InlineData("text/plain; a; b", "cannot parse Content-Type \"text/plain; a; b\" and no fallback_scrape_protocol for target\n"
        + "mime: invalid media parameter")]
    [InlineData("text/plain; a=1; a=1", "cannot parse Content-Type \"text/plain; a=1; a=1\" and no fallback_scrape_protocol for target\n"
        + "mime: duplicate parameter name")]
    [InlineData("; charset=utf-8", "cannot parse Content-Type \"; charset=utf-8\" and no fallback_scrape_protocol for target\n"
        + "mime: no media type")]
    public void Any_other_type_needs_a_fallback(string type, string fault)
    {
        Assert.Null(ContentNegotiation.FormatOf(type, null, out var found));
        Assert.Equal(fault, found);
        Assert.Equal(ExpositionFormat.PrometheusProto, ContentNegotiation.FormatOf(type, ScrapeProtocol.PrometheusProto, out _));
        Assert.Equal(ExpositionFormat.OpenMetrics, ContentNegotiation.FormatOf(type, ScrapeProtocol.OpenMetricsText001, out _));
        Assert.Equal(ExpositionFormat.PrometheusText, ContentNegotiation.FormatOf(type, ScrapeProtocol.PrometheusText100, out _));
    }
}

using Pharos.Instrumentation.Exposition;

namespace Pharos.Instrumentation.Tests.Exposition;

[Collection(OneAtATime.Name)]
public sealed class FormatNegotiationTests
{
    [Theory]
    [InlineData("", ExpositionFormat.Text)]
    [InlineData("*/*", ExpositionFormat.Text)]
    [InlineData("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", ExpositionFormat.OpenMetrics)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,"
        + "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", ExpositionFormat.Protobuf)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text,text/plain;q=0.1", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0,text/plain", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=x", ExpositionFormat.Text)]
    [InlineData(";;;,,,=;q", ExpositionFormat.Text)]
    public void The_scrapers_first_choice_is_taken(string accept, ExpositionFormat expected) =>
        Assert.Equal(expected, FormatNegotiation.Choose(accept));
}

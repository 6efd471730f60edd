using Pharos.Collection.Receivers.Otlp;
using Pharos.Collection.Receivers.Otlp.Model;
using Pharos.Collection.Receivers.Otlp.Translation;

namespace Pharos.Collection.Tests.Receivers.Otlp;

public sealed class MetricNamerTests
{
    [Theory]
    [InlineData("http.server.duration", "s", "Histogram", "http_server_duration_seconds")]
    [InlineData("requests.count", "1", "Counter", "requests_count_total")]
    [InlineData("memory.usage", "By", "Gauge", "memory_usage_bytes")]
    [InlineData("system.io", "By/s", "Gauge", "system_io_bytes_per_second")]
    [InlineData("hits", "{request}", "Counter", "hits_total")]
    [InlineData("hits", "{request}/m", "Gauge", "hits_per_minute")]
    [InlineData("load", "1", "Gauge", "load_ratio")]
    [InlineData("load", "1", "Sum", "load")]
    [InlineData("a..b//c", "", "Gauge", "a_b_c")]
    [InlineData("2fast", "", "Gauge", "_2fast")]
    [InlineData("total.time", "ms", "Counter", "time_milliseconds_total")]
    [InlineData("cpu_seconds", "s", "Gauge", "cpu_seconds")]
    [InlineData("temperature", "Cel", "Gauge", "temperature_celsius")]
    [InlineData("übung", "", "Gauge", "bung")]
    public void Suffixed_and_escaped(string name, string unit, string kind, string expected) =>
        Assert.Equal(expected, MetricNamer.Build(Metric(name, unit, kind), TranslationStrategy.UnderscoreEscapingWithSuffixes));

    [Theory]
    [InlineData("http.server.duration", "s", "Histogram", "http.server.duration_seconds")]
    [InlineData("requests.total", "1", "Counter", "requests_total")]
    [InlineData("load", "1", "Gauge", "load_ratio")]
    [InlineData("io", "By/s", "Counter", "io_bytes_per_second_total")]
    public void Suffixed_and_not_escaped(string name, string unit, string kind, string expected) =>
        Assert.Equal(expected, MetricNamer.Build(Metric(name, unit, kind), TranslationStrategy.NoUtf8EscapingWithSuffixes));

    [Theory]
    [InlineData("http.server.duration", TranslationStrategy.UnderscoreEscapingWithoutSuffixes, "http_server_duration")]
    [InlineData("a__b", TranslationStrategy.UnderscoreEscapingWithoutSuffixes, "a__b")]
    [InlineData("http.server.duration", TranslationStrategy.NoTranslation, "http.server.duration")]
    [InlineData("...", TranslationStrategy.UnderscoreEscapingWithSuffixes, null)]
    [InlineData("", TranslationStrategy.NoTranslation, null)]
    public void Without_suffixes(string name, TranslationStrategy strategy, string? expected) =>
        Assert.Equal(expected, MetricNamer.Build(Metric(name, "s", "Counter"), strategy) is { } built && expected is not null ? built
            : expected is null ? Nothing(name, strategy) : null);

    [Theory]
    [InlineData("http.method", true, true, "http_method")]
    [InlineData("1st", true, true, "key_1st")]
    [InlineData("_private", true, true, "key_private")]
    [InlineData("_private", false, true, "_private")]
    [InlineData("__reserved__", true, false, "__reserved__")]
    [InlineData("a..b", true, true, "a__b")]
    [InlineData("a..b", true, false, "a_b")]
    [InlineData("..", true, true, null)]
    public void Labels(string attribute, bool sanitize, bool preserve, string? expected) =>
        Assert.Equal(expected, new LabelNamer(new OtlpOptions
        {
            LabelNameUnderscoreSanitization = sanitize, LabelNamePreserveMultipleUnderscores = preserve,
        }).Build(attribute));

    private static string? Nothing(string name, TranslationStrategy strategy) => MetricNamer.Build(Metric(name, "", "Gauge"), strategy);

    private static OtlpMetric Metric(string name, string unit, string kind) => new()
    {
        Name = name,
        Unit = unit,
        Kind = kind == "Counter" ? OtlpMetricKind.Sum : Enum.Parse<OtlpMetricKind>(kind),
        IsMonotonic = kind == "Counter",
    };
}

using System.Globalization;
using System.Text;

namespace Pharos.Conformance.Tests.Peers.Scraping;

/// <summary>Expositions good and bad: each rule of the two text formats, and each option that decides what becomes of one.</summary>
internal static class ScrapedBodies
{
    private const string Utf8Names = "Prometheus 3 reads quoted names";
    private const string ExemplarAnywhere = "Prometheus 2.42 takes exemplars on buckets and totals only";
    private const string LeadingBlanks = "Prometheus makes blanks before a name part of it (2.42 then refuses it); the format says they are ignored";
    private const string Repeated = "Prometheus 3 does not count repeated samples for the limit";
    private const string TrailingComma = "Prometheus 3 allows a comma behind the last label";
    private const string EmptyBody = "Prometheus 3 takes an empty body of any format for no samples";
    private const string BadRest = "Prometheus 3 counts the sample before it stumbles";

    private const string Five = "a 1\nb 2\nc 3\nd 4\ne 5\n";

    private static readonly string[] Text =
    [
        "", "\n", "#\n", "# words\n", "a 1\n", "a 1", "\n\na 1\n\n", "a 1 \n", "a 1\t \n", "a\t1\n", "a{b=\"c\"}1\n", "a 1\r\n", "a\n", "9a 1\n", "a.b 1\n",
        "a-b 1\n", "é 1\n", "a:b 1\n", ":a 1\n", "_a 1\n", "<html></html>\n", "a{} 1\n", "a{,} 1\n", "a{b=\"c\",} 1\n", "a { b = \"c\" } 1\n",
        "a{b=\"c\" d=\"e\"} 1\n", "a{b='c'} 1\n", "a{b=c} 1\n", "a{b} 1\n", "a{b=\"c\"\n", "a{b=\"c\"}\n", "a{b:c=\"d\"} 1\n", "a{é=\"1\"} 1\n",
        "a{b=\"é\"} 1\n", "a{b=\"x\\\\y\\n\\\"z\\q\"} 1\n", "a{b=\"x\ny\"} 1\n", "a{b=\"c\",b=\"d\"} 1\n", "a{b=\"c\",b=\"c\"} 1\n", "a{b=\"\"} 1\n",
        "a{__name__=\"x\"} 1\n", "a{instance=\"x\"} 1\n", "a{instance=\"\"} 1\n", "a{instance=\"x\",instance=\"y\"} 1\n",
        "a{instance=\"x\",exported_instance=\"y\"} 1\n", "a{b=\"\0\"} 1\n", "a\0 1\n", "a 1\0\n", "a 1\n\0\nb 1\n", "up 5\n",
        "a +Inf\n", "a -inf\n", "a NaN\n", "a +NaN\n", "a infinity\n", "a 1e5\n", "a 1e400\n", "a 1e-400\n", "a .5\n", "a 5.\n", "a .\n", "a +5\n",
        "a --5\n", "a 1e\n", "a 0x10\n", "a 0x1p3\n", "a 1_0\n", "a true\n", "a 1 -5\n", "a 1 1.5\n", "a 1 99999999999999999999\n", "a 1 2 3\n",
        "a 1\nb x\nc 1\n", "a 1\na 2\n", "a{b=\"1\",c=\"2\"} 1\na{c=\"2\",b=\"1\"} 2\n", "a{b=\"1\",c=\"2\"} 1\na{c=\"2\",b=\"1\"} 1\n", "a 1 # {b=\"c\"} 1\n",
        "a 1\n# EOF\nb 1\n", "# TYPE a gauge\n# HELP a b c\na 1\n", "# HELP a\na 1\n", "# HELP a  \na 1\n", "# HELP  a  b \na 1\n",
        "# TYPE a gauge \na 1\n", "#TYPE a gauge\na 1\n",
        "# TYPE a info\na 1\n", "# TYPE a\na 1\n", "# HELP \na 1\n", "# UNIT a b\na 1\n", "# HELP a x\\ny \\\\ \\\" z\na 1\n", "a 1\n# TYPE a counter\n",
        "# TYPE a counter\n# TYPE a gauge\na 1\n", "# TYPE a untyped\na 1\n",
        "# TYPE a histogram\na_bucket{le=\"0.5\"} 1\na_bucket{le=\"+Inf\"} 2\na_sum 3\na_count 2\n",
        "# TYPE a summary\na{quantile=\"0.5\"} 1\na{quantile=\"0.99\"} 2\na_sum 3\na_count 2\n",
    ];

    private static readonly string[] OpenMetrics =
    [
        "a 1\n", "a 1 1e3\n", "a 1 -1\n", "a 1 NaN\n", "a 1 2 3\n", "a  1\n", "a\t1\n", " a 1\n", "\na 1\n", "# c\na 1\n", "#\na 1\n", "# HELP a b\na 1\n",
        "# HELP a\na 1\n", "# HELP a \na 1\n", "# HELP a x\\ny \\\\ \\\" z\na 1\n", "# TYPE a counter\na_total 1\n",
        "# TYPE a counter\na_total 1\na_created 123\n",
        "# TYPE a_total counter\na_total 1\n", "# TYPE a untyped\na 1\n", "# TYPE a unknown\na 1\n", "# TYPE a info\na_info{b=\"c\"} 1\n",
        "# TYPE a stateset\na{a=\"x\"} 1\na{a=\"y\"} 0\n",
        "# TYPE a gaugehistogram\na_bucket{le=\"0.5\"} 1\na_bucket{le=\"+Inf\"} 2\na_gsum 3\na_gcount 2\n",
        "# TYPE a_s gauge\n# UNIT a_s s\na_s 1\n", "# UNIT a s\na 1\n", "# UNIT a \na 1\n",
        "# TYPE a gauge\r\na 1\n", "# TYPE a  gauge\na 1\n", "# FOO a b\na 1\n",
        "# TYPE a histogram\na_bucket{le=\"0.5\"} 1 # {t=\"x\"} 0.5\na_bucket{le=\"+Inf\"} 2 # {t=\"y\",u=\"z\"} 5 1600000000.123\na_sum 3\na_count 2\n",
        "# TYPE a counter\na_total 1 # {t=\"x\"} 0.5\n", "a 1 #\n", "a{b=\"c\", d=\"e\"} 1\n", "a{b=\"c\"d=\"e\"} 1\n", "a{b = \"c\"} 1\n",
        "a{b=\"x\ny\"} 1\n", "a{} 1\n", "a{b=\"c\",b=\"d\"} 1\n", "a 1\na 2\n", "a 0x1p3\n", "a 1_0\n", "a true\n", "a +Inf\n", "a 1\r\n",
    ];

    /// <param name="nowMs">Explicit timestamps lie a few seconds before it.</param>
    public static IReadOnlyList<ScrapedBody> All(long nowMs) =>
    [
        .. Text.Select(body => Plain(body)),
        .. OpenMetrics.Select(body => Open(body + "# EOF\n")),
        .. new[] { "a 1\n", "a 1", "a 1\n# EOF", "# EOF\n\n", "# EOF\na 1\n", "# EOF", "# EOFx", "# eof\n", "a", "# TYPE a" }.Select(body => Open(body)),
        new ScrapedBody([.. "a{b=\""u8, 0xff, .. "\"} 1\n"u8], false, []),
        new ScrapedBody([.. "# HELP a "u8, 0xff, .. "\na 1\n"u8], false, []),
        .. Limited(),
        .. Relabeled(),
        .. Stamped(nowMs),
        .. Changed(),
    ];

    /// <summary>Where Prometheus 3 has changed its mind since 2.42.</summary>
    private static IEnumerable<ScrapedBody> Changed() =>
    [
        Plain("{\"a.b\",\"c.d\"=\"e\"} 1\n") with { Newer = Utf8Names },
        Plain("  a 1\n") with { Newer = LeadingBlanks },
        Plain("a 1\na 1\na 1\n", "sample_limit: 2") with { Newer = Repeated },
        Open("# TYPE a gauge\na 1 # {t=\"x\"} 0.5\n# EOF\n") with { Newer = ExemplarAnywhere },
        Open("a 1 # {t=\"x\\\"y\"} 1 2\n# EOF\n") with { Newer = ExemplarAnywhere },
        Open("a 1 # {}\n# EOF\n") with { Newer = ExemplarAnywhere },
        Open("a{b=\"c\",} 1\n# EOF\n") with { Newer = TrailingComma },
        Open("") with { Newer = EmptyBody },
        Open("a 1 \n# EOF\n") with { Newer = BadRest },
        Open("a 1 # x\n# EOF\n") with { Newer = BadRest },
    ];

    private static IEnumerable<ScrapedBody> Limited()
    {
        string[] limits =
        [
            "sample_limit: 4", "sample_limit: 5", "label_limit: 3", "label_limit: 2", "label_name_length_limit: 8", "label_name_length_limit: 7",
            "label_value_length_limit: 2", "body_size_limit: 20B", "body_size_limit: 21B",
        ];
        return limits.Select(limit => Plain(Five, limit)).Append(Plain($"a{{b=\"\\\"{new string('é', 60)}\"}} 1\n", "label_value_length_limit: 50"))
            .Append(Plain("a 1\nb 2\nx y\n", "sample_limit: 1"));
    }

    private static IEnumerable<ScrapedBody> Relabeled()
    {
        string[] rules =
        [
            "{source_labels: [__name__], regex: 'a|b', action: drop}", "{target_label: __name__, replacement: same}",
            "{regex: __name__, action: labeldrop}", "{regex: '.*', action: labeldrop}",
        ];
        string[] twice =
        [
            "{regex: b, action: labeldrop}", "{source_labels: [__name__], regex: a, action: drop}", "{target_label: b, replacement: x}",
            "{source_labels: [b], target_label: c}",
        ];
        string[] clashes =
            ["a{instance=\"x\"} 1\n", "a{instance=\"\"} 1\n", "a{instance=\"x\",exported_instance=\"y\"} 1\n", "a{instance=\"1\",instance=\"2\"} 1\n"];
        return rules.Select(rule => Plain(Five, $"metric_relabel_configs: [{rule}]"))
            .Concat(twice.Select(rule => Plain("a{b=\"1\",b=\"2\"} 1\n", $"metric_relabel_configs: [{rule}]")))
            .Concat(clashes.Select(body => Plain(body, "honor_labels: true")))
            .Append(Plain(Five, "sample_limit: 4", "metric_relabel_configs: [{source_labels: [__name__], regex: b, action: drop}]"));
    }

    private static IEnumerable<ScrapedBody> Stamped(long nowMs) =>
    [
        Plain(string.Create(CultureInfo.InvariantCulture, $"stamped 1 {nowMs - 5001}\nb 2\n")),
        Plain(string.Create(CultureInfo.InvariantCulture, $"stamped 1 {nowMs - 5001}\nb 2\n"), "honor_timestamps: false"),
        Plain(string.Create(CultureInfo.InvariantCulture, $"stamped 1 {nowMs - 9000}\nstamped 2 {nowMs - 8000}\nstamped 3 {nowMs - 9500}\n")),
        Plain(string.Create(CultureInfo.InvariantCulture, $"stamped 1 {nowMs - 7000}\nstamped 2 {nowMs - 7000}\n")),
        Plain(string.Create(CultureInfo.InvariantCulture, $"a 1 {nowMs + 700_000}\n")),
        Open(string.Create(CultureInfo.InvariantCulture, $"stamped 1 {(nowMs - 4001) / 1000.0:F3}\n# EOF\n")),
    ];

    private static ScrapedBody Plain(string body, params string[] options) => new(Encoding.UTF8.GetBytes(body), false, options);

    private static ScrapedBody Open(string body) => new(Encoding.UTF8.GetBytes(body), true, []);
}

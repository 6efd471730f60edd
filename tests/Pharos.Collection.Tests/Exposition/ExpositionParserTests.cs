using CsCheck;
using Pharos.Collection.Exposition;

namespace Pharos.Collection.Tests.Exposition;

public sealed class ExpositionParserTests
{
    [Theory]
    [InlineData("a 1", "a 1")]
    [InlineData("  a\t1.5e3   7 \n\n", "a 1500 @7")]
    [InlineData("a{b=\"c\" , d = \"e\",} +Inf", "a{b=\"c\", d=\"e\"} +Inf")]
    [InlineData("a{b=\"c\" d=\"e\"} nan", "a{b=\"c\", d=\"e\"} NaN")]
    [InlineData("a{b=\"q\\\"s\\\\n\\nx\\z\"} 1", "a{b=\"q\\\"s\\\\n\\nx\\\\z\"} 1")]
    [InlineData("a{b=\"}, {\"} 1", "a{b=\"}, {\"} 1")]
    [InlineData("{\"a.b\",\"c.d\"=\"e\"} 1", "{__name__=\"a.b\", \"c.d\"=\"e\"} 1")]
    [InlineData("a{b=\"\0\"} 1", "a{b=\"\\x00\"} 1")]
    [InlineData("# just words\n#\n# HELP\na 1", "a 1")]
    [InlineData("# TYPE a untyped\na 1", "TYPE a unknown|a 1")]
    [InlineData("# HELP a x\\ny \\\"\\\\", "HELP a x\ny \\\"\\")]
    [InlineData("# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"0.5\"} 1",
        "TYPE h histogram|h_bucket{le=\"1.0\"} 1|h_bucket{le=\"0.5\"} 1")]
    [InlineData("# TYPE s summary\ns{quantile=\"1\"} 1", "TYPE s summary|s{quantile=\"1.0\"} 1")]
    [InlineData("a{le=\"1\"} 1", "a{le=\"1\"} 1")]
    public void The_text_format_is_read(string body, string lines)
    {
        var exposed = Exposed.Read(body, ExpositionFormat.PrometheusText);
        Assert.Null(exposed.Fault);
        Assert.Equal(lines, string.Join('|', exposed.Lines));
    }

    [Theory]
    [InlineData("a\n", "expected value after metric, got \"\\n\" while parsing: \"a\\n\" (line 1)")]
    [InlineData("ok 1\na{b='c'} 1\n", "expected label value, got \"'\" while parsing: \"a{b='\" (line 2)")]
    [InlineData("a{b=\n", "expected label value")]
    [InlineData("a{=\"\"} 0", "expected label name")]
    [InlineData("a{b} 0", "expected equal")]
    [InlineData("a true\n", "\"true\" is not a number")]
    [InlineData("a 1_2\n", "is not a number")]
    [InlineData("a 0x1p-3\n", "is not a number")]
    [InlineData("a 1e999\n", "is not a number")]
    [InlineData("a 0 1_2\n", "expected next entry after timestamp")]
    [InlineData("a 0 -1\n", "expected timestamp or new record")]
    [InlineData("a 0 99999999999999999999\n", "out of range")]
    [InlineData("{a=\"ok\"} 1", "metric name not set")]
    [InlineData("a{\"b\"} 1", "metric name already set")]
    [InlineData("a\0{b=\"d\"} 1", "is not a number")]
    [InlineData("a{b=\"\0", "expected label value")]
    [InlineData("# TYPE a nonsense\n", "invalid metric type \"nonsense\" (line 1)")]
    [InlineData("9 1", "expected a valid start token")]
    public void The_text_format_is_refused_with_line_and_reason(string body, string fault) =>
        Assert.Contains(fault, Exposed.Read(body, ExpositionFormat.PrometheusText).Fault, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_no_utf8_are_refused()
    {
        var body = "a{b=\"?\"} 1\n"u8.ToArray();
        body[5] = 0xff;
        Assert.Contains("invalid UTF-8 label value", Exposed.Read(body, ExpositionFormat.PrometheusText).Fault,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# TYPE a_s counter\n# UNIT a_s s\n# HELP a_s x\na_s_total 1 1.5 # {t=\"x\"} 0.5 2\n# EOF\n",
        "TYPE a_s counter|UNIT a_s s|HELP a_s x|a_s_total 1 @1500 # {t=\"x\"} 0.5 2000")]
    [InlineData("a_created 1\n# EOF", "a_created 1")]
    [InlineData("{\"a.b\",c=\"d\"} 1\n# EOF", "{__name__=\"a.b\", c=\"d\"} 1")]
    public void OpenMetrics_is_read(string body, string lines)
    {
        var exposed = Exposed.Read(body, ExpositionFormat.OpenMetrics);
        Assert.Null(exposed.Fault);
        Assert.Equal(lines, string.Join('|', exposed.Lines));
    }

    [Theory]
    [InlineData("", "data does not end with # EOF")]
    [InlineData("a 1", "data does not end with # EOF")]
    [InlineData("# EOF\na 1\n", "unexpected data after # EOF (line 1)")]
    [InlineData("# words\n# EOF", "expected a valid start token")]
    [InlineData("a  1\n# EOF", "expected value after metric")]
    [InlineData("# UNIT a s\n# EOF", "unit \"s\" not a suffix of metric \"a\"")]
    [InlineData("# HELP a\n# EOF", "expected text in HELP")]
    [InlineData("a 1 NaN\n# EOF", "invalid timestamp")]
    public void OpenMetrics_is_refused_with_reason(string body, string fault) =>
        Assert.Contains(fault, Exposed.Read(body, ExpositionFormat.OpenMetrics).Fault, StringComparison.Ordinal);

    /// <summary>Random bytes, and random pieces of real expositions, which get much further.</summary>
    [Fact]
    public void No_body_makes_the_parser_throw()
    {
        string[] pieces = ["a", "{", "}", "\"", "\\", "=", ",", " ", "\n", "1", "# ", "TYPE ", "HELP ", "EOF", "\t", "é", "\0", "e9", " # {"];
        Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]).Array[0, 40], Gen.Bool).Sample((bytes, parts, open) =>
        {
            var format = open ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusText;
            _ = Exposed.Read(bytes, format);
            _ = Exposed.Read(string.Concat(parts), format);
        }, iter: 20_000);
    }

    [Theory]
    [InlineData("alltypes.237mfs.prom.txt", ExpositionFormat.PrometheusText)]
    [InlineData("alltypes.237mfs.nometa.prom.txt", ExpositionFormat.PrometheusText)]
    [InlineData("alltypes.5mfs.om.txt", ExpositionFormat.OpenMetrics)]
    [InlineData("1histogram.om.txt", ExpositionFormat.OpenMetrics)]
    public void Prometheus_own_corpora_are_read_whole(string file, ExpositionFormat format)
    {
        var body = File.ReadAllText(Conformance.Require("prometheus", "model", "textparse", "testdata", file));
        if (format == ExpositionFormat.OpenMetrics && !body.TrimEnd().EndsWith("# EOF", StringComparison.Ordinal))
        {
            body += "# EOF\n";
        }
        var exposed = Exposed.Read(body, format);
        Assert.Null(exposed.Fault);
        var samples = body.Split('\n').Count(line => line.Length > 0 && line[0] != '#');
        Assert.Equal(samples, exposed.Lines.Count(line => line.Split(' ')[0] is not ("TYPE" or "HELP" or "UNIT")));
    }
}

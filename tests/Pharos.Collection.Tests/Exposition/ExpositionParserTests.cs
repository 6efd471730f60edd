using System.Text;
using CsCheck;
using Pharos.Collection.Exposition;
using Pharos.Collection.Exposition.Diagnosis;

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
    [InlineData("  ab\t1.5e3   7 \n\n", "ab 1500 @7")]
    [InlineData("{\"a\nb\"} 1", "{__name__=\"a\\nb\"} 1")]
    [InlineData("a{b=\"c\nd\"} 1", "a{b=\"c\\nd\"} 1")]
    [InlineData("# HELP a  \na 1", "HELP a |a 1")]
    [InlineData("# HELP a\t b \n", "HELP a  b ")]
    [InlineData("a 1\n\0\0\0", "a 1")]
    public void The_text_format_is_read_in_odd_forms(string body, string lines)
    {
        var exposed = Exposed.Read(body, ExpositionFormat.PrometheusText);
        Assert.Null(exposed.Fault);
        Assert.Equal(lines, string.Join('|', exposed.Lines));
    }

    /// <summary>Prometheus' own words: its users search the web for them.</summary>
    [Theory]
    [InlineData("abc\n", "expected value after metric, got \"\\n\" (\"INVALID\") while parsing: \"abc\\n\"")]
    [InlineData("abc", "expected value after metric, got \"\\n\" (\"INVALID\") while parsing: \"abc\\n\"")]
    [InlineData("ok 1\nab{c='d'} 1\n", "expected label value, got \"'\" (\"INVALID\") while parsing: \"ab{c='\"")]
    [InlineData("ab{c=\n", "expected label value, got \"\\n\" (\"INVALID\") while parsing: \"ab{c=\\n\"")]
    [InlineData("ab{c=\"\n", "expected label value, got \"\\\"\\n\\n\" (\"INVALID\") while parsing: \"ab{c=\\\"\\n\\n\"")]
    [InlineData("ab{=\"\"} 0", "expected label name, got \"=\\\"\" (\"EQUAL\") while parsing: \"ab{=\\\"\"")]
    [InlineData("ab{,} 0", "expected label name, got \",}\" (\"COMMA\") while parsing: \"ab{,}\"")]
    [InlineData("ab{c} 0", "expected equal, got \"} \" (\"BCLOSE\") while parsing: \"ab{c} \"")]
    [InlineData("{c} 0", "expected equal, got \"} \" (\"BCLOSE\") while parsing: \"{c} \"")]
    [InlineData("{\"a.b\" c=\"d\"} 0", "expected equal, got \"c=\" (\"LNAME\") while parsing: \"{\\\"a.b\\\" c=\"")]
    [InlineData("{c=\"ok\"} 1", "metric name not set while parsing: \"{c=\\\"ok\\\"} 1\"")]
    [InlineData("ab{\"c\"} 1", "metric name already set while parsing: \"ab{\\\"c\\\"}\"")]
    [InlineData("{\"a\",\"c\",d=\"e\"} 1", "metric name already set while parsing: \"{\\\"a\\\",\\\"c\\\",\"")]
    [InlineData("ab yes\n", "strconv.ParseFloat: parsing \"yes\": invalid syntax while parsing: \"ab yes\"")]
    [InlineData("ab 1\r\n", "strconv.ParseFloat: parsing \"1\\r\": invalid syntax while parsing: \"ab 1\\r\"")]
    [InlineData("ab 1e400\n", "strconv.ParseFloat: parsing \"1e400\": value out of range while parsing: \"ab 1e400\"")]
    [InlineData("ab 0x1f\n", "strconv.ParseFloat: parsing \"0x1f\": invalid syntax while parsing: \"ab 0x1f\"")]
    [InlineData("ab 1_000\n", "unsupported character in float while parsing: \"ab 1_000\"")]
    [InlineData("ab 0x1p-3\n", "unsupported character in float while parsing: \"ab 0x1p-3\"")]
    [InlineData("ab 0 1_2\n", "expected next entry after timestamp, got \"_\" (\"INVALID\") while parsing: \"ab 0 1_\"")]
    [InlineData("ab 0 12 3\n", "expected next entry after timestamp, got \"3\\n\" (\"TIMESTAMP\") while parsing: \"ab 0 12 3\\n\"")]
    [InlineData("ab 0 -1\n", "expected timestamp or new record, got \"-\" (\"INVALID\") while parsing: \"ab 0 -\"")]
    [InlineData("ab 0 1.5\n", "expected next entry after timestamp, got \".\" (\"INVALID\") while parsing: \"ab 0 1.\"")]
    [InlineData("ab 0 99999999999999999999\n",
        "strconv.ParseInt: parsing \"99999999999999999999\": value out of range while parsing: \"ab 0 99999999999999999999\"")]
    [InlineData("ab 1 # {t=\"x\"} 1\n", "expected timestamp or new record, got \"#\" (\"INVALID\") while parsing: \"ab 1 #\"")]
    [InlineData("ab\0{c=\"d\"} 1", "expected value after metric, got \"\\x00\" (\"INVALID\") while parsing: \"ab\\x00\"")]
    [InlineData("ab 1\0\n", "expected timestamp or new record, got \"\\x00\" (\"INVALID\") while parsing: \"ab 1\\x00\"")]
    [InlineData("# TYPE ab nonsense\n", "invalid metric type \"nonsense\"")]
    [InlineData("# TYPE ab gauge \n", "invalid metric type \"gauge \"")]
    [InlineData("# TYPE ab info\n", "invalid metric type \"info\"")]
    [InlineData("# TYPE ab\n", "invalid metric type \"\"")]
    [InlineData("# TYPE 1 gauge\n", "expected metric name after TYPE, got \"1\" (\"INVALID\") while parsing: \"# TYPE 1\"")]
    [InlineData("# HELP \n", "expected metric name after HELP, got \"\\n\" (\"INVALID\") while parsing: \"# HELP \\n\"")]
    [InlineData("9 1", "expected a valid start token, got \"9\" (\"INVALID\") while parsing: \"9\"")]
    [InlineData("<html>", "expected a valid start token, got \"<\" (\"INVALID\") while parsing: \"<\"")]
    [InlineData("é 1", "expected a valid start token, got \"\\xc3\" (\"INVALID\") while parsing: \"\\xc3\"")]
    public void The_text_format_is_refused_in_Prometheus_words(string body, string fault) =>
        Assert.Equal(fault, Exposed.Read(body, ExpositionFormat.PrometheusText).Fault);

    [Theory]
    [InlineData("a{b=\"?\"} 1\n", "invalid UTF-8 label value: \"\\\"\\xff\\\"\"")]
    [InlineData("# HELP a ?\n", "help text \"\\xff\" is not a valid utf8 string")]
    [InlineData("a{?=\"b\"} 1\n", "expected label name, got \"\\xff\" (\"INVALID\") while parsing: \"a{\\xff\"")]
    public void Bytes_that_are_no_utf8_are_refused(string pattern, string fault) =>
        Assert.Equal(fault, Exposed.Read(WithLoneByte(pattern), ExpositionFormat.PrometheusText).Fault);

    [Fact]
    public void Quoted_names_that_are_no_utf8_are_kept_for_the_check_of_names()
    {
        var parser = new ExpositionParser(WithLoneByte("{\"a?\"} 1\n"), ExpositionFormat.PrometheusText);
        Assert.Equal(ExpositionEntry.Series, parser.Next());
        var labels = new ExposedLabels();
        parser.ReadLabels(labels);
        Assert.True(labels.HasBrokenName);
        Assert.Equal("a\uDCFF", labels.Labels[0].Value);
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
    [InlineData("ab 1", "data does not end with # EOF")]
    [InlineData("ab 1\n", "data does not end with # EOF")]
    [InlineData("ab 1 # {t=\"x\"} 1", "data does not end with # EOF")]
    [InlineData("# EOF\nab 1\n", "unexpected data after # EOF")]
    [InlineData("# EOFx", "unexpected data after # EOF")]
    [InlineData("# EO\n", "expected a valid start token, got \"# EO\\n\" (\"INVALID\") while parsing: \"# EO\\n\"")]
    [InlineData("# words\n# EOF", "expected a valid start token, got \"# w\" (\"INVALID\") while parsing: \"# w\"")]
    [InlineData("# HETYPE a gauge\n# EOF", "expected a valid start token, got \"# HET\" (\"INVALID\") while parsing: \"# HET\"")]
    [InlineData("\n# EOF", "expected a valid start token, got \"\\n\" (\"INVALID\") while parsing: \"\\n\"")]
    [InlineData("ab", "expected value after metric, got \"ab\" (\"EOF\") while parsing: \"ab\"")]
    [InlineData("ab  1\n# EOF", "expected value after metric, got \"  \" (\"INVALID\") while parsing: \"ab  \"")]
    [InlineData("ab\t1\n# EOF", "expected value after metric, got \"\\t\" (\"INVALID\") while parsing: \"ab\\t\"")]
    [InlineData("ab{c=\"d\", e=\"f\"} 1\n# EOF", "expected label name, got \" \" (\"INVALID\") while parsing: \"ab{c=\\\"d\\\", \"")]
    [InlineData("ab{c=\"d\"e=\"f\"} 1\n# EOF", "expected comma or brace close, got \"e=\" (\"LNAME\") while parsing: \"ab{c=\\\"d\\\"e=\"")]
    [InlineData("ab{c=\"d\n\"} 1\n# EOF", "expected label value, got \"\\\"d\\n\" (\"INVALID\") while parsing: \"ab{c=\\\"d\\n\"")]
    [InlineData("# UNIT a s\n# EOF", "unit \"s\" not a suffix of metric \"a\"")]
    [InlineData("# UNIT as s\n# EOF", "unit \"s\" not a suffix of metric \"as\"")]
    [InlineData("# HELP a\n# EOF", "expected text in HELP")]
    [InlineData("# TYPE a untyped\n# EOF", "invalid metric type \"untyped\"")]
    [InlineData("# TYPE a gauge\r\n# EOF", "invalid metric type \"gauge\\r\"")]
    [InlineData("ab 1 NaN\n# EOF", "invalid timestamp NaN")]
    [InlineData("ab 1 inf\n# EOF", "invalid timestamp +Inf")]
    [InlineData("ab 1 # {} 1 -Inf\n# EOF", "invalid exemplar timestamp -Inf")]
    [InlineData("ab 1 x\n# EOF", "strconv.ParseFloat: parsing \"x\": invalid syntax while parsing: \"ab 1 x\"")]
    [InlineData("ab 1 #\n# EOF", "strconv.ParseFloat: parsing \"#\": invalid syntax while parsing: \"ab 1 #\"")]
    [InlineData("ab 1 2 3\n# EOF", "expected next entry after timestamp, got \" 3\\n\" (\"TIMESTAMP\") while parsing: \"ab 1 2 3\\n\"")]
    [InlineData("ab 1 2 \n# EOF", "expected next entry after timestamp, got \" \\n\" (\"INVALID\") while parsing: \"ab 1 2 \\n\"")]
    [InlineData("ab 1 \n# EOF", "expected a valid start token, got \"\\n#\" (\"LINEBREAK\") while parsing: \"\\n#\"")]
    [InlineData("ab 1 # x\n# EOF", "expected a valid start token, got \"x\" (\"INVALID\") while parsing: \"x\"")]
    [InlineData("ab 1 # {c=d} 1\n# EOF", "expected label value, got \"d\" (\"INVALID\") while parsing: \"ab 1 # {c=d\"")]
    [InlineData("ab 1 # {c}\n# EOF", "expected equal, got \"}\\n\" (\"BCLOSE\") while parsing: \"ab 1 # {c}\\n\"")]
    [InlineData("ab 1 # {\"c\"} 1\n# EOF", "expected label name, got \"} \" (\"BCLOSE\") while parsing: \"ab 1 # {\\\"c\\\"} \"")]
    [InlineData("ab 1 # {}\n# EOF", "expected value after exemplar labels, got \"\\n\" (\"INVALID\") while parsing: \"ab 1 # {}\\n\"")]
    [InlineData("ab 1 # {} 1 2 3\n# EOF",
        "expected next entry after exemplar timestamp, got \" 3\\n\" (\"TIMESTAMP\") while parsing: \"ab 1 # {} 1 2 3\\n\"")]
    [InlineData("ab 1 # {} 1 \n# EOF", "expected timestamp or comment, got \" \\n\" (\"INVALID\") while parsing: \"ab 1 # {} 1 \\n\"")]
    public void OpenMetrics_is_refused_in_Prometheus_words(string body, string fault) =>
        Assert.Equal(fault, Exposed.Read(body, ExpositionFormat.OpenMetrics).Fault);

    /// <summary>Random bytes, random pieces of expositions, and good bodies with one piece too many or too few: the parser
    /// and its plain twin find the same faults behind the same number of series.</summary>
    [Fact]
    public void The_parser_and_its_twin_agree_on_every_body()
    {
        string[] pieces =
        [
            "a", "{", "}", "\"", "\\", "=", ",", " ", "\n", "1", "# ", "TYPE ", "HELP ", "UNIT ", "EOF", "\t", "é", "\0", "e9", " # {", "gauge",
            "a{b=\"c\"} 1", "{\"d.e\"}", "NaN", "_", "\r", "#", "\n# EOF\n", " 1.5", "x 1 # {t=\"u\"} 2 3\n", "# HELP x y\n", "\"f\"",
        ];
        var part = Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]);
        Gen.Select(Gen.Byte.Array[0, 60], part.Array[0, 12], Gen.Bool).Sample((bytes, parts, open) =>
        {
            Agree(bytes, open);
            Agree(Encoding.UTF8.GetBytes(string.Concat(parts)), open);
            Agree(Encoding.UTF8.GetBytes(string.Concat(parts) + "\n# EOF\n"), true);
        }, iter: 30_000);
    }

    private static void Agree(byte[] body, bool openMetrics)
    {
        var exposed = Exposed.Read(body, openMetrics ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusText);
        var fault = EntryDiagnosis.Explain(body, 0, openMetrics, out var series);
        Assert.Equal(fault, exposed.Fault);
        // The twin counts the series in which the fault is.
        Assert.InRange(exposed.Series, fault is null ? series : series - 1, series);
    }

    private static byte[] WithLoneByte(string pattern)
    {
        var body = Encoding.ASCII.GetBytes(pattern);
        body[Array.IndexOf(body, (byte)'?')] = 0xff;
        return body;
    }
}

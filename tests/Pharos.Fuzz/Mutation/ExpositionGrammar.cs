using System.Globalization;
using System.Text;

namespace Pharos.Fuzz.Mutation;

/// <summary>Bodies that are nearly right: families of every type, odd labels, odd values, now and then a mistake.</summary>
internal static class ExpositionGrammar
{
    private static readonly string[] Types =
        ["counter", "gauge", "histogram", "summary", "untyped", "unknown", "info", "stateset", "gaugehistogram"];

    private static readonly string[] Names = ["a", "b_total", "http_requests", "x:y", "_z", "a_seconds", "\"quoted name\"", "\"d.o.t\""];

    private static readonly string[] Values =
        ["1", "0", "-1", "1e3", "NaN", "+Inf", "-Inf", "inf", "0x1p3", "1_0", "1.5", ".5", "5.", "1e400", "-0", "99999999999999999999"];

    private static readonly string[] LabelTexts = ["", "x", "\\\"", "\\\\", "\\n", "\\t", "\u00fc", "{}", ",", "=", "# ", "\ud83d\ude00"];

    public static string Write(Random random, bool openMetrics)
    {
        var text = new StringBuilder();
        for (var families = random.Next(5); families >= 0; families--)
        {
            var type = Types[random.Next(Types.Length)];
            var name = Names[random.Next(Names.Length)];
            if (random.Next(4) > 0)
            {
                text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
            }
            if (random.Next(3) == 0)
            {
                text.Append("# HELP ").Append(name).Append(" help ").Append(LabelTexts[random.Next(LabelTexts.Length)]).Append('\n');
            }
            if (random.Next(4) == 0)
            {
                text.Append("# UNIT ").Append(name).Append(" seconds\n");
            }
            for (var series = random.Next(7); series > 0; series--)
            {
                WriteSeries(text, random, name, type, openMetrics);
            }
        }
        return text.Append(openMetrics && random.Next(8) > 0 ? "# EOF\n" : "").ToString();
    }

    private static void WriteSeries(StringBuilder text, Random random, string name, string type, bool openMetrics)
    {
        var quoted = name[0] == '"';
        var suffix = type switch
        {
            "histogram" or "gaugehistogram" => Any(random, "_bucket", "_bucket", "_bucket", "_count", "_sum", "_created", "_gcount", "_gsum", ""),
            "summary" => Any(random, "", "_count", "_sum", "_created"),
            "counter" => Any(random, "_total", "_created", ""),
            "info" => "_info",
            _ => "",
        };
        text.Append(quoted ? "" : name + suffix);
        if (quoted || random.Next(3) > 0)
        {
            var parts = new List<string>();
            if (quoted)
            {
                parts.Add(name[..^1] + suffix + "\"");
            }
            if (suffix == "_bucket")
            {
                parts.Add($"le=\"{Any(random, "1", "+Inf", "0.5", "2", "x", "NaN", "1e1")}\"");
            }
            if (type == "summary" && suffix.Length == 0)
            {
                parts.Add($"quantile=\"{Any(random, "0.5", "0.99", "1", "x")}\"");
            }
            for (var labels = random.Next(3); labels > 0; labels--)
            {
                parts.Add($"{Any(random, "l", "code", "\"u t f\"", "__name__", "job", "l2")}=\"{LabelTexts[random.Next(LabelTexts.Length)]}\"");
            }
            text.Append('{').AppendJoin(random.Next(9) == 0 ? ", " : ",", parts).Append(random.Next(9) == 0 ? ",}" : "}");
        }
        text.Append(' ').Append(random.Next(3) == 0 ? Values[random.Next(Values.Length)] : random.Next(100).ToString(CultureInfo.InvariantCulture));
        if (random.Next(4) == 0)
        {
            text.Append(' ').Append(openMetrics ? Any(random, "1700000000.123", "0", "-1", "NaN", "1e30") : Any(random, "1700000000123", "0", "-1", "99999999999999999999"));
        }
        if (openMetrics && random.Next(3) == 0)
        {
            text.Append(" # {trace_id=\"").Append(LabelTexts[random.Next(LabelTexts.Length)]).Append("\"} ")
                .Append(Values[random.Next(Values.Length)]).Append(Any(random, "", " 1700000000", " 1e300", " x"));
        }
        text.Append('\n');
    }

    private static string Any(Random random, params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];
}

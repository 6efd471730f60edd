using System.Globalization;
using System.Text;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.SelfMonitoring;

/// <summary>Writes families in Prometheus' text formats or as OpenMetrics.</summary>
/// <remarks>Not thread-safe; writes one exposition.</remarks>
internal sealed class ExpositionWriter(StringBuilder text, AnswerFormat format)
{
    private readonly bool _openMetrics = format.IsOpenMetrics;

    public static string Write(IEnumerable<MetricFamilySnapshot> families, AnswerFormat format)
    {
        var text = new StringBuilder();
        var writer = new ExpositionWriter(text, format);
        foreach (var family in families)
        {
            writer.Write(family);
        }
        writer.End();
        return text.ToString();
    }

    public void Write(MetricFamilySnapshot family)
    {
        var isCounter = family.Type == "counter";
        // OpenMetrics names a counter's family without the suffix that its samples carry.
        var bare = isCounter && family.Name.EndsWith("_total", StringComparison.Ordinal) ? family.Name[..^6] : family.Name;
        var familyName = Name(_openMetrics && isCounter ? bare : family.Name);
        var sampleName = _openMetrics && isCounter ? bare + "_total" : family.Name;
        if (family.Help.Length > 0)
        {
            text.Append("# HELP ").Append(familyName).Append(' ').Append(EscapeHelp(family.Help)).Append('\n');
        }
        var type = _openMetrics && family.Type == "untyped" ? "unknown" : family.Type;
        text.Append("# TYPE ").Append(familyName).Append(' ').Append(type).Append('\n');
        foreach (var point in family.Points)
        {
            if (point.Histogram is { } histogram)
            {
                WriteHistogram(family.Name, point, histogram);
            }
            else
            {
                WriteSample(sampleName, point, null, Float(point.Value));
            }
        }
    }

    public void End()
    {
        if (_openMetrics)
        {
            text.Append("# EOF\n");
        }
    }

    private void WriteHistogram(string name, MetricPoint point, HistogramPoint histogram)
    {
        for (var i = 0; i < histogram.Bounds.Count; i++)
        {
            WriteSample(name + "_bucket", point, Float(histogram.Bounds[i]), Whole(histogram.CumulativeCounts[i]));
        }
        WriteSample(name + "_bucket", point, "+Inf", Whole(histogram.Count));
        WriteSample(name + "_sum", point, null, Float(point.Value));
        WriteSample(name + "_count", point, null, Whole(histogram.Count));
    }

    /// <param name="bound">The value of <c>le</c>, or null.</param>
    private void WriteSample(string name, MetricPoint point, string? bound, string value)
    {
        var written = NameEscaping.Escape(name, format.Escaping);
        var quoted = !MetricNames.IsLegacyValid(written);
        var first = true;
        if (quoted)
        {
            text.Append("{\"").Append(EscapeValue(written)).Append('"');
            first = false;
        }
        else
        {
            text.Append(written);
        }
        foreach (var label in point.Labels.Span)
        {
            if (label.Name != Label.MetricName)
            {
                WriteLabel(label.Name, label.Value, ref first);
            }
        }
        foreach (var label in point.LastLabels)
        {
            WriteLabel(label.Name, label.Value, ref first);
        }
        if (bound is not null)
        {
            WriteLabel("le", bound, ref first);
        }
        text.Append(first ? "" : "}").Append(' ').Append(value);
        if (point.TimestampMs is { } timestampMs)
        {
            // OpenMetrics counts seconds.
            text.Append(' ').Append(_openMetrics ? Float(timestampMs / 1000d) : Whole(timestampMs));
        }
        text.Append('\n');
    }

    private void WriteLabel(string name, string value, ref bool first)
    {
        var written = NameEscaping.Escape(name, format.Escaping);
        text.Append(first ? '{' : ',');
        first = false;
        _ = MetricNames.IsLegacyValidLabel(written) ? text.Append(written)
            : text.Append('"').Append(EscapeValue(written)).Append('"');
        text.Append("=\"").Append(EscapeValue(value)).Append('"');
    }

    private string Name(string name)
    {
        var written = NameEscaping.Escape(name, format.Escaping);
        return MetricNames.IsLegacyValid(written) ? written : $"\"{EscapeValue(written)}\"";
    }

    /// <summary>OpenMetrics wants to see that a number is no whole one by nature.</summary>
    private string Float(double value)
    {
        var number = GoFloat.FormatG(value);
        return _openMetrics && double.IsFinite(value) && !number.AsSpan().ContainsAny('.', 'e') ? number + ".0" : number;
    }

    private static string Whole(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string EscapeValue(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    private string EscapeHelp(string help) => _openMetrics ? EscapeValue(help)
        : help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}

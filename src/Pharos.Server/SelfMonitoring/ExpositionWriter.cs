using System.Globalization;
using System.Text;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.SelfMonitoring;

/// <summary>Writes families as Prometheus' text format 0.0.4 or as OpenMetrics 1.0.</summary>
internal static class ExpositionWriter
{
    public const string TextType = "text/plain; version=0.0.4; charset=utf-8";
    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    public static string Write(IEnumerable<MetricFamilySnapshot> families, bool openMetrics)
    {
        var text = new StringBuilder();
        foreach (var family in families)
        {
            WriteFamily(text, family, openMetrics);
        }
        if (openMetrics)
        {
            text.Append("# EOF\n");
        }
        return text.ToString();
    }

    private static void WriteFamily(StringBuilder text, MetricFamilySnapshot family, bool openMetrics)
    {
        var isCounter = family.Type == "counter";
        // OpenMetrics names a counter's family without the suffix that its samples carry.
        var bare = isCounter && family.Name.EndsWith("_total", StringComparison.Ordinal) ? family.Name[..^6] : family.Name;
        var familyName = openMetrics && isCounter ? bare : family.Name;
        var sampleName = openMetrics && isCounter ? bare + "_total" : family.Name;
        if (family.Help.Length > 0)
        {
            text.Append("# HELP ").Append(familyName).Append(' ').Append(EscapeHelp(family.Help, openMetrics)).Append('\n');
        }
        text.Append("# TYPE ").Append(familyName).Append(' ').Append(family.Type).Append('\n');
        foreach (var point in family.Points)
        {
            if (point.Histogram is { } histogram)
            {
                WriteHistogram(text, family.Name, point, histogram, openMetrics);
            }
            else
            {
                WriteSample(text, sampleName, point.Labels, GoFloat.FormatG(point.Value));
            }
        }
    }

    private static void WriteHistogram(
        StringBuilder text, string name, MetricPoint point, HistogramPoint histogram, bool openMetrics)
    {
        for (var i = 0; i < histogram.Bounds.Count; i++)
        {
            var bound = GoFloat.FormatG(histogram.Bounds[i]);
            if (openMetrics && !bound.AsSpan().ContainsAny('.', 'e'))
            {
                bound += ".0";
            }
            WriteSample(text, name + "_bucket", point.Labels.With("le", bound), Whole(histogram.CumulativeCounts[i]));
        }
        WriteSample(text, name + "_bucket", point.Labels.With("le", "+Inf"), Whole(histogram.Count));
        WriteSample(text, name + "_sum", point.Labels, GoFloat.FormatG(point.Value));
        WriteSample(text, name + "_count", point.Labels, Whole(histogram.Count));
    }

    private static void WriteSample(StringBuilder text, string name, LabelSet labels, string value)
    {
        text.Append(name);
        if (labels.Count > 0)
        {
            text.Append('{');
            foreach (var label in labels.Span)
            {
                text.Append(label.Name).Append("=\"").Append(EscapeValue(label.Value)).Append("\",");
            }
            text.Length--;
            text.Append('}');
        }
        text.Append(' ').Append(value).Append('\n');
    }

    private static string Whole(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string EscapeValue(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeHelp(string help, bool openMetrics) =>
        openMetrics ? EscapeValue(help)
            : help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}

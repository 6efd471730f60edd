using System.Globalization;
using System.Text;

namespace Pharos.Instrumentation.Exposition;

/// <summary>What is the same in every exposition of a metric, in UTF-8: made once.</summary>
internal sealed class FamilyHead
{
    public FamilyHead(MetricFamily family)
    {
        IsCounter = family.Kind is InstrumentKind.Counter or InstrumentKind.ObservedCounter;
        TypeName = IsCounter ? "counter" : family.Kind == InstrumentKind.Histogram ? "histogram" : "gauge";
        Name = Encoding.UTF8.GetBytes(family.Name);
        var open = IsCounter && family.Name.EndsWith("_total", StringComparison.Ordinal)
            ? family.Name[..^"_total".Length] : family.Name;
        Text = Encoding.UTF8.GetBytes(Help(family.Name, family.Help, quotes: false) + $"# TYPE {family.Name} {TypeName}\n");
        OpenMetrics = Encoding.UTF8.GetBytes(
            $"# TYPE {open} {TypeName}\n"
            + (family.Unit.Length > 0 && open.EndsWith("_" + family.Unit, StringComparison.Ordinal) ? $"# UNIT {open} {family.Unit}\n" : "")
            + Help(open, family.Help, quotes: true));
        TextBounds = [.. family.Boundaries.Select(bound => Bound(bound, asFloat: false)), "le=\"+Inf\""u8.ToArray()];
        OpenMetricsBounds = [.. family.Boundaries.Select(bound => Bound(bound, asFloat: true)), "le=\"+Inf\""u8.ToArray()];
    }

    public bool IsCounter { get; }

    public string TypeName { get; }

    public byte[] Name { get; }

    public byte[] Text { get; }

    public byte[] OpenMetrics { get; }

    /// <summary><c>le="0.5"</c> of each bucket.</summary>
    public byte[][] TextBounds { get; }

    /// <summary>As OpenMetrics wants them: <c>le="1.0"</c>.</summary>
    public byte[][] OpenMetricsBounds { get; }

    private static string Help(string name, string help, bool quotes)
    {
        if (help.Length == 0)
        {
            return "";
        }
        var escaped = help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
        return $"# HELP {name} {(quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped)}\n";
    }

    private static byte[] Bound(double bound, bool asFloat)
    {
        var text = bound.ToString("R", CultureInfo.InvariantCulture);
        var isWhole = !text.AsSpan().ContainsAny(".eE");
        return Encoding.UTF8.GetBytes($"le=\"{text}{(asFloat && isWhole ? ".0" : "")}\"");
    }
}

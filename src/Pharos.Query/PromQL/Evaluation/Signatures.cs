using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>The labels by which elements of two vectors are matched or grouped.</summary>
internal static class Signatures
{
    public static Func<LabelSet, LabelSet> Of(VectorMatching matching)
    {
        var names = matching.Labels.ToHashSet(StringComparer.Ordinal);
        return matching.On ? labels => Keep(labels, names) : labels => Drop(labels, names, dropName: true);
    }

    /// <summary>Drops what describes the metric as it was stored: its name, and its type and unit where they are labels.</summary>
    public static LabelSet WithoutMetadata(LabelSet labels) =>
        labels.WithoutMetricName().Without(Label.MetricType).Without(Label.MetricUnit);

    /// <summary>Whether nothing but this name is lost by <see cref="WithoutMetadata"/>.</summary>
    public static bool IsOnlyMetadata(LabelSet labels, string metricName)
    {
        var hasName = metricName.Length == 0;
        foreach (var (name, value) in labels.Span)
        {
            switch (name)
            {
                case Label.MetricName when value == metricName: hasName = true; break;
                case Label.MetricName or Label.MetricType or Label.MetricUnit: return false;
                default: break;
            }
        }
        return hasName;
    }

    /// <summary>Any text that is UTF-8.</summary>
    public static bool IsLabelName(string name) => name.Length > 0 && GoQuote.IsUtf8(name);

    public static LabelSet Keep(LabelSet labels, HashSet<string> names)
    {
        var builder = new LabelSetBuilder();
        foreach (var label in labels.Span)
        {
            if (names.Contains(label.Name))
            {
                builder.Set(label.Name, label.Value);
            }
        }
        return builder.Build();
    }

    public static LabelSet Drop(LabelSet labels, HashSet<string> names, bool dropName)
    {
        var builder = new LabelSetBuilder();
        foreach (var label in labels.Span)
        {
            if (!names.Contains(label.Name) && !(dropName && label.Name == Label.MetricName))
            {
                builder.Set(label.Name, label.Value);
            }
        }
        return builder.Build();
    }
}

using Pharos.Server.SelfMonitoring;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Prometheus.Federation;

/// <summary>Brings series into families: of no type where they are numbers, of a histogram's where they are one.</summary>
internal static class FederatedFamilies
{
    private const string Instance = "instance";

    /// <param name="points">Sorted by metric name.</param>
    /// <param name="withHistograms">Otherwise native histograms are left out, for a text cannot carry them.</param>
    public static IEnumerable<MetricFamilySnapshot> Of(
        IEnumerable<KeyValuePair<LabelSet, MetricPoint>> points, LabelSet external, bool withHistograms)
    {
        var added = external.ToList();
        if (!external.Has(Instance))
        {
            // An explicit empty instance keeps the federating server from adding its own.
            added.Add(new Label(Instance, ""));
        }
        added.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        var family = new List<MetricPoint>();
        var (name, type) = ("", "");
        foreach (var (labels, point) in points)
        {
            // Custom buckets have no place in the message; a series without a name has none in any format.
            if (labels.MetricName.Length == 0 || point.Native is { } native && (!withHistograms || native.HasCustomBuckets))
            {
                continue;
            }
            if (labels.MetricName != name || TypeOf(point) != type)
            {
                if (family.Count > 0)
                {
                    yield return new MetricFamilySnapshot(name, type, "", family);
                }
                family = [];
                (name, type) = (labels.MetricName, TypeOf(point));
            }
            family.Add(point with { LastLabels = [.. added.Where(label => !labels.Has(label.Name))] });
        }
        if (family.Count > 0)
        {
            yield return new MetricFamilySnapshot(name, type, "", family);
        }
    }

    private static string TypeOf(MetricPoint point) => point.Native switch
    {
        null => "untyped",
        { ResetHint: CounterResetHint.Gauge } => "gaugehistogram",
        _ => "histogram",
    };
}

using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>The types of metric families by their numbers, which are the same in both versions of the protocol.</summary>
internal static class RemoteMetricTypes
{
    // MetricMetadata.MetricType of prompb/types.proto, in its order.
    private static readonly string[] Names =
        ["unknown", "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset"];

    public static string NameOf(long type) => type >= 0 && type < Names.Length ? Names[type] : Names[0];

    /// <summary>The family of a series by its metric's name: protocol 2.0 sends metadata with each series.</summary>
    public static string FamilyOf(string metric, MetricMetadata metadata)
    {
        string[] suffixes = metadata.Type switch
        {
            "histogram" => ["_bucket", "_sum", "_count"],
            "gaugehistogram" => ["_bucket", "_gsum", "_gcount"],
            "summary" => ["_sum", "_count"],
            _ => [],
        };
        var suffix = Array.Find(suffixes, suffix => metric.EndsWith(suffix, StringComparison.Ordinal));
        return suffix is null ? metric : metric[..^suffix.Length];
    }
}

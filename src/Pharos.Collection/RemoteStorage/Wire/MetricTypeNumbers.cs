namespace Pharos.Collection.RemoteStorage.Wire;

/// <summary>The numbers of metric types, the same in both versions of remote write.</summary>
internal static class MetricTypeNumbers
{
    private static readonly string[] Names =
        ["unknown", "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset"];

    public static int Of(string type) => Math.Max(0, Array.IndexOf(Names, type));
}

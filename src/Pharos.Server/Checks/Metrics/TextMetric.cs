namespace Pharos.Server.Checks.Metrics;

/// <summary>One metric of a family: a line, or all lines of one summary or histogram.</summary>
internal sealed class TextMetric
{
    /// <summary>In the order of the line, without the <c>quantile</c> of a summary and the <c>le</c> of a histogram.</summary>
    public List<KeyValuePair<string, string>> Labels { get; } = [];

    /// <summary>A summary's quantiles or a histogram's buckets, with the limit first.</summary>
    public List<(double Limit, double Value)> Points { get; } = [];

    /// <summary>Of anything but summaries and histograms.</summary>
    public double Value { get; set; }

    public double Sum { get; set; }

    public double Count { get; set; }

    /// <summary>Null where the line has none.</summary>
    public long? TimestampMs { get; set; }
}

namespace Pharos.Server.Checks.Metrics;

/// <summary>What stands in the braces of a line.</summary>
internal sealed class LabelBlock
{
    public List<KeyValuePair<string, string>> Labels { get; } = [];

    /// <summary>A summary's <c>quantile</c> or a histogram's <c>le</c>; null where the line has none, or one that is no number.</summary>
    public double? Limit { get; set; }
}

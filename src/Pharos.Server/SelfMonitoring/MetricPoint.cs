using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Server.SelfMonitoring;

/// <summary>One series of a family: a value, or a histogram with cumulative bucket counts.</summary>
/// <param name="Value">The value; for a histogram the sum of what was observed.</param>
internal sealed record MetricPoint(LabelSet Labels, double Value, HistogramPoint? Histogram = null)
{
    /// <summary>Labels that are written behind the others, whatever their names; a value may be empty.</summary>
    public IReadOnlyList<Label> LastLabels { get; init; } = [];

    /// <summary>Null where the time of the exposition is that of the point.</summary>
    public long? TimestampMs { get; init; }

    /// <summary>Only a protobuf answer carries it.</summary>
    public NativeHistogram? Native { get; init; }
}

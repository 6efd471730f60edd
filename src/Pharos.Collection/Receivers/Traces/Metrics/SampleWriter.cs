using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.Traces.Metrics;

/// <summary>Writes the values of one moment. A counter that is new begins with a zero just after the moment before, so that its first
/// increase is one.</summary>
/// <param name="zeroMs">Of that zero.</param>
internal sealed class SampleWriter(IMetricAppender appender, long timeMs, long zeroMs)
{
    /// <param name="reference">Of the series in the store, 0 as long as it is not there.</param>
    /// <param name="labels">Without the name.</param>
    /// <param name="bound">The label <c>le</c>; empty for none.</param>
    public void Counter(ref ulong reference, string name, LabelSet labels, string bound, double value)
    {
        if (reference != 0 && appender.Append(reference, timeMs, value) != AppendResult.UnknownSeries)
        {
            return;
        }
        var full = Full(name, labels, bound);
        if (reference == 0 && zeroMs < timeMs)
        {
            appender.Append(ref reference, full, zeroMs, 0);
        }
        appender.Append(ref reference, full, timeMs, value);
    }

    public void Gauge(ref ulong reference, LabelSet full, double value) => appender.Append(ref reference, full, timeMs, value);

    public void Exemplar(ulong reference, LabelSet labels, in ExemplarPoint point)
    {
        if (reference != 0)
        {
            appender.AppendExemplar(reference, new Exemplar(labels, point.Value, point.TimeMs));
        }
    }

    /// <summary>The series ends here.</summary>
    public void End(ref ulong reference)
    {
        if (reference != 0)
        {
            appender.Append(reference, timeMs, StaleMarker.Value);
            reference = 0;
        }
    }

    private static LabelSet Full(string name, LabelSet labels, string bound)
    {
        var builder = new LabelSetBuilder(labels).Set(Label.MetricName, name);
        return (bound.Length == 0 ? builder : builder.Set("le", bound)).Build();
    }
}

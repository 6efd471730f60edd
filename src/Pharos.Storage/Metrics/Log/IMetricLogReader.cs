namespace Pharos.Storage.Metrics.Log;

/// <summary>Reads commits in the order in which they were made, for whoever passes them on.</summary>
/// <remarks>Not thread-safe. Segments from <see cref="Position"/> on are kept while a reader is open, up to a bound that the
/// store names; a reader that falls behind it is moved forward and says so in <see cref="LostSegments"/>.</remarks>
public interface IMetricLogReader : IDisposable
{
    /// <summary>After the last batch that was read.</summary>
    MetricLogPosition Position { get; }

    /// <summary>Segments that were removed before they were read.</summary>
    long LostSegments { get; }

    /// <summary>Replaces <paramref name="into"/> by the next committed batch; false where there is none yet.</summary>
    bool TryRead(MetricLogBatch into);
}

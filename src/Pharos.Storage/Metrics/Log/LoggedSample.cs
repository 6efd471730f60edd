using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Log;

/// <summary>A committed sample.</summary>
/// <param name="Reference">The series' number in this store, the same for the process' life.</param>
/// <param name="Histogram">Null for a number, which is then <paramref name="Value"/>.</param>
/// <param name="StartTimeMs">0 where it is not known.</param>
public readonly record struct LoggedSample(
    ulong Reference, LabelSet Labels, long TimestampMs, double Value, NativeHistogram? Histogram, long StartTimeMs);

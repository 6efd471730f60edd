using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Query.Results;

/// <summary>One element of an instant vector.</summary>
/// <param name="Histogram">Null for a number, which is then <paramref name="Value"/>.</param>
public sealed record VectorSample(LabelSet Labels, long TimestampMs, double Value, NativeHistogram? Histogram = null);

using Pharos.Storage.Model;

namespace Pharos.Query.Results;

/// <summary>One element of an instant vector.</summary>
public sealed record VectorSample(LabelSet Labels, long TimestampMs, double Value);

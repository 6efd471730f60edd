namespace Pharos.Storage.Model;

/// <summary>One observation that stands for many: usually it names the trace in which it was made.</summary>
/// <param name="Labels">Without the series' own labels.</param>
public readonly record struct Exemplar(LabelSet Labels, double Value, long TimestampMs);

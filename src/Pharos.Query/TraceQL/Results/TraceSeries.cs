using Pharos.Query.TraceQL.Values;

namespace Pharos.Query.TraceQL.Results;

/// <summary>Numbers over time.</summary>
/// <param name="Values">One for each time of the answer; NaN for none.</param>
public sealed record TraceSeries(
    IReadOnlyList<KeyValuePair<string, TraceValue>> Labels, double[] Values, IReadOnlyList<TraceExemplar> Exemplars)
{
    /// <summary>Of a series without other labels: what it is a series of.</summary>
    public const string NameLabel = "__name__";

    /// <summary>The same text for the same labels: <c>{a="b"}</c>.</summary>
    public string LabelText { get; } = $"{{{string.Join(", ", Labels.Select(static label => $"{label.Key}={label.Value}"))}}}";
}

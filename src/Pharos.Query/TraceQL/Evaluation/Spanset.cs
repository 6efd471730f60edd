using Pharos.Query.TraceQL.Values;

namespace Pharos.Query.TraceQL.Evaluation;

/// <summary>Spans of one trace, by their places in it, ascending, at least one.</summary>
/// <param name="Attributes">What the stages found out about the set: by what it is grouped, what its aggregates are.</param>
internal sealed record Spanset(IReadOnlyList<int> Spans, IReadOnlyList<KeyValuePair<string, TraceValue>> Attributes)
{
    public static Spanset Whole(TraceSpans trace) => new(Enumerable.Range(0, trace.Spans.Count).ToArray(), []);

    public Spanset With(string name, TraceValue value) =>
        new(Spans, [.. Attributes.Where(known => known.Key != name), KeyValuePair.Create(name, value)]);
}

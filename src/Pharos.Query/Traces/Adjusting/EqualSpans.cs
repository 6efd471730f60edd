using Pharos.Storage.Traces;

namespace Pharos.Query.Traces.Adjusting;

/// <summary>A span that came twice is shown once.</summary>
internal static class EqualSpans
{
    public static void Remove(List<AdjustedSpan> spans)
    {
        var known = new HashSet<Span>(spans.Count, Sameness.Instance);
        spans.RemoveAll(adjusted => !known.Add(adjusted.Span));
    }

    private sealed class Sameness : IEqualityComparer<Span>
    {
        public static readonly Sameness Instance = new();

        public bool Equals(Span? x, Span? y) => x is null || y is null ? x is null && y is null : SpanEquality.Same(x, y);

        public int GetHashCode(Span obj) => HashCode.Combine(obj.SpanId, obj.ParentSpanId, obj.StartNs, obj.EndNs, obj.Kind, obj.Name);
    }
}

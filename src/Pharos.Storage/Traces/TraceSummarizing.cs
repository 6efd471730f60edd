namespace Pharos.Storage.Traces;

/// <summary>Sums up the spans of a trace.</summary>
public static class TraceSummarizing
{
    /// <param name="spans">At least one, all of one trace.</param>
    public static TraceSummary Summarize(IReadOnlyList<Span> spans) => Summarize<Span>(spans);

    /// <summary>Which of two spans without parent is a trace's root: the one that begins first; of several that begin together one is always
    /// the same, however they are stored.</summary>
    public static Span Root(Span? known, Span other) => known is null || IsBefore(other, known) ? other : known;

    /// <param name="spans">At least one, all of one trace.</param>
    internal static TraceSummary Summarize<T>(IReadOnlyList<T> spans)
        where T : ISummarizedSpan
    {
        var ids = new HashSet<ulong>(spans.Count);
        for (var i = 0; i < spans.Count; i++)
        {
            ids.Add(spans[i].SpanId);
        }
        var services = new Dictionary<string, (int Spans, int Errors)>(StringComparer.Ordinal);
        var root = -1;
        var (start, end, errors, orphans) = (long.MaxValue, long.MinValue, 0, 0);
        for (var i = 0; i < spans.Count; i++)
        {
            var span = spans[i];
            start = Math.Min(start, span.StartNs);
            end = Math.Max(end, span.EndNs);
            var error = span.Status == SpanStatus.Error ? 1 : 0;
            errors += error;
            services.TryGetValue(span.ServiceName, out var known);
            services[span.ServiceName] = (known.Spans + 1, known.Errors + error);
            if (span.ParentSpanId != 0)
            {
                orphans += ids.Contains(span.ParentSpanId) ? 0 : 1;
            }
            else if (root < 0 || IsBefore(span, spans[root]))
            {
                root = i;
            }
        }
        var shares = new TraceService[services.Count];
        var at = 0;
        foreach (var (name, share) in services)
        {
            shares[at++] = new TraceService(name, share.Spans, share.Errors);
        }
        Array.Sort(shares, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return new TraceSummary(
            spans[0].TraceId, root < 0 ? "" : spans[root].ServiceName, root < 0 ? "" : spans[root].Name, start, end, spans.Count, errors, orphans, shares);
    }

    private static bool IsBefore<T>(T span, T root)
        where T : ISummarizedSpan =>
        span.StartNs != root.StartNs ? span.StartNs < root.StartNs
        : span.SpanId != root.SpanId ? span.SpanId < root.SpanId
        : string.CompareOrdinal(span.Name, root.Name) is var byName and not 0 ? byName < 0
        : string.CompareOrdinal(span.ServiceName, root.ServiceName) < 0;
}

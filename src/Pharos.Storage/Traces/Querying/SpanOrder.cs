namespace Pharos.Storage.Traces.Querying;

/// <summary>The order of a trace's spans: by start, then by id.</summary>
internal static class SpanOrder
{
    public static int Compare(Span left, Span right) =>
        left.StartNs.CompareTo(right.StartNs) is var byTime and not 0 ? byTime : left.SpanId.CompareTo(right.SpanId);

    /// <summary>Sorts spans and leaves out those that equal another.</summary>
    public static List<Span> Sorted(IEnumerable<Span> spans)
    {
        var sorted = spans.ToList();
        for (var i = 1; i < sorted.Count; i++)
        {
            if (Compare(sorted[i - 1], sorted[i]) > 0)
            {
                // Stable: of spans that are alike the first stays first.
                sorted = [.. sorted.Order(Comparer<Span>.Create(Compare))];
                break;
            }
        }
        return WithoutRepeats(sorted);
    }

    /// <summary>Spans of several sorted pieces in order, equal ones once; read as they are taken.</summary>
    public static IEnumerable<Span> Merged(IReadOnlyList<TracePiece> pieces)
    {
        if (pieces.Count == 1)
        {
            return pieces[0].Source.Spans(pieces[0].Number);
        }
        return Merge(pieces);
    }

    private static IEnumerable<Span> Merge(IReadOnlyList<TracePiece> pieces)
    {
        var readers = new List<IEnumerator<Span>>();
        var alike = new List<Span>();
        try
        {
            foreach (var piece in pieces)
            {
                var reader = piece.Source.Spans(piece.Number).GetEnumerator();
                readers.Add(reader);
                if (!reader.MoveNext())
                {
                    reader.Dispose();
                    readers.RemoveAt(readers.Count - 1);
                }
            }
            while (readers.Count > 0)
            {
                var least = 0;
                for (var i = 1; i < readers.Count; i++)
                {
                    least = Compare(readers[i].Current, readers[least].Current) < 0 ? i : least;
                }
                var span = readers[least].Current;
                if (!readers[least].MoveNext())
                {
                    readers[least].Dispose();
                    readers.RemoveAt(least);
                }
                if (IsRepeat(alike, span))
                {
                    continue;
                }
                yield return span;
            }
        }
        finally
        {
            foreach (var reader in readers)
            {
                reader.Dispose();
            }
        }
    }

    private static List<Span> WithoutRepeats(List<Span> sorted)
    {
        var alike = new List<Span>();
        var kept = 0;
        for (var i = 0; i < sorted.Count; i++)
        {
            if (!IsRepeat(alike, sorted[i]))
            {
                sorted[kept++] = sorted[i];
            }
        }
        sorted.RemoveRange(kept, sorted.Count - kept);
        return sorted;
    }

    /// <param name="alike">The spans before it that stand at the same place of the order.</param>
    private static bool IsRepeat(List<Span> alike, Span span)
    {
        if (alike.Count > 0 && Compare(alike[0], span) != 0)
        {
            alike.Clear();
        }
        foreach (var other in alike)
        {
            if (SpanEquality.Same(other, span))
            {
                return true;
            }
        }
        alike.Add(span);
        return false;
    }
}

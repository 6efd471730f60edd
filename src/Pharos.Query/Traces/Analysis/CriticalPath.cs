using Pharos.Storage.Traces;

namespace Pharos.Query.Traces.Analysis;

/// <summary>Which spans a trace waited for: had one of these sections been shorter, the trace would have been.</summary>
/// <remarks>Jaeger's way: from the end of a root backwards, into the child that ended last before the moment reached, and up again where it
/// began. A child counts with the part of it that lies within its parent; what lies outside, and what a parent does not wait for (the
/// consumer of a message, a span that only follows from it), does not count, with all below it. Other than Jaeger's, a child that ends at
/// the very moment at which the next begins is on the path. Linear after sorting, without recursion.</remarks>
public static class CriticalPath
{
    private const string RefType = "opentracing.ref_type";

    /// <returns>From the end of each root backwards.</returns>
    public static IReadOnlyList<CriticalSection> Of(TraceTree tree)
    {
        var clipped = Clip(tree);
        var (first, next) = ByEnd(tree, clipped);
        var sections = new List<CriticalSection>();
        var open = new Stack<int>();
        var reached = new long[tree.Count];
        for (var root = 0; root < tree.Count; root += tree[root].Descendants + 1)
        {
            reached[root] = clipped[root].End;
            open.Push(root);
            while (open.TryPeek(out var row))
            {
                // Time only goes back: a child that ends too late now does so later, too.
                var child = first[row];
                while (child != -1 && clipped[child].End > reached[row])
                {
                    child = next[child];
                }
                var from = child == -1 ? clipped[row].Start : clipped[child].End;
                if (from < reached[row])
                {
                    sections.Add(new CriticalSection(row, from, reached[row]));
                }
                if (child == -1)
                {
                    open.Pop();
                    continue;
                }
                first[row] = next[child];
                reached[row] = clipped[child].Start;
                reached[child] = clipped[child].End;
                open.Push(child);
            }
        }
        return sections;
    }

    /// <summary>Start and end of each span within its parent's; an end before the start for those that do not count.</summary>
    private static (long Start, long End)[] Clip(TraceTree tree)
    {
        var clipped = new (long Start, long End)[tree.Count];
        for (var row = 0; row < tree.Count; row++)
        {
            ref readonly var node = ref tree[row];
            var (start, end) = (node.Span.StartNs, Math.Max(node.Span.StartNs, node.Span.EndNs));
            if (node.Parent != TraceTree.NoParent)
            {
                var parent = clipped[node.Parent];
                var isOutside = start >= parent.End || end <= parent.Start;
                (start, end) = isOutside || !IsWaitedFor(node.Span) ? (0, -1) : (Math.Max(start, parent.Start), Math.Min(end, parent.End));
            }
            clipped[row] = (start, end);
        }
        return clipped;
    }

    private static bool IsWaitedFor(Span span)
    {
        if (span.Kind is SpanKind.Consumer)
        {
            return false;
        }
        foreach (var link in span.Links)
        {
            if (link.SpanId == span.ParentSpanId && link.TraceId == span.TraceId
                && link.Attributes.Any(static attribute => attribute.Key == RefType && attribute.Value.ToString() == "follows_from"))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>For each span its child that ends last, and for each child the sibling that ends next before it.</summary>
    private static (int[] First, int[] Next) ByEnd(TraceTree tree, (long Start, long End)[] clipped)
    {
        var first = new int[tree.Count];
        var next = new int[tree.Count];
        Array.Fill(first, -1);
        Array.Fill(next, -1);
        var rows = Enumerable.Range(0, tree.Count)
            .Where(row => tree[row].Parent != TraceTree.NoParent && clipped[row].End >= clipped[row].Start)
            .OrderBy(row => clipped[row].End).ThenByDescending(static row => row);
        foreach (var row in rows)
        {
            var parent = tree[row].Parent;
            next[row] = first[parent];
            first[parent] = row;
        }
        return (first, next);
    }
}

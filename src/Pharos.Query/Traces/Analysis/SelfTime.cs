namespace Pharos.Query.Traces.Analysis;

/// <summary>How long each span was at work itself: its duration without the times in which at least one child ran.</summary>
public static class SelfTime
{
    /// <returns>Nanoseconds by row of the tree.</returns>
    public static long[] Of(TraceTree tree)
    {
        var self = new long[tree.Count];
        var covered = new long[tree.Count];
        for (var row = 0; row < tree.Count; row++)
        {
            var span = tree[row].Span;
            self[row] = Math.Max(0, span.DurationNs);
            covered[row] = span.StartNs;
        }
        // Siblings stand by their start, so that what a parent's children cover only grows at its end.
        for (var row = 0; row < tree.Count; row++)
        {
            if (tree[row].Parent is not TraceTree.NoParent and var parent)
            {
                var start = Math.Max(tree[row].Span.StartNs, covered[parent]);
                var end = Math.Min(tree[row].Span.EndNs, tree[parent].Span.EndNs);
                if (end > start)
                {
                    self[parent] -= end - start;
                    covered[parent] = end;
                }
            }
        }
        return self;
    }
}

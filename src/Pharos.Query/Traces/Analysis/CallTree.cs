namespace Pharos.Query.Traces.Analysis;

/// <summary>A trace with alike calls put together: what a flame graph draws.</summary>
public static class CallTree
{
    /// <returns>Depth first, the widest of siblings first.</returns>
    public static IReadOnlyList<CallNode> Of(TraceTree tree)
    {
        var self = SelfTime.Of(tree);
        var merged = new CallMerge();
        var nodes = new List<Sums>();
        var nodeOf = new int[tree.Count];
        for (var row = 0; row < tree.Count; row++)
        {
            ref readonly var at = ref tree[row];
            var parent = at.Parent == TraceTree.NoParent ? TraceTree.NoParent : nodeOf[at.Parent];
            nodeOf[row] = merged.Add(parent, at.Span.Resource.ServiceName, at.Span.Name);
            if (nodeOf[row] == nodes.Count)
            {
                nodes.Add(new Sums());
            }
            var sums = nodes[nodeOf[row]];
            sums.Count++;
            sums.Errors += at.IsError ? 1 : 0;
            sums.DurationNs += Math.Max(0, at.Span.DurationNs);
            sums.SelfNs += self[row];
        }
        for (var i = nodes.Count - 1; i >= 0; i--)
        {
            nodes[i].WeightNs += nodes[i].SelfNs;
            if (merged.ParentOf(i) is not TraceTree.NoParent and var parent)
            {
                nodes[parent].WeightNs += nodes[i].WeightNs;
            }
        }
        return
        [
            .. merged.Walk(node => -nodes[node].WeightNs).Select(place => new CallNode(
                place.Service, place.Operation, place.Parent, place.Depth, nodes[place.Node].Count, nodes[place.Node].Errors,
                nodes[place.Node].DurationNs, nodes[place.Node].SelfNs, nodes[place.Node].WeightNs)),
        ];
    }

    private sealed class Sums
    {
        public int Count;
        public int Errors;
        public long DurationNs;
        public long SelfNs;
        public long WeightNs;
    }
}

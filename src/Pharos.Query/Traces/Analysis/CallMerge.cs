namespace Pharos.Query.Traces.Analysis;

/// <summary>Puts calls together that have the same service and operation below the same parent.</summary>
/// <remarks>Not thread-safe. Nodes are numbered in the order in which they are met first, so that a parent's number is the smaller one.</remarks>
internal sealed class CallMerge
{
    private readonly Dictionary<(int Parent, string Service, string Operation), int> _nodes = [];
    private readonly List<(int Parent, string Service, string Operation)> _keys = [];

    public int ParentOf(int node) => _keys[node].Parent;

    /// <summary>The number of the node, a new one where it was not met before.</summary>
    public int Add(int parent, string service, string operation)
    {
        var key = (parent, service, operation);
        if (!_nodes.TryGetValue(key, out var node))
        {
            _nodes[key] = node = _keys.Count;
            _keys.Add(key);
        }
        return node;
    }

    /// <summary>All nodes depth first; parents are given as places in this order.</summary>
    /// <param name="rank">Siblings stand by it, the lowest first, and then as they were met.</param>
    public IEnumerable<CallPlace> Walk(Func<int, long> rank)
    {
        var children = Enumerable.Range(0, _keys.Count).GroupBy(ParentOf)
            .ToDictionary(static group => group.Key, group => group.OrderBy(rank).ToArray());
        var open = new Stack<(int Node, int Parent, int Depth)>();
        Push(TraceTree.NoParent, TraceTree.NoParent, 0);
        for (var place = 0; open.TryPop(out var next); place++)
        {
            yield return new CallPlace(next.Node, _keys[next.Node].Service, _keys[next.Node].Operation, next.Parent, next.Depth);
            Push(next.Node, place, next.Depth + 1);
        }

        void Push(int node, int place, int depth)
        {
            foreach (var child in children.GetValueOrDefault(node, []).Reverse())
            {
                open.Push((child, place, depth));
            }
        }
    }
}

using Pharos.Storage.Model;

namespace Pharos.Alerting.Routing;

/// <summary>Decides which routes an alert takes.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class RoutingTree
{
    private readonly Dictionary<string, RoutingNode> _byId = new(StringComparer.Ordinal);

    public RoutingTree(RouteOptions root)
    {
        Root = new RoutingNode(root, null, 0);
        Index(Root);
    }

    public RoutingNode Root { get; }

    /// <summary>Depth first; a child that matches ends the search among its siblings unless it says <c>continue</c>;
    /// where no child matches, the route itself is taken.</summary>
    public IReadOnlyList<RoutingNode> Match(LabelSet labels)
    {
        var found = new List<RoutingNode>();
        Root.Collect(labels, found);
        return found;
    }

    internal RoutingNode? Find(string id) => _byId.GetValueOrDefault(id);

    private void Index(RoutingNode node)
    {
        _byId[node.Id] = node;
        foreach (var child in node.Children)
        {
            Index(child);
        }
    }
}

using System.Text;
using Pharos.Alerting.Routing;
using Pharos.Storage.Model;

namespace Pharos.Cli.Commands.Alerts;

/// <summary>Draws routes as amtool does.</summary>
internal static class RouteTreeText
{
    private const string Bar = "│\u00a0\u00a0 ";
    private const string Blank = "    ";

    public static string Whole(RoutingTree tree)
    {
        var text = new StringBuilder(".\n");
        Draw(text, [tree.Root], "", static node => node.Children,
            static (node, _) => $"{Name(node)}{(node.Options.Continue ? "  continue: true" : "")}  receiver: {node.Receiver}");
        return text.ToString();
    }

    /// <summary>Only what these labels pass; the receiver stands where the way ends.</summary>
    public static string Matching(RoutingTree tree, LabelSet labels)
    {
        var text = new StringBuilder(".\n");
        Draw(text, [tree.Root], "", node => Taken(node, labels),
            static (node, isEnd) => isEnd ? $"{Name(node)}  receiver: {node.Receiver}" : Name(node));
        return text.ToString();
    }

    private static List<RoutingNode> Taken(RoutingNode node, LabelSet labels)
    {
        var taken = new List<RoutingNode>();
        foreach (var child in node.Children.Where(child => child.Options.Matchers.All(matcher => matcher.Matches(labels[matcher.Name]))))
        {
            taken.Add(child);
            if (!child.Options.Continue)
            {
                break;
            }
        }
        return taken;
    }

    private static string Name(RoutingNode node) =>
        node.Options.Matchers.Count == 0 ? "default-route" : MatcherText.Of(node.Options.Matchers);

    private static void Draw(StringBuilder text, IReadOnlyList<RoutingNode> nodes, string before,
        Func<RoutingNode, IReadOnlyList<RoutingNode>> children, Func<RoutingNode, bool, string> line)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            var isLast = i == nodes.Count - 1;
            var below = children(nodes[i]);
            text.Append(before).Append(isLast ? "└── " : "├── ").Append(line(nodes[i], below.Count == 0)).Append('\n');
            Draw(text, below, before + (isLast ? Blank : Bar), children, line);
        }
    }
}

using Pharos.Storage.Model;

namespace Pharos.Alerting.Routing;

/// <summary>One route with everything inherited filled in.</summary>
/// <remarks>Immutable. <see cref="Id"/> tells it from siblings of equal <see cref="Key"/> and outlives a reload.</remarks>
public sealed class RoutingNode
{
    private static readonly TimeSpan DefaultGroupWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultGroupInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DefaultRepeatInterval = TimeSpan.FromHours(4);

    private readonly HashSet<string> _groupBy;

    internal RoutingNode(RouteOptions options, RoutingNode? parent, int sameKeyBefore)
    {
        Options = options;
        Parent = parent;
        Key = parent is null ? MatcherText.Of(options.Matchers) : $"{parent.Key}/{MatcherText.Of(options.Matchers)}";
        Id = sameKeyBefore == 0 && parent?.Id == parent?.Key ? Key
            : $"{parent?.Id}/{MatcherText.Of(options.Matchers)}#{sameKeyBefore}";
        Receiver = string.IsNullOrEmpty(options.Receiver) ? parent?.Receiver ?? "" : options.Receiver;
        GroupBy = options.GroupBy ?? parent?.GroupBy ?? [];
        GroupByAll = GroupBy is ["..."];
        _groupBy = new HashSet<string>(GroupBy, StringComparer.Ordinal);
        GroupWait = options.GroupWait ?? parent?.GroupWait ?? DefaultGroupWait;
        GroupInterval = options.GroupInterval ?? parent?.GroupInterval ?? DefaultGroupInterval;
        RepeatInterval = options.RepeatInterval ?? parent?.RepeatInterval ?? DefaultRepeatInterval;
        Labels = MergeLabels(parent, options);
        Children = BuildChildren(options);
    }

    public RouteOptions Options { get; }

    public RoutingNode? Parent { get; }

    /// <summary>The matchers from the root to here: <c>{}/{team="x"}</c>.</summary>
    public string Key { get; }

    public string Id { get; }

    public string Receiver { get; }

    public IReadOnlyList<string> GroupBy { get; }

    public bool GroupByAll { get; }

    public TimeSpan GroupWait { get; }

    public TimeSpan GroupInterval { get; }

    public TimeSpan RepeatInterval { get; }

    public LabelSet Labels { get; }

    public IReadOnlyList<RoutingNode> Children { get; }

    /// <summary>The labels by which an alert joins its group here.</summary>
    public LabelSet GroupLabels(LabelSet labels)
    {
        if (GroupByAll)
        {
            return labels;
        }
        var kept = new Label[labels.Count];
        var count = 0;
        foreach (var label in labels.Span)
        {
            if (_groupBy.Contains(label.Name))
            {
                kept[count++] = label;
            }
        }
        return LabelSet.From(kept.AsSpan(0, count));
    }

    /// <summary><c>{}/{team="x"}:{alertname="A"}</c>.</summary>
    public string GroupKey(LabelSet groupLabels) => $"{Key}:{MatcherText.Of(groupLabels)}";

    /// <summary>Adds the deepest matching routes, in the order of the file.</summary>
    /// <returns>False where this route does not match.</returns>
    internal bool Collect(LabelSet labels, List<RoutingNode> into)
    {
        foreach (var matcher in Options.Matchers)
        {
            if (!matcher.Matches(labels[matcher.Name]))
            {
                return false;
            }
        }
        var before = into.Count;
        foreach (var child in Children)
        {
            if (child.Collect(labels, into) && !child.Options.Continue)
            {
                break;
            }
        }
        if (into.Count == before)
        {
            into.Add(this);
        }
        return true;
    }

    private static LabelSet MergeLabels(RoutingNode? parent, RouteOptions options)
    {
        var labels = new LabelSetBuilder(parent?.Labels ?? LabelSet.Empty);
        foreach (var label in options.Labels)
        {
            labels.Set(label.Name, label.Value);
        }
        return labels.Build();
    }

    private List<RoutingNode> BuildChildren(RouteOptions options)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var children = new List<RoutingNode>(options.Routes.Count);
        foreach (var route in options.Routes)
        {
            var text = MatcherText.Of(route.Matchers);
            var before = seen.GetValueOrDefault(text);
            seen[text] = before + 1;
            children.Add(new RoutingNode(route, this, before));
        }
        return children;
    }
}

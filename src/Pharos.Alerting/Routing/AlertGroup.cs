using Pharos.Alerting.Alerts;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Routing;

/// <summary>The alerts of one route with equal group labels, and when they are sent next.</summary>
/// <remarks>Not thread-safe: the pipeline's lock guards it.</remarks>
internal sealed class AlertGroup(RoutingNode route, LabelSet labels, DateTimeOffset nextFlush)
{
    public RoutingNode Route { get; set; } = route;

    public LabelSet Labels { get; } = labels;

    /// <summary>Survives a reload as long as the route does.</summary>
    public string Identity => IdentityOf(Route, Labels);

    public string Key => Route.GroupKey(Labels);

    public Dictionary<LabelSet, Alert> Alerts { get; } = [];

    public DateTimeOffset NextFlush { get; set; } = nextFlush;

    public bool HasFlushed { get; set; }

    /// <summary>A flush is under way; the next one waits for its end.</summary>
    public bool IsFlushing { get; set; }

    public bool IsRemoved { get; set; }

    /// <summary>When the group was due last, whether or not this node was the one to flush it.</summary>
    public DateTimeOffset? LastDue { get; set; }

    /// <summary>A flush was broken off: it is made up for as soon as anything may be sent.</summary>
    public bool IsOverdue { get; set; }

    public DateTimeOffset? EmptySince { get; set; }

    public static string IdentityOf(RoutingNode route, LabelSet labels) => $"{route.Id}:{MatcherText.Of(labels)}";

    /// <summary>When something must happen: a flush, or the end of an empty group.</summary>
    public DateTimeOffset WakeAt() =>
        EmptySince is { } since && since + Dispatcher.EmptyGroupAge < NextFlush ? since + Dispatcher.EmptyGroupAge : NextFlush;
}

using Pharos.Alerting.Inhibition;
using Pharos.Alerting.Routing;
using Pharos.Alerting.TimeIntervals;

namespace Pharos.Alerting.Notifications;

/// <summary>Everything of <c>alertmanager.yml</c> that the pipeline needs, validated.</summary>
/// <remarks>The names of receivers and time intervals used in the tree are defined here; the root names a receiver.</remarks>
public sealed record AlertmanagerOptions
{
    public required RouteOptions Route { get; init; }

    public IReadOnlyList<ReceiverOptions> Receivers { get; init; } = [];

    public IReadOnlyList<InhibitRuleOptions> InhibitRules { get; init; } = [];

    /// <summary>Entries of <c>time_intervals</c> and of the older <c>mute_time_intervals</c> together.</summary>
    public IReadOnlyList<NamedTimeIntervals> TimeIntervals { get; init; } = [];

    /// <summary>After how long an alert without an end is taken for resolved unless it is sent again.</summary>
    public TimeSpan ResolveTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Where users reach this server, without a slash at the end.</summary>
    public string ExternalUrl { get; init; } = "";
}

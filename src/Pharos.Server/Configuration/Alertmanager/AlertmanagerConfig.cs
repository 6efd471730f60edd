using Pharos.Alerting.Inhibition;
using Pharos.Alerting.Routing;
using Pharos.Alerting.TimeIntervals;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>All of <c>alertmanager.yml</c> that Pharos acts on, validated, the global section already applied to the receivers.</summary>
internal sealed record AlertmanagerConfig
{
    public required RouteOptions Route { get; init; }

    public IReadOnlyList<ReceiverConfig> Receivers { get; init; } = [];

    public IReadOnlyList<InhibitRuleOptions> InhibitRules { get; init; } = [];

    /// <summary>Those of <c>time_intervals</c> and of the older <c>mute_time_intervals</c>.</summary>
    public IReadOnlyList<NamedTimeIntervals> TimeIntervals { get; init; } = [];

    public TimeSpan ResolveTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Absolute patterns of template files.</summary>
    public IReadOnlyList<string> Templates { get; init; } = [];
}

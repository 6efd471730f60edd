using Pharos.Alerting.Alerts;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Notifications;

/// <summary>One flush of one alert group to one integration of a receiver: everything that templates and payloads need.</summary>
public sealed record Notification
{
    public required string Receiver { get; init; }

    /// <summary><c>{routeKey}:{labelset}</c>; deduplication keys are its SHA-256 in hexadecimal.</summary>
    public required string GroupKey { get; init; }

    public required LabelSet GroupLabels { get; init; }

    public LabelSet RouteLabels { get; init; } = LabelSet.Empty;

    /// <summary>Firing and (where the integration sends them) resolved ones, in the group's order.</summary>
    public required IReadOnlyList<Alert> Alerts { get; init; }

    /// <summary>The reason of the deduplication decision, for instance "first notification".</summary>
    public string Reason { get; init; } = "";

    /// <summary>Where users reach this server, without a slash at the end.</summary>
    public required string ExternalUrl { get; init; }

    /// <summary>The flush's time: decides which alerts are resolved.</summary>
    public required DateTimeOffset Now { get; init; }

    public GroupMemory Memory { get; init; } = GroupMemory.None;

    /// <summary>Asked at the last moment, when a connection is there and nothing is written to it yet; null for always.</summary>
    internal Func<bool>? MaySend { get; init; }

    public bool IsFiring
    {
        get
        {
            foreach (var alert in Alerts)
            {
                if (!alert.IsResolvedAt(Now))
                {
                    return true;
                }
            }
            return false;
        }
    }
}

namespace Pharos.Alerting.Notifications;

/// <summary>What the pipeline is started with, beside its configuration.</summary>
public sealed record AlertingLimits
{
    /// <summary>How long after the start nothing is sent, so that everything that fires can arrive first.</summary>
    public TimeSpan DispatchStartDelay { get; init; }

    /// <summary>How many alerts of one name may fire; further ones are refused. 0 for no limit.</summary>
    public int MaxAlertsPerName { get; init; }

    /// <summary>How long before a silence ends that is said by an alert; zero for never.</summary>
    public TimeSpan SilenceExpiryNotice { get; init; }

    /// <summary>Where this node is reached, for those that share its state: <c>host:port</c>.</summary>
    public string Address { get; init; } = "";

    /// <summary>How long the transitions of alerts and the notifications are kept.</summary>
    public TimeSpan HistoryRetention { get; init; } = TimeSpan.FromDays(30);
}

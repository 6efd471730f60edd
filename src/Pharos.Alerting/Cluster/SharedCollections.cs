namespace Pharos.Alerting.Cluster;

/// <summary>Names of the collections that nodes hear of from each other.</summary>
internal static class SharedCollections
{
    public const string Silences = "silences";
    public const string RecurringSilences = "recurring-silences";
    public const string Alerts = "alerts";
    public const string AlertHistory = "alert-history";
    public const string NotificationHistory = "notification-history";

    public static readonly IReadOnlyList<string> All = [Silences, RecurringSilences, Alerts, AlertHistory, NotificationHistory];
}

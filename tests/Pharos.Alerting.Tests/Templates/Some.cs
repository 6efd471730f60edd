using Pharos.Alerting.Alerts;
using Pharos.Alerting.Notifications;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Tests.Templates;

/// <summary>The notification that the tables of templates and payloads are about.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Notification Notification = new()
    {
        Receiver = "team.a",
        GroupKey = "{}/{severity=\"critical\"}:{alertname=\"HighLoad\"}",
        GroupLabels = LabelSet.From(("alertname", "HighLoad")),
        RouteLabels = LabelSet.From(("team", "a")),
        Reason = "first notification",
        ExternalUrl = "http://am.example:9093",
        Now = Now,
        Alerts =
        [
            Alert("a:1", new(2026, 3, 1, 10, 20, 30, 123, TimeSpan.Zero), Now.AddHours(1), "http://prom/graph?g0.expr=up&g0.tab=1",
                ("summary", "Load is high"), ("description", "über <b>90%</b> & \"rising\"")),
            Alert("b:2", new(2026, 3, 1, 11, 0, 0, TimeSpan.Zero), Now.AddHours(1), "http://prom/graph?g0.expr=up&g0.tab=1",
                ("summary", "Load is high"), ("description", "second")),
            Alert("c:3", new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero), Now.AddMinutes(-30), "", ("summary", "Load is high")),
        ],
    };

    public static readonly Notification Resolved = Notification with { Alerts = [Notification.Alerts[2]], Reason = "all alerts resolved" };

    private static Alert Alert(
        string instance, DateTimeOffset start, DateTimeOffset end, string generator, params (string, string)[] annotations) => new()
        {
            Labels = LabelSet.From(("alertname", "HighLoad"), ("instance", instance), ("job", "api"), ("severity", "critical")),
            Annotations = LabelSet.From(annotations.AsSpan()),
            StartsAt = start,
            EndsAt = end,
            UpdatedAt = start,
            GeneratorUrl = generator,
        };
}

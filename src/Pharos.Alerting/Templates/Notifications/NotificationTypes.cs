using Pharos.Query.Templates.Execution;
using Pharos.Query.Templates.Functions;
using Pharos.Query.Templates.Values;
using Pharos.Storage.Model;
using static Pharos.Query.Templates.Execution.TemplateFunction;

namespace Pharos.Alerting.Templates.Notifications;

/// <summary>The types of Alertmanager's template data: Data, Alerts, Alert, KV and Pairs with their methods.</summary>
internal static class NotificationTypes
{
    private const string AlertName = "alertname";

    private static readonly TemplateType Pair = new("template.Pair")
    {
        Fields =
        [
            ("Name", static pair => ((Label)pair).Name),
            ("Value", static pair => ((Label)pair).Value),
        ],
    };

    private static readonly TemplateType Pairs = new("template.Pairs")
    {
        Underlying = "[]template.Pair",
        Print = static pairs => Joined(Labels(pairs)),
        Methods = new Dictionary<string, TemplateFunction>(StringComparer.Ordinal)
        {
            ["Names"] = new([], static call => TemplateValue.Strings(Labels(call.Receiver).Select(static l => l.Name))),
            ["Values"] = new([], static call => TemplateValue.Strings(Labels(call.Receiver).Select(static l => l.Value))),
            ["String"] = new([], static call => Joined(Labels(call.Receiver))),
        },
    };

    private static readonly TemplateType KeyValues = new("template.KV")
    {
        Underlying = "map[string]string",
        Print = static map => Joined(Sorted(map)),
        Methods = new Dictionary<string, TemplateFunction>(StringComparer.Ordinal)
        {
            ["SortedPairs"] = new([], static call => new TemplateList(Pairs!,
                [.. Sorted(call.Receiver).Select(static label => (TemplateValue)new TemplateObject(Pair, label))])),
            ["Names"] = new([], static call => TemplateValue.Strings(Sorted(call.Receiver).Select(static l => l.Name))),
            ["Values"] = new([], static call => TemplateValue.Strings(Sorted(call.Receiver).Select(static l => l.Value))),
            ["String"] = new([], static call => Joined(Sorted(call.Receiver))),
            ["Remove"] = new([Strings], Remove),
        },
    };

    private static readonly TemplateType Alert = new("template.Alert")
    {
        JsonLowersNames = true,
        Fields =
        [
            ("Status", static alert => ((NotifiedAlert)alert).Status),
            ("Labels", static alert => TemplateMap.Of(((NotifiedAlert)alert).Labels, KeyValues)),
            ("Annotations", static alert => TemplateMap.Of(((NotifiedAlert)alert).Annotations, KeyValues)),
            ("StartsAt", static alert => GoTime.Of(((NotifiedAlert)alert).StartsAt)),
            ("EndsAt", static alert => GoTime.Of(((NotifiedAlert)alert).EndsAt)),
            ("GeneratorURL", static alert => ((NotifiedAlert)alert).GeneratorUrl),
            ("Fingerprint", static alert => ((NotifiedAlert)alert).Fingerprint),
        ],
    };

    private static readonly TemplateType AlertList = new("[]template.Alert");

    private static readonly TemplateType Alerts = new("template.Alerts")
    {
        Underlying = "[]template.Alert",
        Methods = new Dictionary<string, TemplateFunction>(StringComparer.Ordinal)
        {
            ["Firing"] = new([], static call => WithStatus(call.Receiver.List, "firing")),
            ["Resolved"] = new([], static call => WithStatus(call.Receiver.List, "resolved")),
        },
    };

    private static readonly TemplateType Data = new("*template.Data")
    {
        JsonLowersNames = true,
        Fields =
        [
            ("Receiver", static data => ((NotificationData)data).Receiver),
            ("Status", static data => ((NotificationData)data).Status),
            ("Alerts", static data => new TemplateList(Alerts,
                [.. ((NotificationData)data).Alerts.Select(static alert => (TemplateValue)new TemplateObject(Alert, alert))])),
            ("NotificationReason", static data => ((NotificationData)data).Notification.Reason),
            ("GroupLabels", static data => TemplateMap.Of(((NotificationData)data).Notification.GroupLabels, KeyValues)),
            ("CommonLabels", static data => TemplateMap.Of(((NotificationData)data).CommonLabels, KeyValues)),
            ("CommonAnnotations", static data => TemplateMap.Of(((NotificationData)data).CommonAnnotations, KeyValues)),
            ("RouteLabels", static data => TemplateMap.Of(((NotificationData)data).Notification.RouteLabels, KeyValues)),
            ("ExternalURL", static data => ((NotificationData)data).Notification.ExternalUrl),
        ],
    };

    public static TemplateValue Value(NotificationData data) => new TemplateObject(Data, data);

    private static IEnumerable<Label> Labels(TemplateValue pairs) =>
        pairs.List.Items.Select(static item => (Label)item.Object.Host);

    /// <summary>By name, but the alert's name first.</summary>
    private static IEnumerable<Label> Sorted(TemplateValue map) => map.Map.Entries
        .Select(static entry => new Label(entry.Key, entry.Value.Text))
        .OrderBy(static label => label.Name == AlertName ? 0 : 1);

    private static string Joined(IEnumerable<Label> labels) =>
        string.Join(", ", labels.Select(static label => label.Name + "=" + label.Value));

    private static TemplateValue Remove(TemplateCall call)
    {
        var entries = new SortedList<string, TemplateValue>(call.Receiver.Map.Entries, StringComparer.Ordinal);
        if (call[0].Kind == TemplateKind.List)
        {
            foreach (var name in call[0].List.Items)
            {
                entries.Remove(name.Text);
            }
        }
        return call.Receiver.Map with { Entries = entries };
    }

    private static TemplateList WithStatus(TemplateList alerts, string status) =>
        new(AlertList, [.. alerts.Items.Where(alert => ((NotifiedAlert)alert.Object.Host).Status == status)]);
}

using System.Text;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Notifications;
using Pharos.Query.Templates.Values;

namespace Pharos.Alerting.Receivers.PagerDuty;

/// <summary>Sends events to PagerDuty: the Events API v2, or with a service key the old one.</summary>
public sealed class PagerDutyNotifier(PagerDutyOptions options, ReceiverSetup setup) : INotifier
{
    // https://developer.pagerduty.com/docs/ZG9jOjExMDI5NTgx-send-an-alert-event
    private const int MaxSummaryRunes = 1024;
    private const int MaxEventSizeBytes = 512_000;
    private const int RateLimitedByOldApi = 403;
    private const string OldUrl = "https://events.pagerduty.com/generic/2010-04-15/create_event.json";
    private const string Oversized =
        "Custom details have been removed because the original event exceeds the maximum size of 512KB";

    private static readonly (string Name, string Template)[] StandardDetails =
    [
        ("firing", "{{ .Alerts.Firing | toJson }}"),
        ("num_firing", "{{ .Alerts.Firing | len }}"),
        ("num_resolved", "{{ .Alerts.Resolved | len }}"),
        ("resolved", "{{ .Alerts.Resolved | toJson }}"),
    ];

    private readonly HttpIntegration _http = new("pagerduty", setup);

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    /// <summary>As at Alertmanager also where a routing key stands beside the service key.</summary>
    private bool UsesOldApi => options.ServiceKey is not null;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(notification, SendAsync, cancellation);

    private async ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, CancellationToken cancellation)
    {
        var key = renderer.SecretText("key", (UsesOldApi ? options.ServiceKey : options.RoutingKey)?.Reveal() ?? "").Trim();
        if (key.Length == 0)
        {
            return NotifyResult.Never(NotifyFailure.Other, UsesOldApi ? "service key cannot be empty" : "routing key cannot be empty");
        }
        var details = Details(renderer);
        var json = Message(renderer, key, details);
        if (Encoding.UTF8.GetByteCount(json) > MaxEventSizeBytes)
        {
            setup.Logger.LogWarning("receiver {Receiver}, pagerduty: details removed, the event is larger than {Limit} bytes",
                renderer.Data.Notification.Receiver, MaxEventSizeBytes);
            details = new(StringComparer.Ordinal) { ["error"] = Oversized };
            json = Message(renderer, key, details);
        }
        var url = UsesOldApi && options.Url == PagerDutyOptions.DefaultUrl ? OldUrl : options.Url;
        return await _http.SendAsync(
            new OutgoingRequest(url)
            {
                Body = json,
                Timeout = options.Timeout,
                AlsoRetried = UsesOldApi ? RateLimitedByOldApi : 0,
                Secrets = [key],
            },
            cancellation);
    }

    private SortedList<string, TemplateValue> Details(NotificationRenderer renderer)
    {
        var details = new SortedList<string, TemplateValue>(StringComparer.Ordinal);
        foreach (var (name, node) in options.Details)
        {
            details[name] = TemplatedNodeRenderer.Render("details." + name, node, renderer, "");
        }
        foreach (var (name, template) in StandardDetails)
        {
            if (!details.ContainsKey(name))
            {
                details[name] = TemplatedNodeRenderer.Render("details." + name, template, renderer, "");
            }
        }
        return details;
    }

    private string Message(NotificationRenderer renderer, string key, SortedList<string, TemplateValue> details)
    {
        var action = renderer.Data.Status == "firing" ? "trigger" : "resolve";
        var group = GroupKeyHash.Of(renderer.Data.Notification.GroupKey);
        var summary = MessageText.Truncate(renderer.Text("description", options.Description, renderer.PlainSubject()), MaxSummaryRunes);
        var custom = new TemplateMap(TemplateType.AnyMap, details, TemplateValue.None);
        return UsesOldApi ? OldMessage(renderer, (key, action, group, summary), custom)
            : NewMessage(renderer, (key, action, group, summary), custom);
    }

    private string NewMessage(
        NotificationRenderer renderer, (string Key, string Action, string Group, string Summary) parts, TemplateMap details)
    {
        var clientName = renderer.Text("client", options.Client);
        return new JsonText().Open('{').Member("routing_key", parts.Key).Optional("dedup_key", parts.Group)
            .Member("event_action", parts.Action).Key("payload").Open('{')
            .Member("summary", parts.Summary)
            .Member("source", options.Source.Length == 0 ? clientName : renderer.Text("source", options.Source, clientName))
            .Member("severity", options.Severity.Length == 0 ? "error" : renderer.Text("severity", options.Severity, "error"))
            .Optional("class", renderer.Text("class", options.Class))
            .Optional("component", renderer.Text("component", options.Component))
            .Optional("group", renderer.Text("group", options.Group))
            .Key("custom_details").Value(details).Close('}')
            .Optional("client", clientName).Optional("client_url", renderer.Text("client_url", options.ClientUrl))
            .OptionalList("images", Images(renderer), static (json, image) => json.Open('{')
                .Member("src", image.Src).Member("alt", image.Alt).Member("href", image.Href).Close('}'))
            .OptionalList("links", Links(renderer), static (json, link) => json.Open('{')
                .Member("href", link.Href).Member("text", link.Text).Close('}'))
            .Close('}').ToString();
    }

    private string OldMessage(
        NotificationRenderer renderer, (string Key, string Action, string Group, string Summary) parts, TemplateMap details)
    {
        var json = new JsonText().Open('{').Member("service_key", parts.Key).Member("incident_key", parts.Group)
            .Member("event_type", parts.Action).Optional("description", parts.Summary)
            .Member("event_action", "").Key("payload").Raw("null");
        if (parts.Action == "trigger")
        {
            json.Optional("client", renderer.Text("client", options.Client))
                .Optional("client_url", renderer.Text("client_url", options.ClientUrl));
        }
        return json.Key("details").Value(details).Close('}').ToString();
    }

    private List<(string Src, string Alt, string Href)> Images(NotificationRenderer renderer) => [.. options.Images
        .Select(image => (Src: renderer.Text("images.src", image.Src), Alt: renderer.Text("images.alt", image.Alt),
            Href: renderer.Text("images.href", image.Href)))
        .Where(static image => image.Src.Length > 0)];

    private List<(string Href, string Text)> Links(NotificationRenderer renderer) => [.. options.Links
        .Select(link => (Href: renderer.Text("links.href", link.Href), Text: renderer.Text("links.text", link.Text)))
        .Where(static link => link.Href.Length > 0)];
}

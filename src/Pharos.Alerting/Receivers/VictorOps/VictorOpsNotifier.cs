using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Receivers.VictorOps;

/// <summary>Sends events to Splunk On-Call, formerly VictorOps.</summary>
public sealed class VictorOpsNotifier(VictorOpsOptions options, ReceiverSetup setup) : INotifier
{
    // https://help.victorops.com/knowledge-base/incident-fields-glossary
    private const int MaxMessageRunes = 20_480;

    private readonly HttpIntegration _http = new("victorops", setup);

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(notification, SendAsync, cancellation);

    private ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, CancellationToken cancellation)
    {
        var key = options.ApiKey.Reveal();
        var path = UrlPath.Escape($"{key}/{renderer.Text("routing_key", options.RoutingKey)}");
        var request = new OutgoingRequest(UrlPath.Append(options.ApiUrl, path)) { Body = Message(renderer), Secrets = [key] };
        return _http.SendAsync(request, cancellation);
    }

    private string Message(NotificationRenderer renderer)
    {
        var type = renderer.Text("message_type", options.MessageType);
        var message = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["message_type"] = renderer.Data.Status != "firing" ? "RECOVERY" : type is "INFO" or "WARNING" or "CRITICAL" ? type : "CRITICAL",
            ["entity_id"] = GroupKeyHash.Of(renderer.Data.Notification.GroupKey),
            ["entity_display_name"] = renderer.Text("entity_display_name", options.EntityDisplayName, renderer.PlainSubject()),
            ["state_message"] = MessageText.Truncate(renderer.Body("state_message", options.StateMessage), MaxMessageRunes),
            ["monitoring_tool"] = renderer.Text("monitoring_tool", options.MonitoringTool),
        };
        foreach (var (name, template) in options.CustomFields)
        {
            message[name] = renderer.Text("custom_fields." + name, template);
        }
        var json = new JsonText().Open('{');
        foreach (var (name, value) in message)
        {
            json.Member(name, value);
        }
        return json.Close('}').ToString();
    }
}

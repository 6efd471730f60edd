using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Receivers.MicrosoftTeams;

/// <summary>Posts an AdaptiveCard to a workflow of Microsoft Teams (<c>msteamsv2</c>).</summary>
public sealed class AdaptiveCardNotifier(AdaptiveCardOptions options, ReceiverSetup setup) : INotifier
{
    private const string Red = "Attention";
    private const string Green = "Good";

    private readonly HttpIntegration _http = new("msteamsv2", setup);

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(notification, SendAsync, cancellation);

    private ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, CancellationToken cancellation)
    {
        var url = options.WebhookUrl.Reveal();
        var title = renderer.Text("title", options.Title, renderer.PlainSubject());
        var text = renderer.Body("text", options.Text);
        // https://learn.microsoft.com/connectors/teams/?tabs=text1#adaptivecarditemschema
        var json = new JsonText().Open('{').Member("type", "message").Key("attachments").Open('[').Open('{')
            .Member("contentType", "application/vnd.microsoft.card.adaptive").Key("contentUrl").Raw("null")
            .Key("content").Open('{').Member("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
            .Member("type", "AdaptiveCard").Member("version", "1.2").Key("body").Open('[')
            .Open('{').Member("type", "TextBlock").Member("text", title).Member("weight", "Bolder").Member("size", "Medium")
            .Member("wrap", true).Member("style", "heading").Member("color", renderer.Data.Status == "firing" ? Red : Green).Close('}')
            .Open('{').Member("type", "TextBlock").Member("text", text).Member("wrap", true).Close('}')
            .Close(']').Key("msteams").Open('{').Member("width", "full").Close('}').Close('}').Close('}').Close(']').Close('}').ToString();
        return _http.SendAsync(new OutgoingRequest(url) { Body = json }, cancellation);
    }
}

using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Receivers.MicrosoftTeams;

/// <summary>Posts a MessageCard to an incoming webhook of Microsoft Teams (<c>msteams</c>).</summary>
public sealed class MessageCardNotifier(MessageCardOptions options, ReceiverSetup setup) : INotifier
{
    private const string Red = "8C1A1A";
    private const string Green = "2DC72D";

    private readonly HttpIntegration _http = new("msteams", setup);

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(notification, SendAsync, cancellation);

    private ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, CancellationToken cancellation)
    {
        var url = options.WebhookUrl.Reveal();
        var title = renderer.Text("title", options.Title, renderer.PlainSubject());
        var text = renderer.Body("text", options.Text);
        // https://learn.microsoft.com/outlook/actionable-messages/message-card-reference
        var json = new JsonText().Open('{').Member("@context", "http://schema.org/extensions").Member("type", "MessageCard")
            .Member("title", title).Member("summary", renderer.Text("summary", options.Summary, title)).Member("text", text)
            .Member("themeColor", renderer.Data.Status == "firing" ? Red : Green).Close('}').ToString();
        return _http.SendAsync(new OutgoingRequest(url) { Body = json }, cancellation);
    }
}

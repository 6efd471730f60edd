using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Receivers.Webex;

/// <summary>Posts a Markdown message into a Webex room.</summary>
public sealed class WebexNotifier(WebexOptions options, ReceiverSetup setup) : INotifier
{
    // https://developer.webex.com/docs/api/v1/messages/create-a-message
    private const int MaxMessageBytes = 7439;

    private readonly HttpIntegration _http = new("webex", setup);

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(notification, SendAsync, cancellation);

    private ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, CancellationToken cancellation)
    {
        var json = new JsonText().Open('{')
            .Member("markdown", MessageText.TruncateBytes(renderer.Body("message", options.Message), MaxMessageBytes))
            .Optional("roomId", renderer.Text("room_id", options.RoomId)).Close('}').ToString();
        return _http.SendAsync(new OutgoingRequest(options.ApiUrl) { Body = json }, cancellation);
    }
}

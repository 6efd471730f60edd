using Pharos.Alerting.Notifications;
using Pharos.Storage.Text;

namespace Pharos.Alerting.Receivers.Mattermost;

/// <summary>Posts a message with attachments to an incoming webhook of Mattermost.</summary>
public sealed class MattermostNotifier(MattermostOptions options, ReceiverSetup setup) : INotifier
{
    // https://developers.mattermost.com/integrate/webhooks/incoming/#tips-and-best-practices
    private const int MaxTextRunes = 16383;

    private const string Urgent = "urgent";
    private const string Important = "important";
    private const string Standard = "standard";

    private readonly HttpIntegration _http = new("mattermost", setup);

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(notification, SendAsync, cancellation);

    private async ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, CancellationToken cancellation)
    {
        var channel = renderer.Text("channel", options.Channel, options.Channel);
        var request = new OutgoingRequest(options.WebhookUrl.Reveal()) { Body = Message(renderer, channel) };
        var result = await _http.SendAsync(request, cancellation);
        return result.Outcome == NotifyOutcome.Sent ? result : result with { Reason = $"channel {GoQuote.Quote(channel)}: {result.Reason}" };
    }

    private string Message(NotificationRenderer renderer, string channel)
    {
        var hasOwnText = options.Attachments.Count > 0;
        var json = new JsonText().Open('{')
            .Optional("text", hasOwnText ? MessageText.Truncate(renderer.Body("text", options.Message.Text), MaxTextRunes) : "")
            .Optional("channel", channel)
            .Optional("username", renderer.Text("username", options.Username))
            .Optional("icon_url", renderer.Text("icon_url", options.IconUrl))
            .Optional("icon_emoji", renderer.Text("icon_emoji", options.IconEmoji))
            .OptionalList("attachments", hasOwnText ? options.Attachments : [options.Message],
                (list, attachment) => Attachment(list, renderer, attachment))
            .Optional("type", renderer.Text("type", options.Type));
        if (options.Card.Length > 0)
        {
            json.Key("props").Open('{').Optional("card", renderer.Text("props.card", options.Card)).Close('}');
        }
        if (options.Priority is { Priority.Length: > 0 } priority)
        {
            Priority(json, renderer, priority);
        }
        return json.Close('}').ToString();
    }

    private static void Attachment(JsonText json, NotificationRenderer renderer, MattermostAttachment attachment) =>
        json.Open('{').Optional("fallback", renderer.Text("fallback", attachment.Fallback, renderer.PlainSubject()))
            .Optional("color", renderer.Text("color", attachment.Color))
            .Optional("pretext", renderer.Text("pretext", attachment.Pretext))
            .Optional("text", renderer.Body("text", attachment.Text))
            .Optional("author_name", renderer.Text("author_name", attachment.AuthorName))
            .Optional("author_link", renderer.Text("author_link", attachment.AuthorLink))
            .Optional("author_icon", renderer.Text("author_icon", attachment.AuthorIcon))
            .Optional("title", renderer.Text("title", attachment.Title, renderer.PlainSubject()))
            .Optional("title_link", renderer.Text("title_link", attachment.TitleLink))
            .OptionalList("fields", attachment.Fields, (list, field) => Field(list, renderer, field))
            .Optional("thumb_url", renderer.Text("thumb_url", attachment.ThumbUrl))
            .Optional("footer", renderer.Text("footer", attachment.Footer))
            .Optional("footer_icon", renderer.Text("footer_icon", attachment.FooterIcon))
            .Optional("image_url", renderer.Text("image_url", attachment.ImageUrl)).Close('}');

    private static void Field(JsonText json, NotificationRenderer renderer, MattermostField field)
    {
        json.Open('{').Optional("title", renderer.Text("fields.title", field.Title))
            .Optional("value", renderer.Text("fields.value", field.Value));
        if (field.Short is { } isShort)
        {
            json.Member("short", isShort);
        }
        json.Close('}');
    }

    private static void Priority(JsonText json, NotificationRenderer renderer, MattermostPriority wanted)
    {
        var level = renderer.Text("priority", wanted.Priority).ToLowerInvariant();
        level = level is Urgent or Important ? level : Standard;
        json.Key("priority").Open('{').Member("priority", level);
        if (wanted.RequestedAck && level != Standard)
        {
            json.Key("requested_ack").Raw("true");
        }
        if (wanted.PersistentNotifications && level == Urgent)
        {
            json.Key("persistent_notifications").Raw("true");
        }
        json.Close('}');
    }
}

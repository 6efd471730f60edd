using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Receivers.Slack;

/// <summary>Posts a message with one attachment to an incoming webhook, or as a bot.</summary>
public sealed class SlackNotifier : INotifier
{
    // https://api.slack.com/reference/messaging/attachments#legacy_fields
    private const int MaxTitleRunes = 1024;
    private const string UpdateMethod = "chat.update";

    private static readonly string[] DefaultMarkdown = ["fallback", "pretext", "text"];

    private readonly SlackOptions _options;
    private readonly HttpIntegration _http;

    public SlackNotifier(SlackOptions options, ReceiverSetup setup)
    {
        _options = options;
        _http = new HttpIntegration("slack", setup);
    }

    public string Integration => _http.Name;

    public bool SendResolved => _options.SendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(notification, SendAsync, cancellation);

    private async ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, CancellationToken cancellation)
    {
        var token = _options.AppToken?.Reveal();
        var url = _options.ApiUrl is { } webhook && token is null ? webhook.Reveal() : _options.AppUrl;
        var notification = renderer.Data.Notification;
        var earlier = _options.UpdateMessage ? SentMessage.Parse(notification.Memory.Recall(notification.Now)) : null;
        var channel = earlier?.Channel;
        var json = Message(renderer, earlier?.Timestamp, ref channel);
        var request = new OutgoingRequest(earlier is null ? url : Sibling(url, UpdateMethod))
        {
            Body = json,
            Timeout = _options.Timeout,
            Authorization = token is null ? null : "Bearer " + token,
        };
        var result = await _http.SendAsync(request, cancellation, answer => Judge(answer, notification));
        return result.Outcome == NotifyOutcome.Sent ? result : result with { Reason = $"channel \"{channel}\": {result.Reason}" };
    }

    private string Message(NotificationRenderer renderer, string? timestamp, ref string? channel)
    {
        var attachment = Attachment(renderer);
        channel ??= renderer.Text("channel", _options.Channel, _options.Channel);
        var json = new JsonText().Open('{').Optional("channel", channel).Optional("ts", timestamp ?? "")
            .Optional("username", renderer.Text("username", _options.Username))
            .Optional("icon_emoji", renderer.Text("icon_emoji", _options.IconEmoji))
            .Optional("icon_url", renderer.Text("icon_url", _options.IconUrl));
        if (_options.LinkNames)
        {
            json.Key("link_names").Raw("true");
        }
        return json.Optional("text", renderer.Text("message_text", _options.MessageText))
            .Key("attachments").Open('[').Raw(attachment).Close(']').Close('}').ToString();
    }

    private string Attachment(NotificationRenderer renderer)
    {
        var title = MessageText.Truncate(renderer.Text("title", _options.Title, renderer.PlainSubject()), MaxTitleRunes);
        var titleLink = renderer.Text("title_link", _options.TitleLink);
        var pretext = renderer.Text("pretext", _options.Pretext);
        var text = renderer.Body("text", _options.Text);
        var fallback = renderer.Text("fallback", _options.Fallback, renderer.PlainSubject());
        return new JsonText().Open('{').Optional("title", title).Optional("title_link", titleLink)
            .Optional("pretext", pretext)
            .Member("text", text)
            .Member("fallback", fallback)
            .Member("callback_id", renderer.Text("callback_id", _options.CallbackId))
            .OptionalList("fields", _options.Fields, (json, field) => Write(json, field, renderer))
            .OptionalList("actions", _options.Actions, (json, action) => Write(json, action, renderer))
            .Optional("image_url", renderer.Text("image_url", _options.ImageUrl))
            .Optional("thumb_url", renderer.Text("thumb_url", _options.ThumbUrl))
            .Member("footer", renderer.Text("footer", _options.Footer))
            .Optional("color", renderer.Text("color", _options.Color))
            .OptionalList("mrkdwn_in", _options.MarkdownIn.Count > 0 ? _options.MarkdownIn : DefaultMarkdown, static (json, field) => json.Text(field))
            .Close('}').ToString().TrimEnd('\n');
    }

    private void Write(JsonText json, SlackField field, NotificationRenderer renderer) => json.Open('{')
        .Optional("title", renderer.Text("fields.title", field.Title))
        .Optional("value", renderer.Text("fields.value", field.Value))
        .Member("short", field.Short ?? _options.ShortFields).Close('}');

    private static void Write(JsonText json, SlackAction action, NotificationRenderer renderer)
    {
        json.Open('{').Optional("type", renderer.Text("actions.type", action.Type))
            .Optional("text", renderer.Text("actions.text", action.Text))
            .Optional("url", renderer.Text("actions.url", action.Url))
            .Optional("style", renderer.Text("actions.style", action.Style))
            .Optional("name", renderer.Text("actions.name", action.Name))
            .Optional("value", renderer.Text("actions.value", action.Value));
        if (action.Confirm is { } confirm)
        {
            json.Key("confirm").Open('{').Optional("text", renderer.Text("confirm.text", confirm.Text))
                .Optional("title", renderer.Text("confirm.title", confirm.Title))
                .Optional("ok_text", renderer.Text("confirm.ok_text", confirm.OkText))
                .Optional("dismiss_text", renderer.Text("confirm.dismiss_text", confirm.DismissText)).Close('}');
        }
        json.Close('}');
    }

    /// <summary>A webhook answers the text <c>ok</c>, the API an object; both say 200 to refusals too.</summary>
    private NotifyResult? Judge(HttpAnswer answer, Notification notification)
    {
        if (answer.MediaType != "application/json")
        {
            return answer.Body == "ok" ? null
                : NotifyResult.Never(NotifyFailure.ClientError, "received an error response from Slack: " + MessageText.Truncate(answer.Body, 300));
        }
        if (AnswerJson.Parse(answer.Body) is not { } root)
        {
            return NotifyResult.Again(NotifyFailure.ClientError, "Slack's answer is no JSON: " + MessageText.Truncate(answer.Body, 300));
        }
        if (!root.IsTrue("ok"))
        {
            return Refused(root.Text("error"), notification);
        }
        if (_options.UpdateMessage && new SentMessage(root.Text("channel"), root.Text("ts")) is { Channel.Length: > 0, Timestamp.Length: > 0 } sent)
        {
            notification.Memory.Keep(sent.ToString(), notification.Now);
        }
        return null;
    }

    private static NotifyResult Refused(string error, Notification notification)
    {
        var reason = "error response from Slack: " + error;
        switch (error)
        {
            case "ratelimited" or "rate_limited":
                return NotifyResult.Again(NotifyFailure.RateLimited, reason);
            case "message_not_found" or "cant_update_message" or "edit_window_closed" when notification.Memory.Recall(notification.Now) is not null:
                // Somebody has deleted the message that was to be updated: the next attempt posts another.
                notification.Memory.Forget();
                return NotifyResult.Again(NotifyFailure.ClientError, reason);
            default:
                return NotifyResult.Never(NotifyFailure.ClientError, reason);
        }
    }

    /// <summary>Another method of the same API: the last part of the address is the method's name.</summary>
    private static string Sibling(string url, string method)
    {
        var address = new UriBuilder(url) { Query = "", Fragment = "" };
        var path = address.Path.TrimEnd('/');
        address.Path = path[..(path.LastIndexOf('/') + 1)] + method;
        return address.Uri.ToString();
    }
}

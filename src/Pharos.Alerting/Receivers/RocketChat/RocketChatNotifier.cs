using Pharos.Alerting.Notifications;
using Pharos.Storage.Text;

namespace Pharos.Alerting.Receivers.RocketChat;

/// <summary>Posts a message with one attachment as a Rocket.Chat user.</summary>
public sealed class RocketChatNotifier(RocketChatOptions options, ReceiverSetup setup) : INotifier
{
    private const int MaxTitleRunes = 1024;

    private readonly HttpIntegration _http = new("rocketchat", setup);

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(notification, SendAsync, cancellation);

    private async ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, CancellationToken cancellation)
    {
        var channel = renderer.Text("channel", options.Channel, options.Channel);
        var request = new OutgoingRequest(options.ApiUrl + "api/v1/chat.postMessage")
        {
            Body = Message(renderer, channel),
            Headers = [new("X-Auth-Token", options.Token.Reveal()), new("X-User-Id", options.TokenId.Reveal())],
        };
        var result = await _http.SendAsync(request, cancellation, Judge);
        return result.Outcome == NotifyOutcome.Sent ? result : result with { Reason = $"channel {GoQuote.Quote(channel)}: {result.Reason}" };
    }

    private string Message(NotificationRenderer renderer, string channel)
    {
        var title = renderer.Text("title", options.Title, renderer.PlainSubject());
        return new JsonText().Open('{').Optional("channel", channel)
            .Optional("emoji", renderer.Text("emoji", options.Emoji))
            .Optional("avatar", renderer.Text("icon_url", options.IconUrl))
            .Key("attachments").Open('[').Open('{')
            .Optional("title", MessageText.Truncate(title, MaxTitleRunes))
            .Optional("title_link", renderer.Text("title_link", options.TitleLink))
            .Optional("text", renderer.Body("text", options.Text))
            .Optional("image_url", renderer.Text("image_url", options.ImageUrl))
            .Optional("thumb_url", renderer.Text("thumb_url", options.ThumbUrl))
            .Optional("color", renderer.Text("color", options.Color))
            .OptionalList("fields", options.Fields, (json, field) => json.Open('{').Member("short", field.Short ?? options.ShortFields)
                .Optional("title", renderer.Text("fields.title", field.Title))
                .Optional("value", renderer.Text("fields.value", field.Value)).Close('}'))
            // Rocket.Chat knows no other type than the button.
            .OptionalList("actions", options.Actions, (json, action) => json.Open('{').Member("type", "button")
                .Optional("text", renderer.Text("actions.text", action.Text))
                .Optional("url", renderer.Text("actions.url", action.Url)).Member("is_webview", false)
                .Optional("msg", renderer.Text("actions.msg", action.Message)).Member("msg_in_chat_window", false).Close('}'))
            .Close('}').Close(']').Close('}').ToString();
    }

    /// <summary>A refusal may come with the status 200.</summary>
    private static NotifyResult? Judge(HttpAnswer answer)
    {
        if (AnswerJson.Parse(answer.Body) is not { } root)
        {
            return NotifyResult.Again(NotifyFailure.ClientError, "Rocket.Chat's answer is no JSON: " + MessageText.Truncate(answer.Body, 300));
        }
        return root.IsTrue("success") ? null
            : NotifyResult.Never(NotifyFailure.ClientError, "error response from Rocketchat: " + root.Text("error"));
    }
}

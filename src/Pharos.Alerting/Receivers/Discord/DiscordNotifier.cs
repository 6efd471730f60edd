using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Receivers.Discord;

/// <summary>Posts a message with one embed to a webhook of Discord.</summary>
public sealed class DiscordNotifier(DiscordOptions options, ReceiverSetup setup) : INotifier
{
    // https://discord.com/developers/docs/resources/message#embed-object-embed-limits
    private const int MaxTitleRunes = 256;
    private const int MaxDescriptionRunes = 4096;
    private const int MaxContentRunes = 2000;

    private const int Red = 0x992D22;
    private const int Green = 0x2ECC71;

    private readonly HttpIntegration _http = new("discord", setup);

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(notification, SendAsync, cancellation);

    private ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, CancellationToken cancellation)
    {
        var url = options.WebhookUrl.Reveal();
        var title = MessageText.Truncate(renderer.Text("title", options.Title, renderer.PlainSubject()), MaxTitleRunes);
        var description = MessageText.Truncate(renderer.Body("message", options.Message), MaxDescriptionRunes);
        var json = new JsonText().Open('{')
            .Member("content", MessageText.Truncate(renderer.Text("content", options.Content), MaxContentRunes))
            .Key("embeds").Open('[').Open('{')
            .Member("title", title).Member("description", description)
            .Key("color").Value((long)(renderer.Data.Status == "firing" ? Red : Green)).Close('}').Close(']')
            .Optional("username", options.Username).Optional("avatar_url", options.AvatarUrl).Close('}').ToString();
        return _http.SendAsync(new OutgoingRequest(url) { Body = json }, cancellation);
    }
}

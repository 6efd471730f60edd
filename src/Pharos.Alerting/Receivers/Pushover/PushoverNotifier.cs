using System.Globalization;
using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Receivers.Pushover;

/// <summary>Sends messages through Pushover. All parameters stand in the address, as Alertmanager sends them.</summary>
public sealed class PushoverNotifier(PushoverOptions options, ReceiverSetup setup) : INotifier
{
    // https://pushover.net/api#limits
    private const int MaxTitleRunes = 250;
    private const int MaxMessageRunes = 1024;
    private const int MaxUrlRunes = 512;

    /// <summary>Pushover refuses empty messages.</summary>
    private const string EmptyMessage = "(no details)";

    private readonly HttpIntegration _http = new("pushover", setup);

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(notification, SendAsync, cancellation);

    private ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, CancellationToken cancellation)
    {
        var token = renderer.SecretText("token", options.Token.Reveal());
        var user = renderer.SecretText("user_key", options.UserKey.Reveal());
        var parameters = Parameters(renderer);
        parameters["token"] = token;
        parameters["user"] = user;
        return _http.SendAsync(
            new OutgoingRequest($"{options.ApiUrl}?{QueryText.Of(parameters)}") { Body = "", ContentType = "text/plain", Secrets = [token, user] },
            cancellation);
    }

    private Dictionary<string, string> Parameters(NotificationRenderer renderer)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["title"] = MessageText.Truncate(renderer.Text("title", options.Title, renderer.PlainSubject()), MaxTitleRunes),
            ["message"] = Message(renderer),
            ["url"] = MessageText.Truncate(renderer.Text("url", options.Url), MaxUrlRunes),
            ["url_title"] = renderer.Text("url_title", options.UrlTitle),
            ["priority"] = renderer.Text("priority", options.Priority, renderer.Data.Status == "firing" ? "2" : "0"),
            ["retry"] = Seconds(options.Retry),
            ["expire"] = Seconds(options.Expire),
            ["device"] = renderer.Text("device", options.Device),
            ["sound"] = renderer.Text("sound", options.Sound),
        };
        if (options.Html)
        {
            parameters["html"] = "1";
        }
        if (options.Monospace)
        {
            parameters["monospace"] = "1";
        }
        if (options.TimeToLive >= TimeSpan.FromSeconds(1))
        {
            parameters["ttl"] = Seconds(options.TimeToLive);
        }
        return parameters;
    }

    private string Message(NotificationRenderer renderer)
    {
        var text = options.Html ? renderer.HtmlBody("message", options.Message) : renderer.Body("message", options.Message);
        text = MessageText.Truncate(text, MaxMessageRunes).Trim();
        return text.Length == 0 ? EmptyMessage : text;
    }

    private static string Seconds(TimeSpan time) => ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Pharos.Alerting.Notifications;
using Pharos.Query.Templates.Execution;

namespace Pharos.Alerting.Receivers.Telegram;

/// <summary>Sends messages as a bot.</summary>
public sealed class TelegramNotifier(TelegramOptions options, ReceiverSetup setup) : INotifier
{
    // https://core.telegram.org/bots/api#sendmessage
    private const int MaxMessageRunes = 4096;
    private const int MaxMarkupSizeBytes = 32 * 1024;

    /// <summary>A message in HTML cannot be cut: that would break its tags. The text is Alertmanager's.</summary>
    private const string TooLong = "Alertmanager notification could not be sent: message length exceeds Telegram limits.\n" +
        "\t\t\tPlease check the template used for producing the message content.";

    private readonly HttpIntegration _http = new("telegram", setup);

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    private bool IsHtml => options.ParseMode == "HTML";

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(notification, SendAsync, cancellation);

    private async ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, CancellationToken cancellation)
    {
        var token = options.BotToken.Reveal();
        if (!long.TryParse(options.ChatId.Reveal(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var chat))
        {
            return NotifyResult.Again(NotifyFailure.Other, $"no chat_id is in {options.ChatId.File}");
        }
        var request = new OutgoingRequest($"{options.ApiUrl}/bot{token}/sendMessage")
        {
            Body = Message(renderer, chat),
            Timeout = options.Timeout,
            Secrets = [token],
            PauseIn = PauseIn,
        };
        return await _http.SendAsync(request, cancellation, Judge);
    }

    /// <summary>All values are texts, in the order of their names: so does the library that Alertmanager uses.</summary>
    private string Message(NotificationRenderer renderer, long chat)
    {
        var text = IsHtml ? Html(renderer) : MessageText.Truncate(renderer.Body("message", options.Message), MaxMessageRunes);
        // A plain text in place of the template is no valid Markdown.
        var mode = renderer.Problem is null || IsHtml ? options.ParseMode : "";
        return new JsonText().Open('{')
            .Member("chat_id", chat.ToString(CultureInfo.InvariantCulture))
            .Optional("disable_notification", options.DisableNotifications ? "true" : "")
            .Member("disable_web_page_preview", "true")
            .Optional("message_thread_id", options.MessageThreadId == 0 ? "" : options.MessageThreadId.ToString(CultureInfo.InvariantCulture))
            .Optional("parse_mode", mode)
            .Member("text", text).Close('}').ToString();
    }

    private string Html(NotificationRenderer renderer)
    {
        var html = renderer.HtmlBody("message", options.Message);
        return Encoding.UTF8.GetByteCount(html) <= MaxMarkupSizeBytes && TelegramMarkup.VisibleRunes(html) <= MaxMessageRunes ? html
            : MessageText.Truncate(TooLong + "\n" + GoEscape.Html(renderer.PlainSubject()), MaxMessageRunes);
    }

    /// <summary>Telegram names the seconds in <c>parameters.retry_after</c> and not in the header.</summary>
    private static TimeSpan? PauseIn(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object
                && parameters.TryGetProperty("retry_after", out var seconds) && seconds.TryGetInt32(out var count) && count > 0
                ? TimeSpan.FromSeconds(count) : null;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static NotifyResult? Judge(HttpAnswer answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.True)
            {
                return null;
            }
        }
        catch (JsonException)
        {
            // Something between us and Telegram answered: it may be there at the next attempt.
        }
        return NotifyResult.Again(NotifyFailure.Other, "Telegram's answer does not say ok: " + MessageText.Truncate(answer.Body, 300));
    }
}

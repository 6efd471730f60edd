using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Templates;

namespace Pharos.Alerting.Receivers.Slack;

/// <summary>Posts a message with one attachment to an incoming webhook, or as a bot.</summary>
public sealed class SlackNotifier : INotifier
{
    // https://api.slack.com/reference/messaging/attachments#legacy_fields
    private const int MaxTitleRunes = 1024;
    private const string UpdateUrl = "https://slack.com/api/chat.update";

    /// <summary>Groups whose first message is remembered to be updated; the oldest are forgotten.</summary>
    private const int MaxThreads = 10_000;

    private static readonly string[] DefaultMarkdown = ["fallback", "pretext", "text"];

    private readonly SlackOptions _options;
    private readonly NotificationTemplates _templates;
    private readonly ILogger _logger;
    private readonly JsonPoster _poster;
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, (string Channel, string Timestamp)> _threads = new(StringComparer.Ordinal);

    public SlackNotifier(
        SlackOptions options, HttpClient client, NotificationTemplates templates, ILogger logger)
    {
        _options = options;
        _templates = templates;
        _logger = logger;
        _poster = new JsonPoster(client);
    }

    public string Integration => "slack";

    public bool SendResolved => _options.SendResolved;

    public async ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation)
    {
        string url;
        string? token;
        try
        {
            token = _options.AppToken?.Reveal();
            url = _options.ApiUrl is { } webhook && token is null ? webhook.Reveal() : _options.AppUrl;
        }
        catch (IOException problem)
        {
            return new NotifyResult(NotifyOutcome.Retry, problem.Message);
        }
        var thread = _options.UpdateMessage ? FindThread(notification.GroupKey) : default;
        var channel = thread.Channel;
        var renderer = new NotificationRenderer(_templates, notification, Integration, _logger);
        var json = Message(renderer, thread.Timestamp, ref channel);
        var request = new PostRequest(thread.Timestamp is null ? url : UpdateUrl, json)
        {
            Timeout = _options.Timeout,
            Bearer = token,
            Secrets = token is null ? [] : [token],
        };
        var result = await _poster.PostAsync(request, answer => Judge(answer, notification.GroupKey), cancellation);
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
        var text = renderer.Text("text", _options.Text, "\0");
        var fallback = renderer.Text("fallback", _options.Fallback, renderer.PlainSubject());
        var json = new JsonText().Open('{').Optional("title", title).Optional("title_link", titleLink)
            .Optional("pretext", pretext)
            .Member("text", text == "\0" ? renderer.PlainText() : text)
            .Member("fallback", fallback)
            .Member("callback_id", renderer.Text("callback_id", _options.CallbackId));
        Fields(json, renderer);
        Actions(json, renderer);
        json.Optional("image_url", renderer.Text("image_url", _options.ImageUrl))
            .Optional("thumb_url", renderer.Text("thumb_url", _options.ThumbUrl))
            .Member("footer", renderer.Text("footer", _options.Footer))
            .Optional("color", renderer.Text("color", _options.Color))
            .Key("mrkdwn_in").Open('[');
        foreach (var field in _options.MarkdownIn.Count > 0 ? _options.MarkdownIn : DefaultMarkdown)
        {
            json.Text(field);
        }
        return json.Close(']').Close('}').ToString().TrimEnd('\n');
    }

    private void Fields(JsonText json, NotificationRenderer renderer)
    {
        if (_options.Fields.Count == 0)
        {
            return;
        }
        json.Key("fields").Open('[');
        foreach (var field in _options.Fields)
        {
            json.Open('{').Optional("title", renderer.Text("fields.title", field.Title))
                .Optional("value", renderer.Text("fields.value", field.Value))
                .Key("short").Raw(field.Short ?? _options.ShortFields ? "true" : "false").Close('}');
        }
        json.Close(']');
    }

    private void Actions(JsonText json, NotificationRenderer renderer)
    {
        if (_options.Actions.Count == 0)
        {
            return;
        }
        json.Key("actions").Open('[');
        foreach (var action in _options.Actions)
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
        json.Close(']');
    }

    /// <summary>A webhook answers the text <c>ok</c>, the API an object; both say 200 to refusals too.</summary>
    private NotifyResult? Judge(HttpAnswer answer, string groupKey)
    {
        if (answer.MediaType != "application/json")
        {
            return answer.Body == "ok" ? null
                : new NotifyResult(NotifyOutcome.Failed, "received an error response from Slack: " + MessageText.Truncate(answer.Body, 300));
        }
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("ok", out var ok) || ok.ValueKind != JsonValueKind.True)
            {
                var error = Read(root, "error");
                return error is "ratelimited" or "rate_limited"
                    ? new NotifyResult(NotifyOutcome.Retry, "error response from Slack: " + error)
                    : new NotifyResult(NotifyOutcome.Failed, "error response from Slack: " + error);
            }
            if (_options.UpdateMessage && Read(root, "ts") is { Length: > 0 } timestamp && Read(root, "channel") is { Length: > 0 } channel)
            {
                Remember(groupKey, channel, timestamp);
            }
            return null;
        }
        catch (JsonException)
        {
            return new NotifyResult(NotifyOutcome.Retry, "Slack's answer is no JSON: " + MessageText.Truncate(answer.Body, 300));
        }
    }

    private static string Read(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()! : "";

    private (string? Channel, string? Timestamp) FindThread(string groupKey)
    {
        lock (_gate)
        {
            return _threads.TryGetValue(groupKey, out var found) ? found : default((string?, string?));
        }
    }

    private void Remember(string groupKey, string channel, string timestamp)
    {
        lock (_gate)
        {
            if (_threads.Count >= MaxThreads)
            {
                _threads.RemoveAt(0);
            }
            _threads[groupKey] = (channel, timestamp);
        }
    }
}

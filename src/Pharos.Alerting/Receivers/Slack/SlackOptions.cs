using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.Slack;

/// <summary>One entry of <c>slack_configs</c>, global defaults already applied. Texts are templates unless said otherwise.</summary>
public sealed record SlackOptions
{
    public bool SendResolved { get; init; }

    /// <summary>The incoming webhook. Either this or <see cref="AppToken"/> is set.</summary>
    public Secret? ApiUrl { get; init; }

    /// <summary>A bot's token; messages then go to <see cref="AppUrl"/>.</summary>
    public Secret? AppToken { get; init; }

    public string AppUrl { get; init; } = "https://slack.com/api/chat.postMessage";

    public string Channel { get; init; } = "";

    public string Username { get; init; } = """{{ template "slack.default.username" . }}""";

    public string Color { get; init; } = """{{ template "slack.default.color" . }}""";

    public string Title { get; init; } = """{{ template "slack.default.title" . }}""";

    public string TitleLink { get; init; } = """{{ template "slack.default.titlelink" . }}""";

    public string Pretext { get; init; } = """{{ template "slack.default.pretext" . }}""";

    public string Text { get; init; } = """{{ template "slack.default.text" . }}""";

    /// <summary>The message's own text above the attachment.</summary>
    public string MessageText { get; init; } = "";

    public IReadOnlyList<SlackField> Fields { get; init; } = [];

    /// <summary>What a field without <c>short</c> takes.</summary>
    public bool ShortFields { get; init; }

    public string Footer { get; init; } = """{{ template "slack.default.footer" . }}""";

    public string Fallback { get; init; } = """{{ template "slack.default.fallback" . }}""";

    public string CallbackId { get; init; } = """{{ template "slack.default.callbackid" . }}""";

    public string IconEmoji { get; init; } = """{{ template "slack.default.iconemoji" . }}""";

    public string IconUrl { get; init; } = """{{ template "slack.default.iconurl" . }}""";

    public string ImageUrl { get; init; } = "";

    public string ThumbUrl { get; init; } = "";

    public bool LinkNames { get; init; }

    /// <summary>Not templates. Empty: <c>fallback</c>, <c>pretext</c> and <c>text</c>.</summary>
    public IReadOnlyList<string> MarkdownIn { get; init; } = [];

    public IReadOnlyList<SlackAction> Actions { get; init; } = [];

    /// <summary>With <see cref="AppToken"/>: later notifications of a group replace its first message.</summary>
    public bool UpdateMessage { get; init; }

    /// <summary>The bound of one attempt; null leaves it to the caller.</summary>
    public TimeSpan? Timeout { get; init; }
}

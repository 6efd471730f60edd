using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.Mattermost;

/// <summary>One entry of <c>mattermost_configs</c>, global defaults already applied. Texts are templates unless said otherwise.</summary>
public sealed record MattermostOptions
{
    public bool SendResolved { get; init; } = true;

    public required Secret WebhookUrl { get; init; }

    public string Channel { get; init; } = "";

    public string Username { get; init; } = """{{ template "mattermost.default.username" . }}""";

    public string IconUrl { get; init; } = "";

    public string IconEmoji { get; init; } = "";

    /// <summary>The one attachment that the entry's own keys describe. Beside <see cref="Attachments"/> its text alone is
    /// used, as the message's own.</summary>
    public MattermostAttachment Message { get; init; } = new()
    {
        Color = """{{ template "mattermost.default.color" . }}""",
        Text = """{{ template "mattermost.default.text" . }}""",
        Title = """{{ template "mattermost.default.title" . }}""",
        TitleLink = """{{ template "mattermost.default.titlelink" . }}""",
        Fallback = """{{ template "mattermost.default.fallback" . }}""",
    };

    /// <summary>The older way to write attachments.</summary>
    public IReadOnlyList<MattermostAttachment> Attachments { get; init; } = [];

    public string Type { get; init; } = "";

    /// <summary>The text of a card beside the message; empty: none.</summary>
    public string Card { get; init; } = "";

    public MattermostPriority? Priority { get; init; }
}

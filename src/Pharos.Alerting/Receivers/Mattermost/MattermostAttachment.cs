namespace Pharos.Alerting.Receivers.Mattermost;

/// <summary>A block of a message, as Slack has them. Texts are templates; empty ones are left out.</summary>
public sealed record MattermostAttachment
{
    public string Fallback { get; init; } = "";

    public string Color { get; init; } = "";

    public string Pretext { get; init; } = "";

    public string Text { get; init; } = "";

    public string AuthorName { get; init; } = "";

    public string AuthorLink { get; init; } = "";

    public string AuthorIcon { get; init; } = "";

    public string Title { get; init; } = "";

    public string TitleLink { get; init; } = "";

    public IReadOnlyList<MattermostField> Fields { get; init; } = [];

    public string ThumbUrl { get; init; } = "";

    public string Footer { get; init; } = "";

    public string FooterIcon { get; init; } = "";

    public string ImageUrl { get; init; } = "";
}

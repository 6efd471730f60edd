using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.RocketChat;

/// <summary>One entry of <c>rocketchat_configs</c>, global defaults already applied. Texts are templates unless said otherwise.</summary>
public sealed record RocketChatOptions
{
    public bool SendResolved { get; init; }

    /// <summary>Not a template; ends in a slash.</summary>
    public required string ApiUrl { get; init; }

    public required Secret TokenId { get; init; }

    public required Secret Token { get; init; }

    public string Channel { get; init; } = "";

    public string Color { get; init; } = """{{ if eq .Status "firing" }}red{{ else }}green{{ end }}""";

    public string Title { get; init; } = """{{ template "rocketchat.default.title" . }}""";

    public string TitleLink { get; init; } = """{{ template "rocketchat.default.titlelink" . }}""";

    public string Text { get; init; } = """{{ template "rocketchat.default.text" . }}""";

    public IReadOnlyList<RocketChatField> Fields { get; init; } = [];

    /// <summary>What a field without <c>short</c> takes.</summary>
    public bool ShortFields { get; init; }

    public string Emoji { get; init; } = """{{ template "rocketchat.default.emoji" . }}""";

    public string IconUrl { get; init; } = """{{ template "rocketchat.default.iconurl" . }}""";

    public string ImageUrl { get; init; } = "";

    public string ThumbUrl { get; init; } = "";

    public IReadOnlyList<RocketChatAction> Actions { get; init; } = [];
}

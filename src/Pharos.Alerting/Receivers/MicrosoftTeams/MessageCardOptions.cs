using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.MicrosoftTeams;

/// <summary>One entry of <c>msteams_configs</c>. Texts are templates unless said otherwise.</summary>
public sealed record MessageCardOptions
{
    public bool SendResolved { get; init; } = true;

    /// <summary>Not a template.</summary>
    public required Secret WebhookUrl { get; init; }

    public string Title { get; init; } = """{{ template "msteams.default.title" . }}""";

    public string Summary { get; init; } = """{{ template "msteams.default.summary" . }}""";

    public string Text { get; init; } = """{{ template "msteams.default.text" . }}""";
}

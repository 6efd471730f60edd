using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.MicrosoftTeams;

/// <summary>One entry of <c>msteamsv2_configs</c>. Texts are templates unless said otherwise.</summary>
public sealed record AdaptiveCardOptions
{
    public bool SendResolved { get; init; } = true;

    /// <summary>Not a template.</summary>
    public required Secret WebhookUrl { get; init; }

    public string Title { get; init; } = """{{ template "msteamsv2.default.title" . }}""";

    public string Text { get; init; } = """{{ template "msteamsv2.default.text" . }}""";
}

using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.Discord;

/// <summary>One entry of <c>discord_configs</c>. Texts are templates unless said otherwise.</summary>
public sealed record DiscordOptions
{
    public bool SendResolved { get; init; } = true;

    /// <summary>Not a template.</summary>
    public required Secret WebhookUrl { get; init; }

    /// <summary>The message's own text above the embed.</summary>
    public string Content { get; init; } = "";

    public string Title { get; init; } = """{{ template "discord.default.title" . }}""";

    public string Message { get; init; } = """{{ template "discord.default.message" . }}""";

    /// <summary>Not a template; empty: the webhook's own.</summary>
    public string Username { get; init; } = "";

    /// <summary>Not a template; empty: the webhook's own.</summary>
    public string AvatarUrl { get; init; } = "";
}

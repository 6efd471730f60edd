using Pharos.Alerting.Receivers.Discord;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Alertmanager.Receivers;

/// <summary>Reads one entry of <c>discord_configs</c>.</summary>
internal static class DiscordSection
{
    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var url = SecretUrl.ReadRequired(map, "webhook_url");
        var defaults = new DiscordOptions { WebhookUrl = url };
        var options = defaults with
        {
            SendResolved = map.Flag("send_resolved", true),
            Content = map.Text("content"),
            Title = map.Text("title", defaults.Title),
            Message = map.Text("message", defaults.Message),
            Username = map.Text("username"),
            AvatarUrl = map.Text("avatar_url"),
        };
        return new IntegrationConfig(options, http, setup => new DiscordNotifier(options, setup));
    }
}

using Pharos.Alerting.Receivers.MicrosoftTeams;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Alertmanager.Receivers;

/// <summary>Reads one entry of <c>msteams_configs</c> or <c>msteamsv2_configs</c>.</summary>
internal static class MicrosoftTeamsSection
{
    public static IntegrationConfig ReadMessageCard(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var defaults = new MessageCardOptions { WebhookUrl = SecretUrl.ReadRequired(map, "webhook_url") };
        var options = defaults with
        {
            SendResolved = map.Flag("send_resolved", true),
            Title = map.Text("title", defaults.Title),
            Summary = map.Text("summary", defaults.Summary),
            Text = map.Text("text", defaults.Text),
        };
        return new IntegrationConfig(options, http, setup => new MessageCardNotifier(options, setup));
    }

    public static IntegrationConfig ReadAdaptiveCard(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var defaults = new AdaptiveCardOptions { WebhookUrl = SecretUrl.ReadRequired(map, "webhook_url") };
        var options = defaults with
        {
            SendResolved = map.Flag("send_resolved", true),
            Title = map.Text("title", defaults.Title),
            Text = map.Text("text", defaults.Text),
        };
        return new IntegrationConfig(options, http, setup => new AdaptiveCardNotifier(options, setup));
    }
}

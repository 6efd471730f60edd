using Pharos.Server.Configuration.Alertmanager.Receivers;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Every kind of integration (prometheus.io/docs/alerting/latest/configuration), in the order in which a receiver
/// notifies them.</summary>
internal static class IntegrationKinds
{
    public static readonly IReadOnlyList<IntegrationKind> All =
    [
        new("webhook", WebhookSection.Read),
        new("email", EmailSection.Read) { IsHttp = false },
        new("pagerduty", PagerDutySection.Read),
        new("opsgenie", OpsGenieSection.Read),
        new("wechat", WeChatSection.Read),
        new("slack", SlackSection.Read),
        new("victorops", VictorOpsSection.Read),
        new("pushover", PushoverSection.Read),
        new("sns", SnsSection.Read),
        new("telegram", TelegramSection.Read),
        new("discord", DiscordSection.Read),
        new("webex", WebexSection.Read),
        new("msteams", MicrosoftTeamsSection.ReadMessageCard),
        new("msteamsv2", MicrosoftTeamsSection.ReadAdaptiveCard),
        new("jira", JiraSection.Read),
        new("rocketchat", RocketChatSection.Read),
        new("mattermost", MattermostSection.Read),
        new("incidentio", IncidentIoSection.Read),
    ];
}

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
        new("slack", SlackSection.Read),
    ];
}

using Pharos.Alerting.Receivers.Email;
using Pharos.Alerting.Receivers.PagerDuty;
using Pharos.Alerting.Receivers.Slack;
using Pharos.Alerting.Receivers.Webhook;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>A receiver and what it sends to; an integration's index within its kind is part of its identity.</summary>
internal sealed record ReceiverConfig
{
    public required string Name { get; init; }

    public IReadOnlyList<IntegrationConfig<WebhookOptions>> Webhooks { get; init; } = [];

    /// <summary>Mail needs no HTTP client; its <see cref="IntegrationConfig{T}.Http"/> is the default.</summary>
    public IReadOnlyList<IntegrationConfig<EmailOptions>> Emails { get; init; } = [];

    public IReadOnlyList<IntegrationConfig<PagerDutyOptions>> PagerDuty { get; init; } = [];

    public IReadOnlyList<IntegrationConfig<SlackOptions>> Slack { get; init; } = [];
}

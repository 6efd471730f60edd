using Pharos.Alerting.Alerts;

namespace Pharos.Server.Api.Events;

/// <summary>One alert of a webhook's body.</summary>
internal sealed record WebhookAlert(bool IsFiring, PostableAlert Alert);

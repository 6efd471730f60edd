using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.Webhook;

/// <summary>One entry of <c>webhook_configs</c>.</summary>
public sealed record WebhookOptions
{
    public bool SendResolved { get; init; } = true;

    /// <summary>A template, and a secret: users put tokens into webhook addresses.</summary>
    public required Secret Url { get; init; }

    /// <summary>The most alerts of one message; 0: all. What is cut off is counted in <c>truncatedAlerts</c>.</summary>
    public int MaxAlerts { get; init; }

    public TimeSpan? Timeout { get; init; }

    /// <summary>What to send instead of the standard message; null: the standard message.</summary>
    public TemplatedNode? Payload { get; init; }
}

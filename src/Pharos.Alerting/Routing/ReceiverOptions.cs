using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Routing;

/// <summary>A receiver: its name and its integrations, in the order of the file.</summary>
/// <remarks>The position of an integration is part of its identity in the notification log, as at Alertmanager:
/// the index among the integrations of the same kind.</remarks>
public sealed record ReceiverOptions
{
    public required string Name { get; init; }

    public IReadOnlyList<INotifier> Integrations { get; init; } = [];
}

using Pharos.Alerting.Notifications;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Routing;

/// <summary>A receiver: its name and its integrations, in the order of the file.</summary>
/// <remarks>The position of an integration is part of its identity in the notification log, as at Alertmanager:
/// the index among the integrations of the same kind.</remarks>
public sealed record ReceiverOptions
{
    public required string Name { get; init; }

    /// <summary>What the API's <c>receiver_matchers</c> look at; <c>name</c> is always among them.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    public IReadOnlyList<INotifier> Integrations { get; init; } = [];
}

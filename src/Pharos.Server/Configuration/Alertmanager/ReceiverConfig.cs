using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>A receiver and what it sends to; an integration's index within its kind is part of its identity.</summary>
internal sealed record ReceiverConfig
{
    public required string Name { get; init; }

    /// <summary>The receiver's own <c>labels</c>, and its name as <c>name</c>.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    public IReadOnlyList<IntegrationConfig> Integrations { get; init; } = [];
}

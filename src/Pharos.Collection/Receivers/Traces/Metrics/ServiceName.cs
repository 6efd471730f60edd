namespace Pharos.Collection.Receivers.Traces.Metrics;

/// <summary>A service of a tenant, or what else may stand at an end of the service graph.</summary>
internal sealed record ServiceName(string Tenant, string Name);

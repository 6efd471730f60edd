namespace Pharos.Storage.Traces.Dependencies;

/// <summary>Two services of a tenant, of which one calls the other.</summary>
internal readonly record struct DependencyEdge(string Tenant, string Parent, string Child);

namespace Pharos.Storage.Model;

/// <summary>What an exposition says of a metric family: type (<c>counter</c>, <c>gauge</c>, ... or <c>unknown</c>), help, unit.</summary>
public sealed record MetricMetadata(string Type, string Help, string Unit);

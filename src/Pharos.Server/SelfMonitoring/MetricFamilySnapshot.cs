namespace Pharos.Server.SelfMonitoring;

/// <summary>A metric family at one moment.</summary>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
internal sealed record MetricFamilySnapshot(string Name, string Type, string Help, IReadOnlyList<MetricPoint> Points);

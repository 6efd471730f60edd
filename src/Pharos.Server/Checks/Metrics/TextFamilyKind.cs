namespace Pharos.Server.Checks.Metrics;

/// <summary>What a family's <c>TYPE</c> line may say in the plain text format.</summary>
internal enum TextFamilyKind
{
    Untyped,
    Counter,
    Gauge,
    Summary,
    Histogram,
}

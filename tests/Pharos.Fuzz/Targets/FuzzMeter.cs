using System.Diagnostics.Metrics;

namespace Pharos.Fuzz.Targets;

/// <summary>Where the targets' objects put instruments that nobody listens to.</summary>
internal static class FuzzMeter
{
    public static Meter Instance { get; } = new("fuzz");
}

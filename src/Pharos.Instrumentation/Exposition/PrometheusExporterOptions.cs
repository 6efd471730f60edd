using System.Diagnostics.Metrics;

namespace Pharos.Instrumentation.Exposition;

/// <summary>Which meters are exposed, and how.</summary>
public sealed record PrometheusExporterOptions
{
    /// <summary>Meters of these names; a name may end in <c>*</c>.</summary>
    public IReadOnlyList<string> MeterNames { get; init; } = [];

    /// <summary>And these meters themselves.</summary>
    public IReadOnlyList<Meter> Meters { get; init; } = [];

    /// <summary>Of the named meters, only those of this scope (an <see cref="IMeterFactory"/>) and those of none: the
    /// hosts of one process do not see each other's.</summary>
    public object? Scope { get; init; }

    /// <summary>Histograms have native buckets beside their classic ones. They travel in protobuf alone, and only to a
    /// scraper that asks for it; they cost about 10 ns for each measurement.</summary>
    public bool NativeHistograms { get; init; } = true;

    /// <summary>The time of exemplars and of a series' beginning.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

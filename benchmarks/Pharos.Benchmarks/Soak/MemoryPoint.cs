namespace Pharos.Benchmarks.Soak;

/// <summary>The memory of a process at a moment, in megabytes.</summary>
/// <param name="WithoutFiles">Of the resident memory, what is no page of a mapped file.</param>
internal readonly record struct MemoryPoint(double Minutes, double Resident, double WithoutFiles);

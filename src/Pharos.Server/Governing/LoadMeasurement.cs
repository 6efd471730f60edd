namespace Pharos.Server.Governing;

/// <summary>What the process used at one moment.</summary>
/// <param name="MemoryBytes">Memory of its own, files that it has mapped left out: the system takes those back by itself.</param>
/// <param name="CpuCores">Cores kept busy, on average over the last measurements.</param>
/// <param name="Delay">How long work that is ready waits for a thread.</param>
internal readonly record struct LoadMeasurement(long MemoryBytes, double CpuCores, TimeSpan Delay);

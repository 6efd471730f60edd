namespace Pharos.Server.Governing;

/// <summary>What the process may use.</summary>
/// <param name="MemoryBytes">0 for no limit.</param>
/// <param name="CpuCores">0 for no limit.</param>
internal sealed record ResourceBudget(long MemoryBytes, double CpuCores)
{
    /// <summary>The part of the machine's memory, or of the container's, that is the budget where none is given: the rest is for the
    /// system's cache of files, which reads depend on.</summary>
    public const double DefaultMemoryShare = 0.8;

    /// <param name="memoryBytes">Null for the default.</param>
    public static ResourceBudget Of(long? memoryBytes, double cpuCores) =>
        new(memoryBytes ?? (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * DefaultMemoryShare), cpuCores);
}

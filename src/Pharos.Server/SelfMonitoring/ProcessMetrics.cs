using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Pharos.Server.SelfMonitoring;

/// <summary>What the process uses, under the names that Prometheus' clients give it.</summary>
internal sealed class ProcessMetrics
{
    private static readonly string[] Generations = ["0", "1", "2"];

    public ProcessMetrics(Meter meter, DateTimeOffset startedAt, string version)
    {
        meter.CreateObservableCounter("process_cpu_seconds_total", CpuSeconds, description: "Total user and system CPU time spent in seconds.");
        meter.CreateObservableGauge("process_resident_memory_bytes", () => Environment.WorkingSet, description: "Resident memory size in bytes.");
        meter.CreateObservableGauge("process_virtual_memory_bytes", VirtualMemoryBytes, description: "Virtual memory size in bytes.");
        meter.CreateObservableGauge(
            "process_start_time_seconds", () => startedAt.ToUnixTimeMilliseconds() / 1000d,
            description: "Start time of the process since unix epoch in seconds.");
        meter.CreateObservableGauge("process_open_fds", OpenFiles, description: "Number of open file descriptors.");
        meter.CreateObservableGauge("dotnet_threads", () => ThreadPool.ThreadCount, description: "Number of threads of the thread pool.");
        meter.CreateObservableCounter("dotnet_gc_collections_total", Collections, description: "Garbage collections by generation.");
        meter.CreateObservableGauge("dotnet_gc_heap_size_bytes", () => GC.GetTotalMemory(false), description: "Bytes in use on the managed heap.");
        meter.CreateObservableCounter("dotnet_gc_allocated_bytes_total", () => GC.GetTotalAllocatedBytes(),
            description: "Bytes allocated on the managed heap.");
        meter.CreateObservableCounter(
            "dotnet_gc_pause_seconds_total", () => GC.GetTotalPauseDuration().TotalSeconds, description: "Time that garbage collections stopped the program.");
        meter.CreateObservableGauge(
            "pharos_build_info",
            () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", version)),
            description: "Constant 1, labelled with the version of the program.");
    }

    private static double CpuSeconds() => Environment.CpuUsage.TotalTime.TotalSeconds;

    private static long VirtualMemoryBytes()
    {
        using var self = Process.GetCurrentProcess();
        return self.VirtualMemorySize64;
    }

    private static IEnumerable<Measurement<int>> OpenFiles()
    {
        const string Folder = "/proc/self/fd";
        return Directory.Exists(Folder) ? [new Measurement<int>(Directory.GetFileSystemEntries(Folder).Length)] : [];
    }

    private static IEnumerable<Measurement<int>> Collections() => Generations.Select((name, generation) =>
        new Measurement<int>(GC.CollectionCount(generation), new KeyValuePair<string, object?>("generation", name)));
}

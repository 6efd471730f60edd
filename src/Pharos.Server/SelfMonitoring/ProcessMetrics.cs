using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.InteropServices;
using Pharos.Server.Hosting;

namespace Pharos.Server.SelfMonitoring;

/// <summary>What the process uses, under the names that Prometheus' clients give it.</summary>
internal sealed class ProcessMetrics
{
    private const string MaxOpenFiles = "Max open files";

    private static readonly string[] Generations = ["0", "1", "2"];

    public ProcessMetrics(Meter meter, DateTimeOffset startedAt)
    {
        meter.CreateObservableCounter("process_cpu_seconds_total", CpuSeconds, description: "Total user and system CPU time spent in seconds.");
        meter.CreateObservableGauge("process_resident_memory_bytes", () => Environment.WorkingSet, description: "Resident memory size in bytes.");
        meter.CreateObservableGauge("process_virtual_memory_bytes", VirtualMemoryBytes, description: "Virtual memory size in bytes.");
        meter.CreateObservableGauge(
            "process_start_time_seconds", () => startedAt.ToUnixTimeMilliseconds() / 1000d,
            description: "Start time of the process since unix epoch in seconds.");
        meter.CreateObservableGauge("process_open_fds", OpenFiles, description: "Number of open file descriptors.");
        meter.CreateObservableGauge("process_max_fds", FilesAllowed, description: "Maximum number of open file descriptors.");
        meter.CreateObservableGauge("dotnet_threads", () => ThreadPool.ThreadCount, description: "Number of threads of the thread pool.");
        meter.CreateObservableCounter("dotnet_gc_collections_total", Collections, description: "Garbage collections by generation.");
        meter.CreateObservableGauge("dotnet_gc_heap_size_bytes", () => GC.GetTotalMemory(false), description: "Bytes in use on the managed heap.");
        meter.CreateObservableCounter("dotnet_gc_allocated_bytes_total", () => GC.GetTotalAllocatedBytes(),
            description: "Bytes allocated on the managed heap.");
        meter.CreateObservableCounter(
            "dotnet_gc_pause_seconds_total", () => GC.GetTotalPauseDuration().TotalSeconds, description: "Time that garbage collections stopped the program.");
        // Dashboards of Prometheus list its servers by the second name.
        foreach (var prefix in (string[])["pharos", "prometheus"])
        {
            meter.CreateObservableGauge(
                $"{prefix}_build_info",
                () => new Measurement<int>(
                    1, Tag("version", ServerVersion.Number), Tag("revision", ServerVersion.Revision), Tag("branch", "HEAD"),
                    Tag("goversion", RuntimeInformation.FrameworkDescription)),
                description: "A metric with a constant '1' value labeled by the version of the program and what it was built from.");
        }
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

    /// <summary>The soft limit of the process, where the system tells it.</summary>
    private static IEnumerable<Measurement<double>> FilesAllowed()
    {
        const string Limits = "/proc/self/limits";
        var line = File.Exists(Limits)
            ? File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(MaxOpenFiles, StringComparison.Ordinal)) : null;
        return line?[MaxOpenFiles.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
            && double.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? [new Measurement<double>(limit)] : [];
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static IEnumerable<Measurement<int>> Collections() => Generations.Select((name, generation) =>
        new Measurement<int>(GC.CollectionCount(generation), new KeyValuePair<string, object?>("generation", name)));
}

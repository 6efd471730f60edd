using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Pharos.Instrumentation.Metrics;

/// <summary>The process metrics that every Prometheus client library offers, under their usual names.</summary>
public sealed class ProcessMetrics : IDisposable
{
    private readonly Process _process = Process.GetCurrentProcess();

    /// <summary>The meter's name, for whoever listens to it by name.</summary>
    public const string MeterName = "Process";

    /// <summary>On a meter of its own, for a program without dependency injection.</summary>
    public ProcessMetrics()
        : this(new Meter(MeterName))
    {
    }

    /// <summary>On a meter of the factory's, which tells one host's from another's.</summary>
    public ProcessMetrics(IMeterFactory factory)
        : this(factory.Create(new MeterOptions(MeterName)))
    {
    }

    private ProcessMetrics(Meter meter)
    {
        Meter = meter;
        var started = new DateTimeOffset(_process.StartTime.ToUniversalTime(), TimeSpan.Zero).ToUnixTimeMilliseconds() / 1000d;
        Meter.CreateObservableCounter("process_cpu_seconds_total", () => Refreshed().TotalProcessorTime.TotalSeconds, null,
            "Total user and system CPU time spent in seconds.");
        Meter.CreateObservableCounter("process_cpu_user_seconds_total", () => Refreshed().UserProcessorTime.TotalSeconds, null,
            "Total user CPU time spent in seconds.");
        Meter.CreateObservableCounter("process_cpu_system_seconds_total",
            () => Refreshed().PrivilegedProcessorTime.TotalSeconds, null, "Total system CPU time spent in seconds.");
        Meter.CreateObservableGauge("process_resident_memory_bytes", () => Refreshed().WorkingSet64, null,
            "Resident memory size in bytes.");
        Meter.CreateObservableGauge("process_virtual_memory_bytes", () => Refreshed().VirtualMemorySize64, null,
            "Virtual memory size in bytes.");
        Meter.CreateObservableGauge("process_start_time_seconds", () => started, null,
            "Start time of the process since unix epoch in seconds.");
        Meter.CreateObservableGauge("process_threads", () => Refreshed().Threads.Count, null, "Number of threads.");
        Meter.CreateObservableGauge("dotnet_gc_heap_bytes", () => GC.GetTotalMemory(false), null,
            "Bytes that the garbage collector holds to be in use.");
        Meter.CreateObservableCounter("dotnet_gc_collections_total", () => Enumerable.Range(0, GC.MaxGeneration + 1)
            .Select(generation => new Measurement<long>(GC.CollectionCount(generation),
                new KeyValuePair<string, object?>("generation", generation))), null, "Garbage collections by generation.");
    }

    public Meter Meter { get; }

    public void Dispose()
    {
        Meter.Dispose();
        _process.Dispose();
    }

    private Process Refreshed()
    {
        _process.Refresh();
        return _process;
    }
}

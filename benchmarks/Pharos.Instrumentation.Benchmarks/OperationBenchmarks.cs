using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Pharos.Instrumentation.Tracing;

namespace Pharos.Instrumentation.Benchmarks;

/// <summary>One operation of an agent, heard and not heard.</summary>
public class OperationBenchmarks
{
    private readonly AgentTracer _tracer = new("bench");
    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name == AgentTracer.SourcePrefix + "bench",
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    };

    [Params(false, true)]
    public bool IsHeard { get; set; }

    [GlobalSetup]
    public void Begin()
    {
        if (IsHeard)
        {
            ActivitySource.AddActivityListener(_listener);
        }
    }

    [GlobalCleanup]
    public void End() => _listener.Dispose();

    [Benchmark]
    public int Trace() => _tracer.Trace("plan", 1, static (scope, one) => one + 1);
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Receivers.Traces;
using Pharos.Collection.Receivers.Traces.Metrics;
using Pharos.Collection.Receivers.Traces.Sampling;
using Pharos.Storage.Metrics;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;
using Pharos.Storage.Traces.Dependencies;

namespace Pharos.Server.Traces;

/// <summary>What a server needs for traces: the store, the way into it, and who calls whom.</summary>
internal sealed class TraceParts : IAsyncDisposable
{
    private readonly TraceFolder _folder;
    private readonly TailSampler? _sampler;
    private int _disposed;

    private TraceParts(
        TraceFolder folder, DependencyStore dependencies, SpanMetrics metrics, TailSampler? sampler, Func<bool> mayCreateServices,
        Action<SpanBatch> taken, Meter meter)
    {
        (_folder, _sampler) = (folder, sampler);
        Dependencies = dependencies;
        Metrics = metrics;
        Intake = new SpanIntake(folder.Store, meter: meter)
        {
            MayCreateServices = mayCreateServices,
            Taken = batch =>
            {
                metrics.Add(batch);
                taken(batch);
            },
            Sampler = sampler,
        };
    }

    public ITraceStore Store => _folder.Store;

    public SpanIntake Intake { get; }

    /// <summary>Calls between services, counted as spans come in.</summary>
    public DependencyStore Dependencies { get; }

    /// <summary>What is counted of spans, on its way into the metric store; disposed before that.</summary>
    public SpanMetrics Metrics { get; }

    /// <param name="folder">Closed with the parts.</param>
    /// <param name="dataPath">The server's data folder; null to keep nothing over a restart.</param>
    /// <param name="metrics">Where what is counted of spans goes.</param>
    /// <param name="sampling">Null to store every trace.</param>
    /// <param name="taken">Sees every batch that was taken, beside what counts spans.</param>
    /// <exception cref="IOException">What is on disk cannot be opened.</exception>
    public static TraceParts Open(
        TraceFolder folder, string? dataPath, IMetricStore metrics, TailSamplingOptions? sampling, Func<bool> mayCreateServices,
        Action<SpanBatch> taken, TimeProvider time, ILogger logger, Meter meter)
    {
        var dependencies = DependencyStore.Open(
            dataPath is null ? null : Path.Combine(dataPath, "traces-dependencies"), DependencyLimits.Default, time, logger);
        return new TraceParts(
            folder, dependencies, new SpanMetrics(metrics, dependencies, SpanMetricsOptions.Default, time, logger, meter),
            sampling is null ? null : new TailSampler(folder.Store, sampling, time, logger, meter), mayCreateServices, taken, meter);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }
        _sampler?.Dispose();
        Metrics.Dispose();
        Dependencies.Dispose();
        await _folder.DisposeAsync();
    }
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Metrics;

namespace Pharos.Collection.Scraping;

/// <summary>Runs all scrape jobs of one server.</summary>
/// <remarks>Thread-safe. Nothing runs before the first <see cref="Apply"/>. Owns neither the store nor the meter.</remarks>
public sealed class Collector : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CollectorContext _context;
    private readonly Dictionary<string, ScrapePool> _pools = new(StringComparer.Ordinal);
    private readonly Dictionary<ScrapePool, Task> _retiring = [];
    private List<string> _order = [];
    private bool _disposed;

    public Collector(
        IMetricStore store, TimeProvider time, ILogger logger, Meter meter, CollectorOptions? options = null)
    {
        _context = new CollectorContext(
            store, time, logger, new CollectionMetrics(meter), options ?? new CollectorOptions());
        meter.CreateObservableGauge(
            "prometheus_target_scrape_pool_targets", () => CountTargets("scrape_job"), description: "Current number of targets in this scrape pool.");
        meter.CreateObservableGauge("prometheus_sd_discovered_targets", CountDiscovered, description: "Current number of discovered targets.");
        meter.CreateObservableGauge(
            "prometheus_target_metadata_cache_entries", CountMetadata, description: "Total number of metric metadata entries in the cache.");
    }

    /// <summary>Makes these the jobs that run. A job that has not changed keeps its loops, caches and timing; one that
    /// has changed or is gone ends its series as a removed target does.</summary>
    /// <remarks>A job whose client cannot be made is logged and left out; the others run.</remarks>
    public void Apply(IReadOnlyList<ScrapeJobOptions> jobs)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var wanted = jobs.ToDictionary(job => job.JobName, StringComparer.Ordinal);
            foreach (var (name, pool) in _pools.ToList())
            {
                if (!wanted.TryGetValue(name, out var job) || !pool.Job.SameAs(job))
                {
                    _pools.Remove(name);
                    Retire(pool);
                }
            }
            _order = [.. jobs.Select(job => job.JobName)];
            foreach (var job in jobs.Where(job => !_pools.ContainsKey(job.JobName)))
            {
                StartPool(job);
            }
            _context.Metrics.PoolReloads.Add(1);
        }
    }

    /// <summary>The jobs and their targets as they are now.</summary>
    public CollectionSnapshot Snapshot()
    {
        ScrapePool[] pools;
        lock (_gate)
        {
            pools = [.. _order.Where(_pools.ContainsKey).Select(name => _pools[name])];
        }
        return new CollectionSnapshot([.. pools.Select(pool => pool.Snapshot())]);
    }

    /// <summary>Stops every loop at once. Writes no staleness marker: the next start goes on where this one was.</summary>
    public async ValueTask DisposeAsync()
    {
        ScrapePool[] pools;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }
            _disposed = true;
            pools = [.. _pools.Values, .. _retiring.Keys];
            _pools.Clear();
        }
        await Task.WhenAll(pools.Select(pool => pool.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    private void StartPool(ScrapeJobOptions job)
    {
        try
        {
            var pool = new ScrapePool(job, _context);
            _pools[job.JobName] = pool;
            pool.Start();
        }
        catch (Exception fault)
        {
            _context.Metrics.PoolReloadsFailed.Add(1);
            _context.Logger.LogError(fault, "Job {Job} cannot be started; the other jobs run", job.JobName);
        }
    }

    /// <summary>Keeps the pool at hand until its loops have ended, so that disposing can cut the wait short.</summary>
    private void Retire(ScrapePool pool)
    {
        foreach (var done in _retiring.Where(entry => entry.Value.IsCompleted).Select(entry => entry.Key).ToList())
        {
            _retiring.Remove(done);
        }
        _retiring[pool] = pool.RetireAsync();
    }

    private IEnumerable<Measurement<long>> CountTargets(string label) =>
        Pools().Select(pool => new Measurement<long>(
            pool.TargetCount, new KeyValuePair<string, object?>(label, pool.Job.JobName)));

    private IEnumerable<Measurement<long>> CountDiscovered() =>
        Pools().Select(pool => pool.Snapshot()).Select(pool => new Measurement<long>(
            pool.Active.Count + pool.DroppedCount,
            new KeyValuePair<string, object?>("config", pool.JobName), new KeyValuePair<string, object?>("name", "scrape")));

    private IEnumerable<Measurement<long>> CountMetadata() =>
        Pools().Select(pool => pool.Snapshot()).Select(pool => new Measurement<long>(
            pool.Active.Sum(target => target.Metadata.Count), CollectionMetrics.Job(pool.JobName)));

    private ScrapePool[] Pools()
    {
        lock (_gate)
        {
            return [.. _pools.Values];
        }
    }
}

using Microsoft.Extensions.Logging;
using Pharos.Collection.Discovery;
using Pharos.Storage.Model;

namespace Pharos.Collection.Scraping;

/// <summary>One job: its discoveries, its targets and their loops.</summary>
/// <remarks>Thread-safe; <c>_gate</c> guards the groups, the targets and the loops, and nothing is awaited under it.</remarks>
internal sealed class ScrapePool : IAsyncDisposable
{
    /// <summary>Dropped targets that are remembered where the job keeps all.</summary>
    private const int MaxDroppedKept = 100_000;

    /// <summary>The shortest time between two updates of a job's targets, as in Prometheus' discovery manager.</summary>
    private static readonly TimeSpan UpdateInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly CollectorContext _context;
    private readonly HttpClient _client;
    private readonly IReadOnlyList<TargetGroup>?[] _groups;
    private readonly Dictionary<TargetKey, ScrapeLoop> _loops = [];
    private readonly HashSet<Task> _running = [];
    private readonly CancellationTokenSource _shutdown = new();
    private readonly CancellationTokenSource _discovering = new();
    private List<LabelSet> _dropped = [];
    private int _droppedCount;
    private long _updatedAt;
    private bool _updatePlanned;
    private bool _retired;

    public ScrapePool(ScrapeJobOptions job, CollectorContext context)
    {
        Job = job;
        _context = context;
        _client = job.CreateHttpClient();
        _groups = new IReadOnlyList<TargetGroup>?[job.Discoveries.Count];
    }

    public ScrapeJobOptions Job { get; }

    public void Start()
    {
        var discovery = new DiscoveryContext(
            Job.JobName, _context.Time, _context.Logger, _context.Metrics.Discovery, _context.Options.ReadYamlTargets);
        for (var i = 0; i < Job.Discoveries.Count; i++)
        {
            var index = i;
            Track(DiscoverAsync(Job.Discoveries[i].Create(discovery), groups => Publish(index, groups)));
        }
    }

    public int TargetCount
    {
        get
        {
            lock (_gate)
            {
                return _loops.Count;
            }
        }
    }

    public ScrapePoolSnapshot Snapshot()
    {
        lock (_gate)
        {
            return new ScrapePoolSnapshot(Job.JobName,
                [.. _loops.Values.Select(Show).OrderBy(target => target.ScrapeUrl, StringComparer.Ordinal)],
                _dropped, _droppedCount);
        }
    }

    /// <summary>Stops discovering and scraping; ends when the loops have written their staleness markers.</summary>
    public async Task RetireAsync()
    {
        Task[] running;
        await _discovering.CancelAsync().ConfigureAwait(false);
        lock (_gate)
        {
            foreach (var loop in _retired ? [] : _loops.Values.ToList())
            {
                loop.Stop();
            }
            _retired = true;
            _loops.Clear();
            running = [.. _running];
        }
        await Task.WhenAll(running).ConfigureAwait(false);
        _client.Dispose();
    }

    /// <summary>Ends everything at once; no batch is left half written.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_gate)
        {
            _retired = true;
            running = [.. _running];
        }
        await _discovering.CancelAsync().ConfigureAwait(false);
        await _shutdown.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(false);
        _client.Dispose();
    }

    /// <summary>Puts a discovery's first groups into effect at once, and later ones when the last update of the job is
    /// long enough ago: a burst of changes costs one update.</summary>
    private void Publish(int index, IReadOnlyList<TargetGroup> groups)
    {
        _context.Metrics.Discovery.Received();
        lock (_gate)
        {
            var isFirst = _groups[index] is null;
            _groups[index] = groups;
            if (_updatePlanned)
            {
                return;
            }
            if (!isFirst && _context.Time.GetElapsedTime(_updatedAt) is var elapsed && elapsed < UpdateInterval)
            {
                _context.Metrics.Discovery.Delayed();
                _updatePlanned = true;
                Track(UpdateLaterAsync(UpdateInterval - elapsed));
                return;
            }
        }
        Update();
    }

    private async Task UpdateLaterAsync(TimeSpan wait)
    {
        try
        {
            await Task.Delay(wait, _context.Time, _discovering.Token).ConfigureAwait(false);
            Update();
        }
        catch (OperationCanceledException)
        {
            // The pool ends, and with it what it would have updated.
        }
    }

    private void Update()
    {
        var started = _context.Time.GetTimestamp();
        lock (_gate)
        {
            _updatePlanned = false;
            _updatedAt = started;
            if (!_retired)
            {
                Sync();
            }
        }
        _context.Metrics.Discovery.Updated();
        _context.Metrics.PoolSyncs.Add(1, CollectionMetrics.Job(Job.JobName));
        _context.Metrics.SyncLength.Record(
            _context.Time.GetElapsedTime(started).TotalSeconds, CollectionMetrics.Job(Job.JobName));
    }

    /// <summary>Starts loops for targets that are new and stops those of targets that are gone. Under the gate.</summary>
    private void Sync()
    {
        var wanted = BuildTargets();
        foreach (var (key, loop) in _loops.Where(loop => !wanted.ContainsKey(loop.Key)).ToList())
        {
            _loops.Remove(key);
            loop.Stop();
        }
        var overLimit = Job.TargetLimit > 0 && wanted.Count > Job.TargetLimit
            ? $"target_limit exceeded (number of targets: {wanted.Count}, limit: {Job.TargetLimit})" : null;
        _context.Metrics.ExceededTargetLimit.Add(overLimit is null ? 0 : 1);
        foreach (var (key, target) in wanted)
        {
            if (_loops.TryGetValue(key, out var running))
            {
                running.Target.Discovered = target.Discovered;
                running.ForcedError = overLimit;
                continue;
            }
            var loop = new ScrapeLoop(Job, target, _client, _context) { ForcedError = overLimit };
            _loops[key] = loop;
            Track(Task.Run(() => RunLoopAsync(loop)));
        }
    }

    private Dictionary<TargetKey, ScrapeTarget> BuildTargets()
    {
        var wanted = new Dictionary<TargetKey, ScrapeTarget>();
        _dropped = [];
        _droppedCount = 0;
        var keep = Job.KeepDroppedTargets > 0 ? Math.Min(Job.KeepDroppedTargets, MaxDroppedKept) : MaxDroppedKept;
        foreach (var group in _groups.SelectMany(groups => groups ?? []))
        {
            foreach (var discovered in group.Targets)
            {
                var build = TargetBuilder.Build(Job, discovered, group.Labels);
                if (build.Target is { } target)
                {
                    wanted.TryAdd(target.Key, target);
                }
                else if (build.Fault is not null)
                {
                    _context.Metrics.SyncFailed.Add(1, CollectionMetrics.Job(Job.JobName));
                    _context.Logger.LogError("Job {Job}: target {Target} of group {Group} is left out: {Reason}",
                        Job.JobName, discovered, group.Source, build.Fault);
                }
                else
                {
                    _droppedCount++;
                    if (_dropped.Count < keep)
                    {
                        _dropped.Add(build.Discovered);
                    }
                }
            }
        }
        return wanted;
    }

    /// <summary>A loop ends after it was stopped and left the dictionary, or at the shutdown, after which none is stopped.</summary>
    private async Task RunLoopAsync(ScrapeLoop loop)
    {
        await loop.RunAsync(_shutdown.Token).ConfigureAwait(false);
        loop.Dispose();
    }

    private async Task DiscoverAsync(IDiscovery discovery, Action<IReadOnlyList<TargetGroup>> publish)
    {
        try
        {
            await discovery.RunAsync(publish, _discovering.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_discovering.IsCancellationRequested)
        {
        }
        catch (Exception fault)
        {
            _context.Metrics.Discovery.Failed.Add(1);
            _context.Logger.LogError(fault, "Job {Job}: {Kind} discovery has failed; its last targets stay",
                Job.JobName, discovery.Kind);
        }
    }

    /// <summary>Remembers a flow until it ends, so that stopping can wait for it.</summary>
    private void Track(Task flow)
    {
        lock (_gate)
        {
            _running.RemoveWhere(task => task.IsCompleted);
            _running.Add(flow);
        }
    }

    private TargetSnapshot Show(ScrapeLoop loop)
    {
        var report = loop.Target.Report;
        return new TargetSnapshot
        {
            DiscoveredLabels = loop.Target.Discovered,
            Labels = loop.Target.Labels,
            ScrapePool = Job.JobName,
            ScrapeUrl = loop.Target.ShownUrl,
            GlobalUrl = GlobalUrl.From(loop.Target, _context.Options.GlobalUrl),
            LastError = report.Error,
            LastScrape = report.At,
            LastScrapeDuration = report.Duration,
            Health = report.Health,
            ScrapeInterval = loop.Target.Interval,
            ScrapeTimeout = loop.Target.Timeout,
            Metadata = loop.Metadata.Published,
        };
    }
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Query.PromQL;

namespace Pharos.Server.Governing;

/// <summary>Watches what the process uses and says what is refused: expensive queries first, then rule evaluations, then new
/// series. Samples of known series keep flowing.</summary>
/// <remarks>Thread-safe. Measures on a thread of its own, for it must see that the pool has none left.</remarks>
internal sealed class Governor : IDisposable
{
    /// <summary>What a query may hold and how long it may run while expensive ones are refused.</summary>
    private const long CheapSamples = 1_000_000;
    private static readonly TimeSpan CheapTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Garbage is no reason to refuse; but to collect all of it stops the process, so not more often than this.</summary>
    private static readonly TimeSpan CollectionInterval = TimeSpan.FromSeconds(30);

    private readonly ManualResetEventSlim _stopping = new();
    private readonly ResourceBudget _budget;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Counter<long> _refusedQueries;
    private readonly Counter<long> _refusedReads;
    private readonly Counter<long> _skippedGroups;
    private Thread? _thread;
    private long _collectedAt;
    private volatile ShedDecision _decision = ShedDecision.Nothing;
    private volatile QueryShedding? _shedding;
    private LoadMeasurement _load;

    public Governor(ResourceBudget budget, TimeProvider time, ILogger logger, Meter meter)
    {
        _budget = budget;
        _time = time;
        _logger = logger;
        _refusedQueries = meter.CreateCounter<long>(
            "pharos_governor_refused_queries_total", null, "Queries that were refused as too expensive under pressure.");
        _refusedReads = meter.CreateCounter<long>(
            "pharos_governor_refused_reads_total", null, "Remote reads and federations that were refused as too expensive under pressure.");
        _skippedGroups = meter.CreateCounter<long>(
            "pharos_governor_skipped_rule_groups_total", null, "Evaluations of rule groups that were left out under pressure.");
        meter.CreateObservableGauge("pharos_governor_level", () => (int)_decision.Level, null,
            "What is refused: 0 nothing, 1 expensive queries, 2 rule evaluations, too, 3 new series, too.");
        meter.CreateObservableGauge("pharos_governor_memory_bytes", () => _load.MemoryBytes, null, "Memory of the process' own.");
        meter.CreateObservableGauge("pharos_governor_memory_budget_bytes", () => _budget.MemoryBytes, null, "What it may use; 0 for no limit.");
        meter.CreateObservableGauge("pharos_governor_cpu_cores", () => _load.CpuCores, null, "Cores that the process keeps busy.");
        meter.CreateObservableGauge("pharos_governor_cpu_budget_cores", () => _budget.CpuCores, null, "What it may keep busy; 0 for no limit.");
        meter.CreateObservableGauge("pharos_governor_delay_seconds", () => _load.Delay.TotalSeconds, null, "How long work waits for a thread.");
    }

    /// <summary>What is refused now.</summary>
    public ShedDecision Decision => _decision;

    /// <summary>What makes a query too expensive now; null while nothing does.</summary>
    public QueryShedding? Shedding => _shedding;

    public void Start()
    {
        var meter = new LoadMeter(_time);
        _thread = new Thread(() =>
        {
            while (!_stopping.Wait(Interval))
            {
                Take(Settled(meter));
            }
        })
        {
            IsBackground = true,
            Name = "governor",
        };
        _thread.Start();
    }

    /// <summary>Decides anew.</summary>
    public void Take(in LoadMeasurement load)
    {
        _load = load;
        var before = _decision;
        var decision = ShedDecision.Decide(load, _budget, before.Level);
        if (decision.Level != before.Level)
        {
            if (decision.Level == ShedLevel.Nothing)
            {
                _logger.LogInformation("Pressure is over: nothing is refused any more");
            }
            else
            {
                _logger.LogWarning("Under pressure, {Reason}: refused from here on: {Level}", decision.Reason, decision.Level);
            }
        }
        _decision = decision;
        _shedding = decision.Level == ShedLevel.Nothing ? null : new QueryShedding(CheapSamples, CheapTime, decision.Reason);
    }

    public void CountRefusedQuery() => _refusedQueries.Add(1);

    /// <summary>Why a read that is no query is refused now, having come to so many samples; null where it may go on. A refusal is counted.</summary>
    /// <param name="kind">What a client asked for.</param>
    public string? RefusalOf(string kind, long samples)
    {
        if (_shedding is not { } pressure || samples <= pressure.MaxSamples)
        {
            return null;
        }
        _refusedReads.Add(1, new KeyValuePair<string, object?>("kind", kind));
        return $"{kind} refused, it would read more than {pressure.MaxSamples} samples while the server is {pressure.Reason}";
    }

    /// <summary>Whether a rule group may be evaluated; a refusal is counted.</summary>
    public bool AllowRules()
    {
        if (_decision.Level < ShedLevel.RuleEvaluations)
        {
            return true;
        }
        _skippedGroups.Add(1);
        return false;
    }

    public bool AllowNewSeries() => _decision.Level < ShedLevel.NewSeries;

    public void Dispose()
    {
        _stopping.Set();
        _thread?.Join();
        _stopping.Dispose();
    }

    /// <summary>A measurement; where it would refuse something for want of memory, one without garbage.</summary>
    private LoadMeasurement Settled(LoadMeter meter)
    {
        var load = meter.Measure();
        var isShort = ShedDecision.Decide(load with { CpuCores = 0, Delay = TimeSpan.Zero }, _budget, _decision.Level).Level != ShedLevel.Nothing;
        if (!isShort || (_collectedAt != 0 && _time.GetElapsedTime(_collectedAt) < CollectionInterval))
        {
            return load;
        }
        _collectedAt = _time.GetTimestamp();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return meter.Measure() with { CpuCores = load.CpuCores, Delay = load.Delay };
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Query.PromQL;

namespace Pharos.Server.Governing;

/// <summary>Watches what the process uses and says what is refused: expensive queries first, then rule evaluations, then new
/// series. Samples of known series keep flowing.</summary>
/// <remarks>Thread-safe. Measures on a thread of its own, for it must see that the pool has none left.</remarks>
internal sealed class Governor : IDisposable
{
    /// <summary>Kinds of reads that are no queries.</summary>
    public const string RemoteRead = "remote read";
    public const string Federation = "federation";
    private const string SeriesList = "list of series";

    /// <summary>What a query may hold and how long it may run while expensive ones are refused.</summary>
    private const long CheapSamples = 1_000_000;
    private static readonly TimeSpan CheapTime = TimeSpan.FromSeconds(10);

    /// <summary>The most series that may be named in an answer meanwhile: their labels take as much as the samples do.</summary>
    private const long CheapSeries = 50_000;

    private readonly ManualResetEventSlim _wake = new();
    private readonly ResourceBudget _budget;
    private readonly TimeProvider _time;
    private readonly CollectionPacing _collections;
    private readonly ILogger _logger;
    private readonly Counter<long> _refusedQueries;
    private readonly Counter<long> _refusedReads;
    private readonly Counter<long> _skippedGroups;
    private Thread? _thread;
    private volatile bool _isStopping;
    private volatile ShedDecision _decision = ShedDecision.Nothing;
    private volatile QueryShedding? _shedding;
    private LoadMeasurement _load;

    public Governor(ResourceBudget budget, TimeProvider time, ILogger logger, Meter meter)
    {
        _budget = budget;
        _time = time;
        _collections = new CollectionPacing(time);
        _logger = logger;
        _refusedQueries = meter.CreateCounter<long>(
            "pharos_governor_refused_queries_total", null, "Queries that were refused as too expensive under pressure.");
        _refusedReads = meter.CreateCounter<long>(
            "pharos_governor_refused_reads_total", null, "Remote reads, federations and lists of series that were refused as too expensive under pressure.");
        _skippedGroups = meter.CreateCounter<long>(
            "pharos_governor_skipped_rule_groups_total", null, "Evaluations of rule groups that were left out under pressure.");
        // From zero on: what appears with its first refusal has no increase, and new series are what a scrape may be refused just then.
        _refusedQueries.Add(0);
        _skippedGroups.Add(0);
        foreach (var kind in (ReadOnlySpan<string>)[RemoteRead, Federation, SeriesList])
        {
            _refusedReads.Add(0, new KeyValuePair<string, object?>("kind", kind));
        }
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

    /// <summary>How often everything is measured; memory may be measured in between.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    public void Start()
    {
        var meter = new LoadMeter(_time);
        _thread = new Thread(() =>
        {
            var (load, measuredAt) = (default(LoadMeasurement), Stopwatch.GetTimestamp());
            while (!_isStopping)
            {
                var rest = Interval - Stopwatch.GetElapsedTime(measuredAt);
                _wake.Wait(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
                _wake.Reset();
                if (_isStopping)
                {
                    return;
                }
                if (Stopwatch.GetElapsedTime(measuredAt) >= Interval)
                {
                    (load, measuredAt) = (meter.Measure(), Stopwatch.GetTimestamp());
                }
                load = Settled(load with { MemoryBytes = LoadMeter.OwnMemoryBytes() });
                Take(load);
            }
        })
        {
            IsBackground = true,
            Name = "governor",
        };
        _thread.Start();
    }

    /// <summary>Memory is measured as soon as may be, for much of it is asked for: in a second a query may make more than there is.</summary>
    public void MeasureMemorySoon() => _wake.Set();

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

    /// <summary>Why a list of so many series is refused now; null where it may be answered. A refusal is counted.</summary>
    public string? RefusalOfSeries(long count)
    {
        if (_shedding is not { } pressure || count <= CheapSeries)
        {
            return null;
        }
        _refusedReads.Add(1, new KeyValuePair<string, object?>("kind", SeriesList));
        return $"{SeriesList} refused, it would name more than {CheapSeries} series while the server is {pressure.Reason}";
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
        _isStopping = true;
        _wake.Set();
        _thread?.Join();
        _wake.Dispose();
    }

    /// <summary>A measurement; where it would refuse something for want of memory, one without garbage, which is no reason to refuse.</summary>
    private LoadMeasurement Settled(LoadMeasurement load)
    {
        var isShort = ShedDecision.Decide(load with { CpuCores = 0, Delay = TimeSpan.Zero }, _budget, _decision.Level).Level != ShedLevel.Nothing;
        if (!isShort || !_collections.MayCollect)
        {
            return load;
        }
        var began = _time.GetTimestamp();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _collections.Collected(_time.GetElapsedTime(began));
        return load with { MemoryBytes = LoadMeter.OwnMemoryBytes() };
    }
}

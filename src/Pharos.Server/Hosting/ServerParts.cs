using System.Diagnostics.Metrics;
using System.IO.Hashing;
using System.Text;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Rules;
using Pharos.Collection.RemoteStorage.Reading;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Collection.Scraping;
using Pharos.Collection.Shipping;
using Pharos.Query.PromQL;
using Pharos.Query.PromQL.Caching;
using Pharos.Server.Api.Prometheus.Notifications;
using Pharos.Server.Api.Prometheus.Queries;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Forwarding;
using Pharos.Server.Governing;
using Pharos.Server.Logs;
using Pharos.Server.SelfMonitoring;
using Pharos.Server.Traces;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks;
using Pharos.Storage.State;
using Pharos.Storage.State.Postgres;

namespace Pharos.Server.Hosting;

/// <summary>What one server is made of, opened in order and closed in the opposite one.</summary>
internal sealed class ServerParts : IAsyncDisposable
{
    private readonly PharosServerOptions _options;
    private readonly MetricStore _metrics;
    private volatile AlertLabels _alertLabels = new(LabelSet.Empty, []);
    private long _alertmanagerHash;
    private long _evaluationIntervalTicks = TimeSpan.FromMinutes(1).Ticks;
    private int _rulesStopped;

    private ServerParts(PharosServerOptions options)
    {
        _options = options;
        Logger = options.Logging.CreateLogger("pharos");
        StartedAt = options.Time.GetUtcNow();
        Meter = new Meter("pharos");
        Sampling = SamplingStrategies.Open(options.Sampling, options.Time, options.Logging.CreateLogger("sampling"));
        StorageOptions = StorageSettings.Of(options, StorageConfig.Default, DiskBytes);
        // It takes the longest: what does not need it is made meanwhile.
        var stores = Task.Run(OpenStores);
        Registry = new MetricRegistry(Meter);
        Governor = new Governor(
            ResourceBudget.Of(options.MemoryBudgetBytes, options.CpuBudgetCores), options.Time, options.Logging.CreateLogger("governor"), Meter);
        Notices = new ServerNotices(options.MaxNotificationSubscribers, options.Time, Meter);
        _ = new ProcessMetrics(Meter, StartedAt);
        (State, _metrics, Loki, var traces) = stores.GetAwaiter().GetResult();
        _metrics.MayCreateSeries = Governor.AllowNewSeries;
        Store = new FanoutStore(_metrics, options.Time, Meter, $"Pharos/{ServerVersion.Number}");
        Traces = TraceParts.Open(
            traces, options.DataPath, Store, options.TailSampling, Governor.AllowNewSeries, Sampling.Count, options.Time,
            options.Logging.CreateLogger("traces"), Meter);
        Engine = new PromEngine(
            new PromEngineOptions
            {
                Lookback = options.QueryLookback,
                MaxSamples = options.QueryMaxSamples,
                Timeout = options.QueryTimeout,
                CurrentShedding = () => Governor.Shedding,
                QueryGrows = Governor.MeasureMemorySoon,
                QueryShed = Governor.CountRefusedQuery,
                CurrentSubqueryStep = () => new TimeSpan(Volatile.Read(ref _evaluationIntervalTicks)),
                DelayedNameRemoval = options.EnabledFeatures.Contains("promql-delayed-name-removal"),
                PerStepStatistics = options.EnabledFeatures.Contains("promql-per-step-stats"),
                UseStartTimestamps = options.EnabledFeatures.Contains("use-start-timestamps"),
                TypeAndUnitLabels = options.EnabledFeatures.Contains("type-and-unit-labels"),
            },
            options.Time);
        Shipper = new Shipper(new ShipperSurroundings(
            Loki.Intake, options.Time, options.Logging.CreateLogger("ship"), Meter, TargetFile.Read,
            Environment.GetEnvironmentVariable("HOSTNAME") is { Length: > 0 } host ? host : Environment.MachineName,
            new KestrelPushHost(options.Logging)));
        LogQueries = new LogQueries(Loki.Store, Loki.Tenants, Governor, options.QueryMaxConcurrency, options.Time);
        Rehearsal = new QueryRehearsal(Store, Engine.Options, options.Time, Logger);
        RangeCache = new RangeCache(Engine, options.QueryCacheBytes, Meter);
        Collector = new Collector(
            Store, options.Time, options.Logging.CreateLogger("scrape"), Meter,
            new CollectorOptions
            {
                UserAgent = $"Pharos/{ServerVersion.Number}",
                ReadYamlTargets = TargetFile.Read,
                GlobalUrl = GlobalUrl(options),
                ExtraScrapeMetrics = options.EnabledFeatures.Contains("extra-scrape-metrics"),
                StoreStartTimes = options.EnabledFeatures.Contains("st-storage"),
                IngestZeroAtStart = options.EnabledFeatures.Contains("created-timestamp-zero-ingestion"),
                TypeAndUnitLabels = options.EnabledFeatures.Contains("type-and-unit-labels"),
            });
        RemoteWrite = new RemoteWriteStorage(
            Store, options.Time, options.Logging.CreateLogger("remote"), Meter,
            options.DataPath is { } data ? Path.Combine(data, "remote-write") : null, options.RemoteFlushDeadline,
            $"Pharos/{ServerVersion.Number}");
        QueryLog = new QueryLog(options.Time, Logger, Meter);
        QueryLog.Observe();
        Pipeline = new AlertingPipeline(State, options.Time, options.Logging.CreateLogger("alerting"), Meter,
            options.AlertingLimits with { Address = NodeAddress(options) });
        Meter.CreateObservableGauge(
            "alertmanager_config_hash", () => Volatile.Read(ref _alertmanagerHash), description: "Hash of the currently loaded alertmanager configuration.");
        Forwarder = new AlertForwarder(forwarder => new ForwardingContext
        {
            Limits = options.ForwardingLimits,
            UserAgent = $"Pharos/{ServerVersion.Number}",
            ReadYamlTargets = TargetFile.Read,
            Time = options.Time,
            Logger = options.Logging.CreateLogger("forward"),
            Meter = Meter,
            Metrics = new ForwardingMetrics(Meter, options.ForwardingLimits, () => forwarder.Sets, () => forwarder.Discovered),
        });
        Rules = new RuleEngine(
            Store, Engine, PostFromRules, options.Time, options.Logging.CreateLogger("rules"), Meter)
        {
            QueryEnded = LogRuleQuery,
            LogQuery = LogQueries.ForRule,
            MayEvaluate = Governor.AllowRules,
        };
        if (options.MeasuresLoad)
        {
            Governor.Start();
        }
    }

    public ILogger Logger { get; }

    public DateTimeOffset StartedAt { get; }

    public Meter Meter { get; }

    public MetricRegistry Registry { get; }

    public Governor Governor { get; }

    public ServerNotices Notices { get; }

    public IStateStore State { get; }

    /// <summary>What is stored here, with what configured remote storages answer merged into queries.</summary>
    public FanoutStore Store { get; }

    /// <summary>How the local store behaves now.</summary>
    public MetricStoreOptions StorageOptions { get; private set; }

    /// <summary>What is known of logs.</summary>
    public LokiParts Loki { get; }

    /// <summary>What is known of traces.</summary>
    public TraceParts Traces { get; }

    /// <summary>What clients are told about sampling.</summary>
    public SamplingStrategies Sampling { get; }

    public Shipper Shipper { get; }

    public LogQueries LogQueries { get; }

    public PromEngine Engine { get; }

    public QueryRehearsal Rehearsal { get; }

    public RangeCache RangeCache { get; }

    public QueryLog QueryLog { get; }

    public Collector Collector { get; }

    public RemoteWriteStorage RemoteWrite { get; }

    public RuleEngine Rules { get; }

    public AlertingPipeline Pipeline { get; }

    public AlertForwarder Forwarder { get; }

    /// <exception cref="ServerStartException">What is on disk cannot be opened.</exception>
    public static ServerParts Open(PharosServerOptions options)
    {
        try
        {
            if (options.DataPath is { } path)
            {
                Directory.CreateDirectory(path);
            }
            return new ServerParts(options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ServerStartException($"cannot open the data in {options.DataPath}: {e.Message}; see --storage.tsdb.path", e);
        }
    }

    /// <summary>Puts a configuration into effect. Nothing is collected or sent before the first call.</summary>
    public async Task ApplyAsync(ConfigurationSnapshot configuration, string externalUrl, CancellationToken cancellation)
    {
        // The only step that can fail by what the file says: before all others.
        QueryLog.Use(configuration.QueryLogFile);
        Volatile.Write(ref _evaluationIntervalTicks, configuration.EvaluationInterval.Ticks);
        _alertLabels = new AlertLabels(configuration.ExternalLabels, configuration.AlertRelabelRules);
        if (configuration.Alertmanager is { } alertmanager)
        {
            Pipeline.Apply(alertmanager with { ExternalUrl = externalUrl });
            Volatile.Write(ref _alertmanagerHash, HashOf(configuration.AlertmanagerText));
        }
        await Forwarder.ApplyAsync(configuration.Alertmanagers, configuration.Alertmanager is not null);
        StorageOptions = StorageSettings.Of(_options, configuration.Storage, DiskBytes);
        _metrics.Reconfigure(StorageOptions);
        // Before anything is collected: a new entry begins with what is committed from here on.
        await RemoteWrite.ApplyAsync(configuration.RemoteWrites);
        Store.Apply(configuration.RemoteReads);
        Collector.Apply(configuration.ScrapeJobs);
        Loki.Apply(configuration.Loki);
        await Shipper.ApplyAsync(configuration.Shipper);
        await Rules.ApplyAsync(
            [.. configuration.RuleGroups, .. configuration.LogRuleGroups],
            new RuleEngineOptions
            {
                ExternalLabels = configuration.ExternalLabels,
                ExternalUrl = externalUrl,
                OutageTolerance = _options.AlertOutageTolerance,
                ForGracePeriod = _options.AlertForGracePeriod,
                ResendDelay = _options.AlertResendDelay,
            },
            cancellation);
    }

    /// <summary>Stops what brings samples in on its own account; what is stored stays readable.</summary>
    public async ValueTask StopIntakeAsync()
    {
        await Shipper.DisposeAsync();
        await Collector.DisposeAsync();
        if (Interlocked.Exchange(ref _rulesStopped, 1) == 0)
        {
            await Rules.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopIntakeAsync();
        await Rehearsal.DisposeAsync();
        Governor.Dispose();
        await Task.WhenAll(Forwarder.DisposeAsync().AsTask(), Pipeline.DisposeAsync().AsTask());
        Traces.Metrics.Dispose();
        await RemoteWrite.DisposeAsync();
        await Store.DisposeAsync();
        LogQueries.Dispose();
        await Loki.DisposeAsync();
        await Traces.DisposeAsync();
        await Sampling.DisposeAsync();
        QueryLog.Dispose();
        State.Dispose();
        Registry.Dispose();
        Meter.Dispose();
    }

    /// <summary>Opens the stores side by side; where one cannot be opened, none stays open.</summary>
    private (IStateStore State, MetricStore Metrics, LokiParts Logs, TraceFolder Traces) OpenStores()
    {
        if (_options.DataPath is { } data && PrometheusFolder.IsOne(data))
        {
            Logger.LogWarning("{Path} has the data of a Prometheus, too, which is left as it is and not served; "
                + "\"pharos tsdb import {Source} --data {Target}\" brings it in while no server runs", data, data, data);
        }
        var state = Task.Run(OpenState);
        var logs = Task.Run(() => LokiParts.Open(
            _options.DataPath, () => Governor.AllowNewSeries(), _options.Time, _options.Logging.CreateLogger("logs"), Meter));
        var traces = Task.Run(() => TraceFolder.Open(
            _options.DataPath, _options.TraceRetentionTime, _options.TraceRetentionBytes, _options.Time, _options.Logging.CreateLogger("traces"), Meter));
        try
        {
            var metrics = _options.DataPath is null ? MetricStore.OpenInMemory(Meter)
                : MetricStore.Open(StorageOptions, _options.Time, _options.Logging.CreateLogger("storage"), Meter);
            try
            {
                return (state.GetAwaiter().GetResult(), metrics, logs.GetAwaiter().GetResult(), traces.GetAwaiter().GetResult());
            }
            catch
            {
                metrics.DisposeAsync().AsTask().GetAwaiter().GetResult();
                throw;
            }
        }
        catch
        {
            _ = state.ContinueWith(
                static opened => opened.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            _ = logs.ContinueWith(
                static opened => opened.Result.DisposeAsync().AsTask(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            _ = traces.ContinueWith(
                static opened => opened.Result.DisposeAsync().AsTask(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            throw;
        }
    }

    private IStateStore OpenState()
    {
        if (_options.StateAddress is { } address)
        {
            try
            {
                return PostgresStateStore.Open(address, _options.Time);
            }
            catch (IOException e)
            {
                throw new ServerStartException($"cannot open the state: {e.Message}; see --state.connection-string", e);
            }
        }
        return _options.DataPath is { } data ? SqliteStateStore.Open(Path.Combine(data, "state.db"), Logger) : new InMemoryStateStore();
    }

    private static string NodeAddress(PharosServerOptions options)
    {
        var listen = options.Listen[0];
        return options.ExternalUrl?.Authority
            ?? (listen.Host is "0.0.0.0" or "::" or "" ? $"{Environment.MachineName}:{listen.Port}" : listen.ToString());
    }

    /// <summary>How a target on this machine's loopback is reached from elsewhere.</summary>
    private static GlobalUrlOptions GlobalUrl(PharosServerOptions options)
    {
        var listen = options.Listen[0];
        return options.ExternalUrl is { } url ? new GlobalUrlOptions(listen.ToString(), url.Authority, url.Scheme)
            : new GlobalUrlOptions(listen.ToString(), $"{Environment.MachineName}:{listen.Port}", Uri.UriSchemeHttp);
    }

    /// <summary>48 bits, which a sample's value holds exactly.</summary>
    private static long HashOf(string text) => (long)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text)) >> 16);

    private void LogRuleQuery(RuleQueryResult query) => QueryLog.Write(
        new QueryLogEntry(query.Expr.ToString(), query.TimeMs, query.TimeMs)
        {
            Statistics = query.Statistics,
            Error = query.Error,
            RuleGroup = (query.Group.File, query.Group.Name),
        });

    private void PostFromRules(IReadOnlyList<Alert> alerts)
    {
        var complete = _alertLabels.Complete(alerts);
        Pipeline.Post(complete);
        Forwarder.Send(complete);
    }

    private long DiskBytes() => StorageSettings.DiskBytes(_options.DataPath);
}

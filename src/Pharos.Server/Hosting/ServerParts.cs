using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Notifications;
using Pharos.Collection.Scraping;
using Pharos.Query.PromQL;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.SelfMonitoring;
using Pharos.Storage.Metrics;
using Pharos.Storage.State;

namespace Pharos.Server.Hosting;

/// <summary>What one server is made of, opened in order and closed in the opposite one.</summary>
internal sealed class ServerParts : IAsyncDisposable
{
    private ServerParts(PharosServerOptions options)
    {
        Logger = options.Logging.CreateLogger("pharos");
        StartedAt = options.Time.GetUtcNow();
        Meter = new Meter("pharos");
        Registry = new MetricRegistry(Meter);
        _ = new ProcessMetrics(Meter, StartedAt, ServerVersion.Number);
        State = options.DataPath is null
            ? new InMemoryStateStore() : SqliteStateStore.Open(Path.Combine(options.DataPath, "state.db"), Logger);
        Store = options.DataPath is null ? MetricStore.OpenInMemory(Meter) : OpenStore(options);
        Engine = new PromEngine(
            new PromEngineOptions
            {
                Lookback = options.QueryLookback,
                MaxSamples = options.QueryMaxSamples,
                Timeout = options.QueryTimeout,
            },
            options.Time);
        Collector = new Collector(
            Store, options.Time, options.Logging.CreateLogger("scrape"), Meter,
            new CollectorOptions { UserAgent = $"Pharos/{ServerVersion.Number}", ReadYamlTargets = TargetFile.Read });
        Pipeline = new AlertingPipeline(State, options.Time, options.Logging.CreateLogger("alerting"), Meter);
    }

    public ILogger Logger { get; }

    public DateTimeOffset StartedAt { get; }

    public Meter Meter { get; }

    public MetricRegistry Registry { get; }

    public IStateStore State { get; }

    public IMetricStore Store { get; }

    public PromEngine Engine { get; }

    public Collector Collector { get; }

    public AlertingPipeline Pipeline { get; }

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
    public void Apply(ConfigurationSnapshot configuration, string externalUrl)
    {
        if (configuration.Alertmanager is { } alertmanager)
        {
            Pipeline.Apply(alertmanager with { ExternalUrl = externalUrl });
        }
        Collector.Apply(configuration.ScrapeJobs);
    }

    /// <summary>Stops what brings samples in on its own account; what is stored stays readable.</summary>
    public ValueTask StopIntakeAsync() => Collector.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await Collector.DisposeAsync();
        await Pipeline.DisposeAsync();
        await Store.DisposeAsync();
        State.Dispose();
        Registry.Dispose();
        Meter.Dispose();
    }

    private MetricStore OpenStore(PharosServerOptions options) => MetricStore.Open(
        new MetricStoreOptions
        {
            Directory = Path.Combine(options.DataPath!, "metrics"),
            RetentionTime = options.RetentionTime,
            RetentionBytes = options.RetentionSizeBytes,
        },
        options.Time,
        options.Logging.CreateLogger("storage"),
        Meter);
}

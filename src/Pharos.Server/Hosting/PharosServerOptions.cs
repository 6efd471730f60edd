using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Alerting.Notifications;
using Pharos.Collection.Receivers.Traces.Sampling;
using Pharos.Collection.RemoteStorage.Reading;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Server.Forwarding;
using Pharos.Server.Hosting.Ports;
using Pharos.Server.Traces;
using Pharos.Storage.State.Postgres;
using Pharos.Storage.Text;

namespace Pharos.Server.Hosting;

/// <summary>Everything that one server is started with; validated when it starts.</summary>
public sealed record PharosServerOptions
{
    /// <summary>The pattern that lets pages of every origin ask.</summary>
    public const string AnyOrigin = ".*";

    /// <summary>A folder whose files are found by their content, or null. Files named one by one below win over it.</summary>
    public string? Folder { get; init; }

    /// <summary>prometheus.yml, or null.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>alertmanager.yml, or null.</summary>
    public string? AlertmanagerConfigFile { get; init; }

    /// <summary>The file that asks for TLS, users and headers on every port, or null.</summary>
    public string? WebConfigFile { get; init; }

    /// <summary>Where everything is kept that outlives the process; null keeps all of it in memory (for tests).</summary>
    public string? DataPath { get; init; }

    /// <summary>Where silences, the notification log and the like are kept for several nodes to share; null for <see cref="DataPath"/>.</summary>
    public PostgresAddress? StateAddress { get; init; }

    /// <summary>Folder of the web interface's files, or null for the one beside the program.</summary>
    public string? UiFolder { get; init; }

    /// <summary>Folders and files of dashboards, beside those found in <see cref="Folder"/>.</summary>
    public IReadOnlyList<string> DashboardPaths { get; init; } = [];

    public IReadOnlyList<ListenAddress> Listen { get; init; } = [ListenAddress.Default];

    /// <summary>Where Alertmanager's API listens in addition, or null.</summary>
    public ListenAddress? AlertmanagerListen { get; init; }

    /// <summary>loki.yml; null to take the one of the folder, if there is one.</summary>
    public string? LokiConfigFile { get; init; }

    /// <summary>promtail.yml; null to take the one of the folder, if there is one.</summary>
    public string? PromtailConfigFile { get; init; }

    /// <summary>Whether <c>${NAME:-default}</c> in promtail.yml is replaced by the environment.</summary>
    public bool PromtailExpandsEnvironment { get; init; }

    /// <summary>Where Loki's clients find their familiar port in addition; null for none.</summary>
    public ListenAddress? LokiListen { get; init; }

    /// <summary>Where OpenTelemetry's clients find their familiar ports in addition (gRPC and HTTP).</summary>
    public IReadOnlyList<ListenAddress> OtlpListen { get; init; } = [];

    /// <summary>Where clients of Jaeger, Zipkin and Tempo find their familiar ports in addition.</summary>
    public TracePorts TracePorts { get; init; } = new();

    /// <summary>The path before every path of Jaeger's query port, with a slash in front and none behind; empty for none.</summary>
    public string JaegerQueryBasePath { get; init; } = "";

    /// <summary>Whose spans a request brings or asks for.</summary>
    public TraceTenancy TraceTenancy { get; init; } = TraceTenancy.Off;

    /// <summary>What clients are told about sampling.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Makes a familiar port that is in use a warning and no error.</summary>
    public bool FamiliarPortsAreOptional { get; init; }

    /// <summary>Where users reach this server, or null for host name and first port.</summary>
    public Uri? ExternalUrl { get; init; }

    /// <summary>The path before every path, with a slash in front and none behind; null takes it from
    /// <see cref="ExternalUrl"/>.</summary>
    public string? RoutePrefix { get; init; }

    public bool EnableLifecycle { get; init; }

    public bool EnableAdminApi { get; init; }

    public bool EnableRemoteWriteReceiver { get; init; }

    /// <summary>Whether Prometheus' path takes OTLP metrics; OpenTelemetry's own paths always do.</summary>
    public bool EnableOtlpReceiver { get; init; }

    public RemoteReadLimits RemoteReadLimits { get; init; } = new();

    /// <summary>How long a server that stops goes on sending to remote storage; what is left goes on after the next start.</summary>
    public TimeSpan RemoteFlushDeadline { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Names of Prometheus' feature flags that are switched on.</summary>
    public IReadOnlySet<string> EnabledFeatures { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Which origins a browser may ask from; fully anchored.</summary>
    public GoRegex CorsOrigin { get; init; } = GoRegex.Anchored(AnyOrigin);

    /// <summary>The title of the web interface's page, or null for its own.</summary>
    public string? PageTitle { get; init; }

    /// <summary>Connections at once; a further one is closed.</summary>
    public int MaxConnections { get; init; } = 512;

    /// <summary>How long a request's head may take to arrive, and a connection may be idle; zero for as long as it likes.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes a second that a client takes at least of what is sent to it; who takes less is cut off, for the whole answer waits
    /// in memory. Zero for any rate.</summary>
    public int MinResponseRate { get; init; } = 4096;

    /// <summary>Listeners of <c>/api/v1/notifications/live</c> at once.</summary>
    public int MaxNotificationSubscribers { get; init; } = 16;

    /// <summary>How long spans are kept; zero for ever.</summary>
    public TimeSpan TraceRetentionTime { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Of all spans on disk; 0 for no limit.</summary>
    public long TraceRetentionBytes { get; init; }

    /// <summary>Which traces are kept; null for all.</summary>
    public TailSamplingOptions? TailSampling { get; init; }

    /// <summary>The most names that one search gives.</summary>
    public int SearchMaxLimit { get; init; } = 10_000;

    /// <summary>How often the files are looked at for changes, which are then loaded; null for never.</summary>
    public TimeSpan? AutoReloadInterval { get; init; }

    /// <summary>The longest stop over which a pending alert's waiting time is restored.</summary>
    public TimeSpan AlertOutageTolerance { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The least time between a restart and a restored alert's firing.</summary>
    public TimeSpan AlertForGracePeriod { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The least time between two sendings of one alert.</summary>
    public TimeSpan AlertResendDelay { get; init; } = TimeSpan.FromMinutes(1);

    public AlertingLimits AlertingLimits { get; init; } = new();

    public ForwardingLimits ForwardingLimits { get; init; } = new();

    /// <summary>What the remote-write receiver takes.</summary>
    public IReadOnlyList<RemoteWriteMessage> RemoteWriteMessages { get; init; } = [RemoteWriteMessage.V1, RemoteWriteMessage.V2];

    /// <summary>How far Jaeger's API moves a span whose host's clock seems to differ; zero only says so.</summary>
    public TimeSpan MaxClockSkewAdjustment { get; init; }

    public int QueryMaxConcurrency { get; init; } = 20;

    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromMinutes(2);

    public int QueryMaxSamples { get; init; } = 50_000_000;

    public TimeSpan QueryLookback { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether the code of queries is compiled well before the first user asks, once the process is idle.</summary>
    public bool RehearsesQueries { get; init; }

    /// <summary>About what answers of range queries that are kept may take in memory; 0 keeps none.</summary>
    public long QueryCacheBytes { get; init; } = 64L << 20;

    /// <summary>The memory that the server keeps to by refusing work; 0 for no limit, null for a share of the machine's.</summary>
    public long? MemoryBudgetBytes { get; init; }

    /// <summary>The cores that the server keeps to by refusing work; 0 for no limit.</summary>
    public double CpuBudgetCores { get; init; }

    /// <summary>Off for tests that say what the load is.</summary>
    internal bool MeasuresLoad { get; init; } = true;

    public TimeSpan RetentionTime { get; init; } = TimeSpan.FromDays(15);

    /// <summary>0 for no limit.</summary>
    public long RetentionSizeBytes { get; init; }

    /// <summary>Whether this is the demo: shown to the web interface.</summary>
    public bool Demo { get; init; }

    /// <summary>Puts further endpoints onto the server's routes, below the prefix.</summary>
    public IReadOnlyList<Action<IEndpointRouteBuilder>> MoreEndpoints { get; init; } = [];

    /// <summary>Every flag with its value, as <c>/api/v1/status/flags</c> shows them.</summary>
    public IReadOnlyDictionary<string, string> Flags { get; init; } = new Dictionary<string, string>();

    /// <summary>One line per file and per key that cannot be honoured, at start and at each reload.</summary>
    public Action<string> Report { get; init; } = _ => { };

    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

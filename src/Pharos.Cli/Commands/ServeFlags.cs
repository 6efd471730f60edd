using System.CommandLine;
using System.Globalization;
using Pharos.Server.Hosting;
using Pharos.Storage.State.Postgres;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands;

/// <summary>The flags of <c>serve</c>: Prometheus' own names with their meaning, and ours beside them.</summary>
internal sealed class ServeFlags
{
    /// <summary>Of Prometheus' agent mode.</summary>
    private static readonly (string Name, string WhenMissing)[] AgentFlags =
    [
        ("storage.agent.path", "data-agent/"), ("storage.agent.wal-compression", "true"), ("storage.agent.retention.min-time", ""),
        ("storage.agent.retention.max-time", ""), ("storage.agent.no-lockfile", "false"),
    ];

    /// <summary>For those who keep passwords out of command lines, which every user of the machine can read.</summary>
    private const string StateConnectionVariable = "PHAROS_STATE_CONNECTION_STRING";

    private readonly List<Option> _all = [];

    public ServeFlags()
    {
        ConfigFile = Text("config.file", "Prometheus configuration file path.");
        Config = Text("config", "Pharos' own configuration file.");
        AlertmanagerConfigFile = Text("alertmanager.config.file", "Alertmanager configuration file path.");
        LokiConfigFile = Text("loki.config.file", "Loki configuration file path.");
        PromtailConfigFile = Text("promtail.config.file", "Promtail configuration file path.");
        PromtailExpandEnv = Flag("promtail.config.expand-env", "Replace ${NAME:-default} in promtail.yml by the environment.");
        Dashboards = Text("dashboards", "Folder of Grafana dashboards (JSON).");
        Slos = Text("slos", "Folder or file of service-level objectives.");
        Runbooks = Text("runbooks", "Folder of runbooks.");
        Data = Text("data", "Folder of everything that outlives the process.", "data/");
        StoragePath = Text("storage.tsdb.path", "Base path for metrics storage; the same as --data.");
        StateConnection = Text("state.connection-string",
            "PostgreSQL that holds the state that is no telemetry, for several nodes to share: Host=..;Username=..;Database=.., or postgresql://.. "
            + $"Also taken from the variable {StateConnectionVariable}.");
        StateConnectionFile = Text("state.connection-string-file", "A file with that connection string.");
        RetentionTime = Text("storage.tsdb.retention.time", "How long to retain samples in storage.", "15d");
        RetentionTime.Aliases.Add("--storage.tsdb.retention");
        RetentionSize = Text("storage.tsdb.retention.size", "Maximum number of bytes that blocks can use: 512MB, 10GB.", "0B");
        // Shorter than Prometheus' minute, for a server ends within ten seconds; nothing is lost, the log keeps the rest.
        ReadSampleLimit = Text(
            "storage.remote.read-sample-limit", "Maximum number of samples returned to a remote read, 0 for no limit.", "50000000");
        ReadConcurrentLimit = Text("storage.remote.read-concurrent-limit", "Maximum number of concurrent remote reads, 0 for no limit.", "10");
        ReadMaxBytesInFrame = Text("storage.remote.read-max-bytes-in-frame", "About how large a frame of a streamed remote read is.", "1048576");
        EnableOtlp = Flag("web.enable-otlp-receiver", "Enable API endpoint accepting OTLP write requests.");
        OtlpGrpcListenAddress = Text("otlp.grpc.listen-address", "Familiar port of OTLP over gRPC; empty to leave it closed.");
        OtlpGrpcListenAddress.Aliases.Add("--collector.otlp.grpc.host-port");
        OtlpHttpListenAddress = Text("otlp.http.listen-address", "Familiar port of OTLP over HTTP; empty to leave it closed.");
        OtlpHttpListenAddress.Aliases.Add("--collector.otlp.http.host-port");
        RemoteFlushDeadline = Text("storage.remote.flush-deadline", "How long to wait flushing samples on shutdown.", "4s");
        ListenAddress = Texts("web.listen-address", "Address to listen on for UI and APIs. Repeatable.", "127.0.0.1:9090");
        AlertmanagerListenAddress = Text("alertmanager.web.listen-address", "Alertmanager's familiar port; empty to leave it closed.");
        LokiListenAddress = Text("loki.web.listen-address", "Loki's familiar port; empty to leave it closed.");
        ExternalUrl = Text("web.external-url", "The URL under which Pharos is externally reachable.");
        RoutePrefix = Text("web.route-prefix", "Prefix for the internal routes of web endpoints.");
        WebConfigFile = Text("web.config.file", "File that enables TLS or authentication.");
        EnableLifecycle = Flag("web.enable-lifecycle", "Enable shutdown and reload via HTTP request.");
        EnableAdminApi = Flag("web.enable-admin-api", "Enable API endpoints for admin control actions.");
        EnableRemoteWrite = Flag("web.enable-remote-write-receiver", "Enable API endpoint accepting remote write requests.");
        CorsOrigin = Text("web.cors.origin", "Regex for CORS origin. It is fully anchored.", PharosServerOptions.AnyOrigin);
        PageTitle = Text("web.page-title", "Document title of the web interface.");
        MaxConnections = Text("web.max-connections", "Maximum number of simultaneous connections across all listeners.", "512");
        ReadTimeout = Text(
            "web.read-timeout", "Maximum duration before timing out read of the request, and closing idle connections.", "5m");
        MaxSubscribers = Text(
            "web.max-notifications-subscribers", "Limits the maximum number of subscribers that can concurrently receive live notifications.", "16");
        SearchMaxLimit = Text("web.search.max-limit", "Maximum number of names that one search gives.", "10000");
        AutoReload = Flag("config.auto-reload", "Reload the configuration files when they change.");
        AutoReloadInterval = Text("config.auto-reload-interval", "How often the configuration files are looked at for changes.", "30s");
        OutageTolerance = Text(
            "rules.alert.for-outage-tolerance", "Max time to tolerate an outage for restoring \"for\" state of alert.", "1h");
        ForGracePeriod = Text(
            "rules.alert.for-grace-period", "Minimum duration between alert and restored \"for\" state.", "10m");
        SilenceExpiryNotice = Text(
            "silences.expiry-notice", "How long before a silence ends the alert SilenceExpiring says so; 0s for never.", "0s");
        QueueCapacity = Text(
            "alertmanager.notification-queue-capacity", "The capacity of the queue for pending Alertmanager notifications.", "10000");
        BatchSize = Text(
            "alertmanager.notification-batch-size", "The maximum number of notifications per batch to send to the Alertmanager.", "256");
        DrainOnShutdown = Flag(
            "alertmanager.drain-notification-queue-on-shutdown", "Send any outstanding Alertmanager notifications when shutting down.", whenMissing: true);
        ResendDelay = Text("rules.alert.resend-delay", "Minimum amount of time to wait before resending an alert.", "1m");
        DispatchStartDelay = Text("dispatch.start-delay", "Minimum amount of time to wait after the start before dispatching alerts.", "0s");
        PerAlertnameLimit = Text("alerts.per-alertname-limit", "Maximum number of alerts per alertname, 0 for no limit.", "0");
        Features = Texts("enable-feature", "Comma separated feature names to enable. Repeatable.");
        Agent = Flag("agent", "Refused: there is no agent mode.");
        foreach (var (name, whenMissing) in AgentFlags)
        {
            Text(name, "Refused: there is no agent mode.", whenMissing);
        }
        RemoteWriteMessages = Text(
            "web.remote-write-receiver.accepted-protobuf-messages",
            "The remote write protobuf messages to accept, separated by commas.",
            "prometheus.WriteRequest,io.prometheus.write.v2.Request");
        FamiliarPorts = Flag("familiar-ports", "Also listen on the peers' own ports.");
        UiFolder = Text("web.ui-folder", "Folder of the built web interface.");
        MaxConcurrency = Text("query.max-concurrency", "Maximum number of queries executed concurrently.", "20");
        QueryTimeout = Text("query.timeout", "Maximum time a query may take before being aborted.", "2m");
        MaxSamples = Text("query.max-samples", "Maximum number of samples a single query can load into memory.", "50000000");
        QueryCacheSize = Text("query.cache.max-size", "About what kept answers of range queries may take in memory; 0B for none.", "64MB");
        MemoryBudget = Text("governor.memory-budget",
            "Memory to keep to by refusing expensive queries, then rule evaluations, then new series; empty for 80% of the machine's, 0B for no limit.", "");
        CpuBudget = Text("governor.cpu-budget", "Cores to keep to by refusing expensive queries, then rule evaluations; 0 for no limit.", "0");
        TraceRetentionTime = Text("traces.retention.time",
            "How long to keep spans, 0s for ever; empty for what Jaeger's variable BADGER_SPAN_STORE_TTL says, or 14 days.", "");
        TraceRetentionSize = Text("traces.retention.size", "The most that spans may take on disk, the oldest go first; 0B for no limit.", "0B");
        TailSampling = Text("traces.tail-sampling",
            "Traces to keep, decided when they should be whole: errors,slow=500ms,share=10%,rate=100 (spans a second),wait=10s,traces=50000; empty for all.",
            "");
        Lookback = Text("query.lookback-delta", "The maximum lookback duration for retrieving metrics.", "5m");
        LogLevel = Text("log.level", "One of: debug, info, warn, error.", "info");
        LogFormat = Text("log.format", "One of: logfmt, json.", "logfmt");
        _all.AddRange(Traces.All);
        _all.AddRange(Accepted.All);
    }

    public IReadOnlyList<Option> All => _all;

    public Option<string?> ConfigFile { get; }

    public Option<string?> Config { get; }

    public Option<string?> AlertmanagerConfigFile { get; }

    public Option<string?> LokiConfigFile { get; }

    public Option<string?> PromtailConfigFile { get; }

    public Option<bool> PromtailExpandEnv { get; }

    public Option<string?> Dashboards { get; }

    public Option<string?> Slos { get; }

    public Option<string?> Runbooks { get; }

    public Option<string?> Data { get; }

    public Option<string?> StoragePath { get; }

    public Option<string?> StateConnection { get; }

    public Option<string?> StateConnectionFile { get; }

    public Option<string?> RetentionTime { get; }

    public Option<string?> RetentionSize { get; }

    public Option<string?> RemoteFlushDeadline { get; }

    public Option<string?> ReadSampleLimit { get; }

    public Option<string?> ReadConcurrentLimit { get; }

    public Option<string?> ReadMaxBytesInFrame { get; }

    public Option<bool> EnableOtlp { get; }

    public Option<string?> OtlpGrpcListenAddress { get; }

    public Option<string?> OtlpHttpListenAddress { get; }

    public Option<string[]> ListenAddress { get; }

    public Option<string?> AlertmanagerListenAddress { get; }

    public Option<string?> LokiListenAddress { get; }

    public Option<string?> ExternalUrl { get; }

    public Option<string?> RoutePrefix { get; }

    public Option<string?> WebConfigFile { get; }

    public Option<bool> EnableLifecycle { get; }

    public Option<bool> EnableAdminApi { get; }

    public Option<bool> EnableRemoteWrite { get; }

    public Option<string?> RemoteWriteMessages { get; }

    public Option<bool> FamiliarPorts { get; }

    public Option<string?> UiFolder { get; }

    public Option<string?> MaxConcurrency { get; }

    public Option<string?> QueryTimeout { get; }

    public Option<string?> MaxSamples { get; }

    public Option<string?> QueryCacheSize { get; }

    public Option<string?> MemoryBudget { get; }

    public Option<string?> CpuBudget { get; }

    public Option<string?> TraceRetentionTime { get; }

    public Option<string?> TraceRetentionSize { get; }

    public Option<string?> TailSampling { get; }

    public Option<string?> Lookback { get; }

    public Option<string?> LogLevel { get; }

    public Option<string?> LogFormat { get; }

    public Option<string?> CorsOrigin { get; }

    public Option<string?> PageTitle { get; }

    public Option<string?> MaxConnections { get; }

    public Option<string?> ReadTimeout { get; }

    public Option<string?> MaxSubscribers { get; }

    public Option<string?> SearchMaxLimit { get; }

    public Option<bool> AutoReload { get; }

    public Option<string?> AutoReloadInterval { get; }

    public Option<string?> OutageTolerance { get; }

    public Option<string?> ForGracePeriod { get; }

    public Option<string?> ResendDelay { get; }

    public Option<string?> SilenceExpiryNotice { get; }

    public Option<string?> QueueCapacity { get; }

    public Option<string?> BatchSize { get; }

    public Option<bool> DrainOnShutdown { get; }

    public Option<string?> DispatchStartDelay { get; }

    public Option<string?> PerAlertnameLimit { get; }

    public Option<string[]> Features { get; }

    public Option<bool> Agent { get; }

    /// <summary>Those of traces.</summary>
    public TraceFlags Traces { get; } = new();

    /// <summary>Those that are only taken, and told of.</summary>
    public AcceptedFlags Accepted { get; } = new();

    /// <summary>Every flag with its value, for <c>/api/v1/status/flags</c>.</summary>
    public IReadOnlyDictionary<string, string> Values(ParseResult parsed) => _all.ToDictionary(
        option => option.Name.TrimStart('-'),
        option => option switch
        {
            _ when option == StateConnection && parsed.GetValue(StateConnection) is { Length: > 0 } => "<secret>",
            Option<bool> flag => parsed.GetValue(flag) ? "true" : "false",
            Option<string[]> list => string.Join(',', parsed.GetValue(list) ?? []),
            _ => parsed.GetValue((Option<string?>)option) ?? "",
        },
        StringComparer.Ordinal);

    /// <exception cref="ServerStartException">A flag of agent mode was given, which there is none of.</exception>
    public void RefuseAgent(ParseResult parsed)
    {
        var given = AgentFlags.Select(static flag => "--" + flag.Name).Prepend(Agent.Name)
            .Where(name => _all.Find(option => option.Name == name) is { } option && parsed.GetResult(option) is { Implicit: false })
            .Where(name => name != Agent.Name || parsed.GetValue(Agent)).ToArray();
        if (given.Length > 0)
        {
            throw new ServerStartException(
                $"{string.Join(", ", given)}: there is no agent mode; this server stores what it scrapes, and remote_write sends it on as well");
        }
    }

    /// <summary>Where the state is, or null for the data folder: by flag, file or variable, in this order.</summary>
    /// <exception cref="ServerStartException">What is given is no connection string; the message does not repeat it.</exception>
    public PostgresAddress? StateAddress(ParseResult parsed)
    {
        var (name, text) = (StateConnection.Name, parsed.GetValue(StateConnection));
        try
        {
            if (string.IsNullOrEmpty(text) && parsed.GetValue(StateConnectionFile) is { Length: > 0 } file)
            {
                (name, text) = ($"{StateConnectionFile.Name}: {file}", File.ReadAllText(file).Trim());
            }
            else if (string.IsNullOrEmpty(text))
            {
                (name, text) = (StateConnectionVariable, Environment.GetEnvironmentVariable(StateConnectionVariable));
            }
            return string.IsNullOrEmpty(text) ? null : PostgresAddress.Parse(text);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ServerStartException($"{name}: {e.Message}", e);
        }
    }

    /// <exception cref="ServerStartException">The value is none; the message names flag and value.</exception>
    public static TimeSpan Duration(ParseResult parsed, Option<string?> option)
    {
        var text = parsed.GetValue(option) ?? "";
        return PrometheusDuration.TryParse(text, out var duration) ? duration
            : throw new ServerStartException($"{option.Name}: not a valid duration string: {GoQuote.Quote(text)}");
    }

    /// <summary>A number of cores, which may be a fraction.</summary>
    public static double Cores(ParseResult parsed, Option<string?> option)
    {
        var text = parsed.GetValue(option) ?? "";
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cores) ? cores
            : throw new ServerStartException($"{option.Name}: not a number of cores: {GoQuote.Quote(text)}");
    }

    /// <summary>As <see cref="Number"/>; 0 stands for no limit.</summary>
    public static int Limit(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) == "0" ? 0 : Number(parsed, option);

    public static int Number(ParseResult parsed, Option<string?> option)
    {
        var text = parsed.GetValue(option) ?? "";
        return int.TryParse(text, out var number) && number > 0 ? number
            : throw new ServerStartException($"{option.Name}: not a positive number: {GoQuote.Quote(text)}");
    }

    /// <summary>Prometheus' sizes: a number with B, KB, MB, GB, TB, PB or EB, each 1024 times the one before.</summary>
    public static long Size(ParseResult parsed, Option<string?> option)
    {
        const string Units = "BKMGTPE";
        var text = (parsed.GetValue(option) ?? "").Trim();
        var digits = text.AsSpan().IndexOfAnyExcept("0123456789.") is var behind and >= 0 ? behind : text.Length;
        var unit = text[digits..].ToUpperInvariant().Replace("IB", "B", StringComparison.Ordinal);
        var power = unit.Length == 0 ? 0 : Units.IndexOf(unit[0], StringComparison.Ordinal);
        if (!double.TryParse(text[..digits], out var number) || power < 0 || (unit.Length == 2 && unit[1] != 'B') || unit.Length > 2)
        {
            throw new ServerStartException($"{option.Name}: not a size such as 512MB: {GoQuote.Quote(text)}");
        }
        return (long)(number * Math.Pow(1024, power));
    }

    private Option<string?> Text(string name, string description, string? whenMissing = null)
    {
        var option = new Option<string?>("--" + name) { Description = description };
        if (whenMissing is not null)
        {
            option.DefaultValueFactory = _ => whenMissing;
        }
        _all.Add(option);
        return option;
    }

    /// <summary>One that may be given several times.</summary>
    private Option<string[]> Texts(string name, string description, params string[] whenMissing)
    {
        var option = new Option<string[]>("--" + name) { Description = description, DefaultValueFactory = _ => whenMissing };
        _all.Add(option);
        return option;
    }

    private Option<bool> Flag(string name, string description, bool whenMissing = false)
    {
        var option = new Option<bool>("--" + name) { Description = description, DefaultValueFactory = _ => whenMissing };
        _all.Add(option);
        return option;
    }
}

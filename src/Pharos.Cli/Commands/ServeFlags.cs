using System.CommandLine;
using Pharos.Server.Hosting;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands;

/// <summary>The flags of <c>serve</c>: Prometheus' own names with their meaning, and ours beside them.</summary>
internal sealed class ServeFlags
{
    private readonly List<Option> _all = [];

    public ServeFlags()
    {
        ConfigFile = Text("config.file", "Prometheus configuration file path.");
        Config = Text("config", "Pharos' own configuration file.");
        AlertmanagerConfigFile = Text("alertmanager.config.file", "Alertmanager configuration file path.");
        LokiConfigFile = Text("loki.config.file", "Loki configuration file path.");
        PromtailConfigFile = Text("promtail.config.file", "Promtail configuration file path.");
        Dashboards = Text("dashboards", "Folder of Grafana dashboards (JSON).");
        Slos = Text("slos", "Folder or file of service-level objectives.");
        Runbooks = Text("runbooks", "Folder of runbooks.");
        Data = Text("data", "Folder of everything that outlives the process.", "data/");
        StoragePath = Text("storage.tsdb.path", "Base path for metrics storage; the same as --data.");
        RetentionTime = Text("storage.tsdb.retention.time", "How long to retain samples in storage.", "15d");
        RetentionSize = Text("storage.tsdb.retention.size", "Maximum number of bytes that blocks can use: 512MB, 10GB.", "0B");
        // Shorter than Prometheus' minute, for a server ends within ten seconds; nothing is lost, the log keeps the rest.
        RemoteFlushDeadline = Text("storage.remote.flush-deadline", "How long to wait flushing samples on shutdown.", "4s");
        ListenAddress = Text("web.listen-address", "Address to listen on for UI and APIs.", "127.0.0.1:9090");
        AlertmanagerListenAddress = Text("alertmanager.web.listen-address", "Alertmanager's familiar port; empty to leave it closed.");
        ExternalUrl = Text("web.external-url", "The URL under which Pharos is externally reachable.");
        RoutePrefix = Text("web.route-prefix", "Prefix for the internal routes of web endpoints.");
        WebConfigFile = Text("web.config.file", "File that enables TLS or authentication.");
        EnableLifecycle = Flag("web.enable-lifecycle", "Enable shutdown and reload via HTTP request.");
        EnableAdminApi = Flag("web.enable-admin-api", "Enable API endpoints for admin control actions.");
        EnableRemoteWrite = Flag("web.enable-remote-write-receiver", "Enable API endpoint accepting remote write requests.");
        FamiliarPorts = Flag("familiar-ports", "Also listen on the peers' own ports.");
        UiFolder = Text("web.ui-folder", "Folder of the built web interface.");
        MaxConcurrency = Text("query.max-concurrency", "Maximum number of queries executed concurrently.", "20");
        QueryTimeout = Text("query.timeout", "Maximum time a query may take before being aborted.", "2m");
        MaxSamples = Text("query.max-samples", "Maximum number of samples a single query can load into memory.", "50000000");
        Lookback = Text("query.lookback-delta", "The maximum lookback duration for retrieving metrics.", "5m");
        LogLevel = Text("log.level", "One of: debug, info, warn, error.", "info");
        LogFormat = Text("log.format", "One of: logfmt, json.", "logfmt");
        ConsoleTemplates = Text("web.console.templates", "Ignored: there are no console templates.");
        ConsoleLibraries = Text("web.console.libraries", "Ignored: there are no console libraries.");
    }

    public IReadOnlyList<Option> All => _all;

    public Option<string?> ConfigFile { get; }

    public Option<string?> Config { get; }

    public Option<string?> AlertmanagerConfigFile { get; }

    public Option<string?> LokiConfigFile { get; }

    public Option<string?> PromtailConfigFile { get; }

    public Option<string?> Dashboards { get; }

    public Option<string?> Slos { get; }

    public Option<string?> Runbooks { get; }

    public Option<string?> Data { get; }

    public Option<string?> StoragePath { get; }

    public Option<string?> RetentionTime { get; }

    public Option<string?> RetentionSize { get; }

    public Option<string?> RemoteFlushDeadline { get; }

    public Option<string?> ListenAddress { get; }

    public Option<string?> AlertmanagerListenAddress { get; }

    public Option<string?> ExternalUrl { get; }

    public Option<string?> RoutePrefix { get; }

    public Option<string?> WebConfigFile { get; }

    public Option<bool> EnableLifecycle { get; }

    public Option<bool> EnableAdminApi { get; }

    public Option<bool> EnableRemoteWrite { get; }

    public Option<bool> FamiliarPorts { get; }

    public Option<string?> UiFolder { get; }

    public Option<string?> MaxConcurrency { get; }

    public Option<string?> QueryTimeout { get; }

    public Option<string?> MaxSamples { get; }

    public Option<string?> Lookback { get; }

    public Option<string?> LogLevel { get; }

    public Option<string?> LogFormat { get; }

    public Option<string?> ConsoleTemplates { get; }

    public Option<string?> ConsoleLibraries { get; }

    /// <summary>Every flag with its value, for <c>/api/v1/status/flags</c>.</summary>
    public IReadOnlyDictionary<string, string> Values(ParseResult parsed) => _all.ToDictionary(
        option => option.Name.TrimStart('-'),
        option => option is Option<bool> flag ? (parsed.GetValue(flag) ? "true" : "false")
            : parsed.GetValue((Option<string?>)option) ?? "",
        StringComparer.Ordinal);

    /// <exception cref="ServerStartException">The value is none; the message names flag and value.</exception>
    public static TimeSpan Duration(ParseResult parsed, Option<string?> option)
    {
        var text = parsed.GetValue(option) ?? "";
        return PrometheusDuration.TryParse(text, out var duration) ? duration
            : throw new ServerStartException($"{option.Name}: not a valid duration string: {GoQuote.Quote(text)}");
    }

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
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
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

    private Option<bool> Flag(string name, string description)
    {
        var option = new Option<bool>("--" + name) { Description = description };
        _all.Add(option);
        return option;
    }
}

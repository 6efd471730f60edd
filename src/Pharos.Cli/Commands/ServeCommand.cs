using System.CommandLine;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Notifications;
using Pharos.Cli.Logging;
using Pharos.Collection.Receivers.RemoteWrite;
using Pharos.Collection.Receivers.Traces.Sampling;
using Pharos.Collection.RemoteStorage.Reading;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Server.Configuration.Jaeger;
using Pharos.Server.Forwarding;
using Pharos.Server.Hosting;
using Pharos.Server.Hosting.Ports;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands;

/// <summary><c>pharos serve [DIR]</c>.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var flags = new ServeFlags();
        var folder = new Argument<string?>("DIR")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A folder of existing files, found by content.",
        };
        var command = new Command("serve", "Runs the server.") { folder };
        foreach (var option in flags.All)
        {
            command.Add(option);
        }
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                using var logging = CreateLogging(parsed, flags);
                Warn(parsed, flags);
                return await ServerRun.RunAsync(Options(parsed, flags, parsed.GetValue(folder), ReadEnvironment(), logging), cancellation);
            }
            catch (ServerStartException e)
            {
                await Console.Error.WriteLineAsync($"pharos: {e.Message}");
                return 1;
            }
        });
        return command;
    }

    private static PharosServerOptions Options(
        ParseResult parsed, ServeFlags flags, string? folder, JaegerEnvironment environment, ILoggerFactory logging)
    {
        if (folder is not null && !Directory.Exists(folder))
        {
            throw new ServerStartException($"{folder}: no such folder");
        }
        var listen = (parsed.GetValue(flags.ListenAddress) ?? []).Select(text => Listen(text, flags.ListenAddress)).ToArray();
        return new PharosServerOptions
        {
            Folder = folder is null ? null : Path.GetFullPath(folder),
            ConfigFile = parsed.GetValue(flags.ConfigFile) ?? (folder is null && File.Exists("prometheus.yml") ? "prometheus.yml" : null),
            AlertmanagerConfigFile = parsed.GetValue(flags.AlertmanagerConfigFile),
            PromtailConfigFile = parsed.GetValue(flags.PromtailConfigFile),
            PromtailExpandsEnvironment = parsed.GetValue(flags.PromtailExpandEnv),
            LokiConfigFile = parsed.GetValue(flags.LokiConfigFile),
            WebConfigFile = parsed.GetValue(flags.WebConfigFile) is { Length: > 0 } web ? Path.GetFullPath(web) : null,
            DataPath = Path.GetFullPath(parsed.GetValue(flags.StoragePath) ?? parsed.GetValue(flags.Data)!),
            StateAddress = flags.StateAddress(parsed),
            UiFolder = parsed.GetValue(flags.UiFolder) ?? ServerRun.UiFolder(),
            DashboardPaths = parsed.GetValue(flags.Dashboards) is { } dashboards ? [dashboards] : [],
            Listen = listen,
            AlertmanagerListen = FamiliarPort(parsed, flags, flags.AlertmanagerListenAddress, listen[0].Host, FamiliarPorts.Alertmanager),
            LokiListen = FamiliarPort(parsed, flags, flags.LokiListenAddress, listen[0].Host, FamiliarPorts.Loki),
            OtlpListen = OtlpPorts(parsed, flags, environment, listen[0].Host),
            TracePorts = flags.Traces.Ports((option, port) => environment.Address(option.Name) is { } text && parsed.GetValue(option) is null
                ? Listen(text, option) : FamiliarPort(parsed, flags, option, listen[0].Host, port)),
            JaegerQueryBasePath = environment.QueryBasePath,
            Sampling = environment.Sampling,
            TraceTenancy = environment.Tenancy,
            MaxClockSkewAdjustment = environment.MaxClockSkewAdjustment,
            ExternalUrl = ExternalUrl(parsed.GetValue(flags.ExternalUrl), listen[0]),
            RoutePrefix = parsed.GetValue(flags.RoutePrefix),
            EnableLifecycle = parsed.GetValue(flags.EnableLifecycle),
            EnableAdminApi = parsed.GetValue(flags.EnableAdminApi),
            EnableRemoteWriteReceiver = parsed.GetValue(flags.EnableRemoteWrite),
            EnableOtlpReceiver = parsed.GetValue(flags.EnableOtlp),
            RemoteReadLimits = new RemoteReadLimits
            {
                Samples = ServeFlags.Limit(parsed, flags.ReadSampleLimit),
                Concurrency = ServeFlags.Limit(parsed, flags.ReadConcurrentLimit),
                MaxBytesInFrame = ServeFlags.Limit(parsed, flags.ReadMaxBytesInFrame),
            },
            RemoteFlushDeadline = ServeFlags.Duration(parsed, flags.RemoteFlushDeadline),
            RemoteWriteMessages = RemoteWriteMessages(parsed, flags.RemoteWriteMessages),
            QueryMaxConcurrency = ServeFlags.Number(parsed, flags.MaxConcurrency),
            QueryMaxSamples = ServeFlags.Number(parsed, flags.MaxSamples),
            QueryTimeout = ServeFlags.Duration(parsed, flags.QueryTimeout),
            QueryLookback = ServeFlags.Duration(parsed, flags.Lookback),
            RehearsesQueries = true,
            QueryCacheBytes = ServeFlags.Size(parsed, flags.QueryCacheSize),
            MemoryBudgetBytes = parsed.GetValue(flags.MemoryBudget) is "" ? null : ServeFlags.Size(parsed, flags.MemoryBudget),
            CpuBudgetCores = ServeFlags.Cores(parsed, flags.CpuBudget),
            TraceRetentionTime = parsed.GetValue(flags.TraceRetentionTime) is { Length: > 0 } ? ServeFlags.Duration(parsed, flags.TraceRetentionTime)
                : environment.SpanRetention ?? new PharosServerOptions().TraceRetentionTime,
            TraceRetentionBytes = ServeFlags.Size(parsed, flags.TraceRetentionSize),
            TailSampling = TailSampling(parsed, flags.TailSampling),
            RetentionTime = ServeFlags.Duration(parsed, flags.RetentionTime),
            RetentionSizeBytes = ServeFlags.Size(parsed, flags.RetentionSize),
            EnabledFeatures = FeatureFlags.Read(parsed.GetValue(flags.Features) ?? []).Enabled,
            CorsOrigin = Pattern(parsed, flags.CorsOrigin),
            PageTitle = parsed.GetValue(flags.PageTitle),
            MaxConnections = ServeFlags.Number(parsed, flags.MaxConnections),
            ReadTimeout = ServeFlags.Duration(parsed, flags.ReadTimeout),
            MaxNotificationSubscribers = ServeFlags.Number(parsed, flags.MaxSubscribers),
            SearchMaxLimit = ServeFlags.Number(parsed, flags.SearchMaxLimit),
            AutoReloadInterval = parsed.GetValue(flags.AutoReload) ? ServeFlags.Duration(parsed, flags.AutoReloadInterval) : null,
            AlertOutageTolerance = ServeFlags.Duration(parsed, flags.OutageTolerance),
            AlertForGracePeriod = ServeFlags.Duration(parsed, flags.ForGracePeriod),
            AlertResendDelay = ServeFlags.Duration(parsed, flags.ResendDelay),
            AlertingLimits = new AlertingLimits
            {
                DispatchStartDelay = ServeFlags.Duration(parsed, flags.DispatchStartDelay),
                MaxAlertsPerName = ServeFlags.Limit(parsed, flags.PerAlertnameLimit),
                SilenceExpiryNotice = ServeFlags.Duration(parsed, flags.SilenceExpiryNotice),
                HistoryRetention = HistoryRetention(ServeFlags.Duration(parsed, flags.RetentionTime)),
            },
            ForwardingLimits = new ForwardingLimits
            {
                QueueCapacity = ServeFlags.Number(parsed, flags.QueueCapacity),
                BatchSize = ServeFlags.Number(parsed, flags.BatchSize),
                DrainOnShutdown = parsed.GetValue(flags.DrainOnShutdown),
            },
            Flags = flags.Values(parsed),
            Report = Console.Out.WriteLine,
            Logging = logging,
        };
    }

    /// <summary>As long as the metrics, but where these are kept for ever.</summary>
    private static TimeSpan HistoryRetention(TimeSpan retention) =>
        retention > TimeSpan.Zero ? retention : new AlertingLimits().HistoryRetention;

    private static void Warn(ParseResult parsed, ServeFlags flags)
    {
        flags.RefuseAgent(parsed);
        foreach (var note in flags.Accepted.Notes(parsed).Concat(FeatureFlags.Read(parsed.GetValue(flags.Features) ?? []).Notes))
        {
            Console.Out.WriteLine($"warning: {note}");
        }
        Option<string?>[] ignored =
        [
            flags.Slos, flags.Runbooks, flags.Config,
        ];
        foreach (var option in ignored.Where(option => parsed.GetValue(option) is not null))
        {
            Console.Out.WriteLine($"warning: {option.Name} is ignored: this version does not use it");
        }
    }

    private static RemoteWriteMessage[] RemoteWriteMessages(ParseResult parsed, Option<string?> option)
    {
        var names = (parsed.GetValue(option) ?? "").Split(',', StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToArray();
        var messages = new RemoteWriteMessage[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            messages[i] = RemoteWriteContentType.Named(names[i])
                ?? throw new ServerStartException($"{option.Name}: unknown remote write protobuf message {GoQuote.Quote(names[i])}");
        }
        return messages;
    }

    private static ListenAddress Listen(string text, Option option) =>
        ListenAddress.TryParse(text, option.Name.TrimStart('-'), out var address) ? address
            : throw new ServerStartException($"{option.Name}: not host:port: {GoQuote.Quote(text)}");

    private static GoRegex Pattern(ParseResult parsed, Option<string?> option)
    {
        try
        {
            return GoRegex.Anchored(parsed.GetValue(option) ?? "");
        }
        catch (GoRegexException e)
        {
            throw new ServerStartException($"{option.Name}: {e.Message}", e);
        }
    }

    private static TailSamplingOptions? TailSampling(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is not { Length: > 0 } text ? null
            : TailSamplingOptions.Parse(text, out var error) ?? throw new ServerStartException($"{option.Name}: {error}");

    private static ListenAddress? FamiliarPort(
        ParseResult parsed, ServeFlags flags, Option<string?> option, string host, int port)
    {
        if (parsed.GetValue(option) is { } text)
        {
            return text.Length == 0 ? null : Listen(text, option);
        }
        return parsed.GetValue(flags.FamiliarPorts) ? new ListenAddress(host, port, option.Name.TrimStart('-')) : null;
    }

    /// <summary>A flag says where they are; then Jaeger's variables, of which one closes both or opens them at their own places.</summary>
    private static ListenAddress[] OtlpPorts(ParseResult parsed, ServeFlags flags, JaegerEnvironment environment, string host)
    {
        var ports = new[]
        {
            Port(flags.OtlpGrpcListenAddress, "collector.otlp.grpc.host-port", FamiliarPorts.OtlpGrpc),
            Port(flags.OtlpHttpListenAddress, "collector.otlp.http.host-port", FamiliarPorts.OtlpHttp),
        };
        return [.. ports.OfType<ListenAddress>()];

        ListenAddress? Port(Option<string?> option, string jaegers, int port)
        {
            if (parsed.GetValue(option) is not null || environment.OtlpEnabled is null)
            {
                return FamiliarPort(parsed, flags, option, host, port);
            }
            return environment.OtlpEnabled == false ? null
                : environment.Address(jaegers) is { } text ? Listen(text, option) : new ListenAddress(host, port, option.Name.TrimStart('-'));
        }
    }

    /// <summary>What a deployment of Jaeger has in its environment, which is told of where it changes nothing.</summary>
    private static JaegerEnvironment ReadEnvironment()
    {
        try
        {
            var environment = JaegerEnvironment.OfProcess();
            foreach (var warning in environment.Warnings)
            {
                Console.Out.WriteLine($"warning: {warning}");
            }
            return environment;
        }
        catch (FormatException e)
        {
            throw new ServerStartException(e.Message, e);
        }
    }

    /// <summary>As Prometheus: an absolute URL, or only a path that is completed with host name and port.</summary>
    private static Uri? ExternalUrl(string? text, ListenAddress listen)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        if (text.StartsWith('/') && Uri.TryCreate($"http://{Environment.MachineName}:{listen.Port}{text}", UriKind.Absolute, out var local))
        {
            return local;
        }
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url
            : throw new ServerStartException($"--web.external-url: not a valid URL: {GoQuote.Quote(text)}");
    }

    private static ILoggerFactory CreateLogging(ParseResult parsed, ServeFlags flags)
    {
        var level = parsed.GetValue(flags.LogLevel) switch
        {
            "debug" => LogLevel.Debug,
            "info" => LogLevel.Information,
            "warn" => LogLevel.Warning,
            "error" => LogLevel.Error,
            var other => throw new ServerStartException($"--log.level: {GoQuote.Quote(other ?? "")} is none of debug, info, warn, error"),
        };
        var json = parsed.GetValue(flags.LogFormat) switch
        {
            "logfmt" => false,
            "json" => true,
            var other => throw new ServerStartException($"--log.format: {GoQuote.Quote(other ?? "")} is neither logfmt nor json"),
        };
        return ConsoleLogging.Create(level, json);
    }
}

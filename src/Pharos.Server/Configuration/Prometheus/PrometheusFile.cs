using Pharos.Collection.Receivers.Otlp;
using Pharos.Collection.Scraping;
using Pharos.Server.Configuration.Prometheus.Discovery;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads <c>prometheus.yml</c> with the files of <c>scrape_config_files</c>; never throws.</summary>
internal sealed class PrometheusFile
{
    private readonly ConfigEnvironment _environment;
    private readonly List<ConfigFileReport> _included = [];
    private readonly Dictionary<string, string> _jobs = new(StringComparer.Ordinal);

    private PrometheusFile(ConfigEnvironment environment) => _environment = environment;

    public static PrometheusReadResult Read(string path, ConfigEnvironment? environment = null)
    {
        if (!ConfigText.TryRead(path, out var text, out var error))
        {
            return new PrometheusReadResult(null,
                [new ConfigFileReport { File = path, Kind = ConfigFileKind.Prometheus, Unreadable = error }]);
        }
        return ReadText(path, text, environment);
    }

    public static PrometheusReadResult ReadText(string path, string text, ConfigEnvironment? environment = null)
    {
        var file = new PrometheusFile(environment ?? ConfigEnvironment.Process);
        var reading = new ConfigReading(path, text);
        var config = file.Read(reading);
        var reports = new List<ConfigFileReport> { ConfigFileReport.Of(reading, ConfigFileKind.Prometheus) };
        reports.AddRange(file._included);
        return new PrometheusReadResult(reports.Exists(report => report.HasErrors) ? null : config, reports);
    }

    private PrometheusConfig? Read(ConfigReading reading)
    {
        var root = YamlTreeBuilder.Build(reading);
        if (root is null or YamlScalar { IsNull: true })
        {
            return new PrometheusConfig { Global = GlobalConfig.Default };
        }
        if (YamlValue.Root(reading, root).AsMapping() is not { } file)
        {
            return null;
        }
        var global = file.Mapping("global") is { } section ? GlobalSection.Read(section, _environment.Variable) : GlobalConfig.Default;
        var discoveries = new DiscoverySection(_environment);
        var reader = new ScrapeJobSection(global, discoveries);
        var jobs = ReadJobs(file, reader);
        var (alertRules, alertmanagers) = file.Mapping("alerting") is { } alerting
            ? AlertingSection.Read(alerting, discoveries, global.LegacyNames) : ([], []);
        var config = new PrometheusConfig
        {
            Global = global,
            RuleFiles = ReadPatterns(file, "rule_files", "invalid rule file path"),
            AlertRelabelRules = alertRules,
            Alertmanagers = alertmanagers,
            Storage = file.Mapping("storage") is { } storage ? StorageSection.Read(storage) : StorageConfig.Default,
            ScrapeJobs = jobs.Concat(ReadJobFiles(file, reader)).ToList(),
            JobClients = reader.Clients,
            RemoteWrites = new RemoteSections(global).ReadWrite(file),
            RemoteReads = new RemoteSections(global).ReadRead(file),
            Otlp = file.Mapping("otlp") is { } otlp ? OtlpSection.Read(otlp, global.LegacyNames) : new OtlpOptions(),
        };
        AcceptOthers(file);
        file.Done();
        return config;
    }

    private static void AcceptOthers(YamlMappingReader file)
    {
        if (file.NotHonoured("tracing", "Pharos sends no spans about itself yet")?.AsMapping() is { } tracing)
        {
            TracingSection.Check(tracing);
        }
        if (file.Mapping("runtime") is { } runtime)
        {
            runtime.Integer("gogc");
            runtime.KeyOf("gogc")?.Report(ConfigSeverity.Information, ConfigProblemKind.NotHonoured,
                "it tunes Go's garbage collector, which is not used here");
            runtime.Done();
        }
    }

    private List<ScrapeJobOptions> ReadJobs(YamlMappingReader file, ScrapeJobSection reader)
    {
        var jobs = new List<ScrapeJobOptions>();
        foreach (var entry in file.List("scrape_configs"))
        {
            if (reader.Read(entry) is not { } job)
            {
                continue;
            }
            jobs.Add(job);
            if (job.JobName.Length > 0 && !_jobs.TryAdd(job.JobName, file.Reading.File))
            {
                var elsewhere = _jobs[job.JobName] == file.Reading.File ? "" : $" (also in {_jobs[job.JobName]})";
                entry.Error($"found multiple scrape configs with job name {YamlValue.Echo(job.JobName)}{elsewhere}");
            }
        }
        return jobs;
    }

    private IEnumerable<ScrapeJobOptions> ReadJobFiles(YamlMappingReader file, ScrapeJobSection reader)
    {
        var jobs = new List<ScrapeJobOptions>();
        var patterns = ReadPatterns(file, "scrape_config_files", "invalid scrape config file path");
        foreach (var path in patterns.SelectMany(FileGlob.Expand))
        {
            if (!ConfigText.TryRead(path, out var text, out var error))
            {
                _included.Add(new ConfigFileReport { File = path, Kind = ConfigFileKind.ScrapeConfigs, Unreadable = error });
                continue;
            }
            var reading = new ConfigReading(path, text);
            if (YamlTreeBuilder.Build(reading) is { } root && !YamlValue.Root(reading, root).IsNull &&
                YamlValue.Root(reading, root).AsMapping() is { } included)
            {
                jobs.AddRange(ReadJobs(included, reader));
                included.Done();
            }
            _included.Add(ConfigFileReport.Of(reading, ConfigFileKind.ScrapeConfigs));
        }
        return jobs;
    }

    /// <summary>Absolute patterns; a wildcard may stand in the last segment only.</summary>
    private static List<string> ReadPatterns(YamlMappingReader file, string key, string message)
    {
        var patterns = new List<string>();
        foreach (var item in file.List(key))
        {
            if (item.AsText() is not { } pattern)
            {
                continue;
            }
            var star = pattern.IndexOf('*', StringComparison.Ordinal);
            if (star >= 0 && pattern.IndexOf('/', star) >= 0)
            {
                item.Error($"{message} {YamlValue.Echo(pattern)}: a wildcard may stand in the last segment only");
            }
            else if (pattern.Length > 0)
            {
                var absolute = file.Reading.Resolve(pattern);
                patterns.Add(absolute);
                if (FileGlob.Expand(absolute).Count == 0)
                {
                    item.Warning($"no file matches {YamlValue.Echo(absolute)}");
                }
            }
        }
        return patterns;
    }
}

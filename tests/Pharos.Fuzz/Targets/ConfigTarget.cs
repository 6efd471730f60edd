using System.Text;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Alertmanager;
using Pharos.Server.Configuration.Loki;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Configuration.Promtail;
using Pharos.Server.Configuration.Rules;
using Pharos.Server.Configuration.Web;

namespace Pharos.Fuzz.Targets;

/// <summary>A configuration file of one kind. Readers never throw; what is refused has a problem that says why.</summary>
internal sealed class ConfigTarget(string name, Func<string, (bool IsTaken, IReadOnlyList<ConfigFileReport> Reports)> read) : FuzzTarget
{
    /// <summary>Below a folder that is not there: files that the text names relatively are not found.</summary>
    private const string Path = "/nowhere/fuzz.yml";

    public override string Name => name;

    public override IReadOnlyList<string> Tokens =>
    [
        ":", ": ", "- ", "\n", "\n  ", "\n- ", "{", "}", "[", "]", ",", "&a ", "*a", "<<: ", "!!str ", "!!binary ", "? ", "|\n", ">-\n", "---\n", "...\n", "%YAML 1.2\n", "'", "\"", "\\x",
        "#", "~", "null", "true", "0o7", "1e3", ".inf", ".nan", "2001-01-01", "\t", "\u0085", "\ufeff", "$(", "${a}", "$1", "1h", "-5m", "10MB", "http://a:b@c/", "/",
        "global", "scrape_configs", "job_name", "static_configs", "targets", "labels", "relabel_configs", "source_labels", "action", "regex", "replacement", "modulus",
        "rule_files", "groups", "rules", "expr", "alert", "record", "for", "annotations", "interval", "route", "receiver", "receivers", "matchers", "group_by",
        "time_intervals", "inhibit_rules", "basic_auth_users", "tls_server_config", "http_server_config", "remote_write", "url", "tls_config", "kubernetes_sd_configs",
        "limits_config", "ruler", "retention_stream", "selector", "period", "otlp_config", "resource_attributes", "attributes_config",
        "schema_config", "compactor", "pipeline_stages", "json", "expressions", "expression", "match", "stages", "multiline", "firstline", "template",
        "timestamp", "source", "format", "output", "metrics", "pack", "drop", "limit", "rate", "replace", "cri", "docker", "clients", "positions",
        "__path__", "syslog", "journal", "loki_push_api", "4MB",
    ];

    /// <summary>Every key makes values, paths and problems; a document of two million values is refused before it is built.</summary>
    public override long BytesPerInputByte => 8_000;

    public static (bool IsTaken, IReadOnlyList<ConfigFileReport> Reports) Prometheus(string text)
    {
        var result = PrometheusFile.ReadText(Path, text, new ConfigEnvironment(static _ => "value", InsideCluster: false));
        return (result.Config is not null, result.Files);
    }

    public static (bool IsTaken, IReadOnlyList<ConfigFileReport> Reports) Rules(string text)
    {
        var result = RuleFile.ReadText(Path, text, new RuleDefaults(TimeSpan.FromMinutes(1), TimeSpan.Zero, LegacyNames: false));
        return (!result.Report.HasErrors, [result.Report]);
    }

    public static (bool IsTaken, IReadOnlyList<ConfigFileReport> Reports) Web(string text)
    {
        var result = WebConfigFile.ReadText(Path, text);
        return (result.Config is not null, [result.Report]);
    }

    public static (bool IsTaken, IReadOnlyList<ConfigFileReport> Reports) Loki(string text)
    {
        var result = LokiFile.ReadText(Path, text, new ConfigEnvironment(static _ => "value", InsideCluster: false));
        return (result.Config is not null, [result.Report]);
    }

    public static (bool IsTaken, IReadOnlyList<ConfigFileReport> Reports) Promtail(string text)
    {
        var environment = new ConfigEnvironment(static _ => "value", InsideCluster: false);
        var result = PromtailFile.ReadText(Path, text, new PromtailReading(environment, Logs.FixedTime.Instance, ExpandsEnvironment: true));
        return (result.Options is not null, [result.Report]);
    }

    public static (bool IsTaken, IReadOnlyList<ConfigFileReport> Reports) Alertmanager(string text)
    {
        var result = AlertmanagerFile.ReadText(Path, text);
        return (result.Config is not null, [result.Report]);
    }

    public override string Run(byte[] input)
    {
        var (isTaken, reports) = read(Encoding.UTF8.GetString(input));
        if (isTaken == reports.Any(static report => report.HasErrors))
        {
            throw new BrokenPromiseException(isTaken ? "a file with errors was taken" : "a file was refused without an error");
        }
        var problems = reports.SelectMany(static report => report.Problems).ToList();
        if (problems.Exists(static problem => problem.Message.Length == 0))
        {
            throw new BrokenPromiseException("a problem without a text");
        }
        return $"{isTaken}{Shape.Of(problems.Count)}{(problems.Count > 0 ? Shape.Of(problems[0].Message) : "")}{reports.Sum(static report => report.Honoured.Count)}";
    }
}

using Pharos.Collection.Discovery;
using Pharos.Collection.Relabeling;
using Pharos.Collection.Scraping;
using Pharos.Server.Checks.Rules;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Checks.Files;

/// <summary>What <c>promtool check config</c> does, with its output.</summary>
/// <param name="lint">The options of <c>--lint</c> and <c>--lint-fatal</c>.</param>
/// <param name="syntaxOnly">Files that the configuration names are not looked at.</param>
/// <param name="agent">As a server in agent mode would read it.</param>
public sealed class ServerFileCheck(
    LintSettings lint, bool syntaxOnly, bool agent, bool ignoreUnknownFields, TextWriter output, TextWriter errorOutput)
{
    private bool _hasErrors;
    private bool _failed;

    /// <summary>0 where all is well, 1 where a file is wrong, 3 where only lint is found and is fatal.</summary>
    public int ExitCode => _hasErrors ? CheckExit.Failure : _failed && lint.Fatal ? CheckExit.Lint : CheckExit.Success;

    public void Check(string path)
    {
        output.WriteLine($"Checking {path}");
        var result = PrometheusFile.Read(path);
        IReadOnlyList<string> rules = [];
        var faults = Faults(path, result);
        if (faults.Count == 0 && result.Config is { } config)
        {
            try
            {
                rules = syntaxOnly ? [] : CheckNamedFiles(path, config);
            }
            catch (FormatException e)
            {
                faults = [e.Message];
            }
        }
        if (faults.Count > 0)
        {
            errorOutput.WriteLine($"  FAILED: {string.Join('\n', faults)}");
            _hasErrors = true;
        }
        else
        {
            if (rules.Count > 0)
            {
                output.WriteLine($"  SUCCESS: {rules.Count} rule files found");
            }
            output.WriteLine($" SUCCESS: {path} is valid prometheus config file syntax");
        }
        output.WriteLine();
        if (!syntaxOnly && faults.Count == 0)
        {
            CheckIntervals(result.Config!);
            CheckRules(rules);
        }
    }

    private IReadOnlyList<string> Faults(string path, PrometheusReadResult result)
    {
        var faults = result.Files.SelectMany(file => file.Unreadable is { } reason ? [$"open {file.File}: {reason}"]
            : file.Problems.Where(static problem => problem.Severity == ConfigSeverity.Error).Select(static problem =>
                $"parsing YAML file {problem.File}: {(problem.Line > 0 ? $"line {problem.Line}, column {problem.Column}: " : "")}"
                + $"{(problem.Path.Length > 0 ? $"{problem.Path}: " : "")}{problem.Message}")).ToList();
        if (faults.Count > 0 || !agent)
        {
            return faults;
        }
        var config = result.Config!;
        return config switch
        {
            { Alertmanagers.Count: > 0 } or { AlertRelabelRules.Count: > 0 } => ["field alerting is not allowed in agent mode"],
            { RuleFiles.Count: > 0 } => ["field rule_files is not allowed in agent mode"],
            { RemoteReads.Count: > 0 } => ["field remote_read is not allowed in agent mode"],
            _ => [],
        };
    }

    /// <returns>The rule files, as they are shown.</returns>
    /// <exception cref="FormatException">A file that is named is not there or wrong.</exception>
    private IReadOnlyList<string> CheckNamedFiles(string path, PrometheusConfig config)
    {
        var rules = new List<string>();
        foreach (var pattern in config.RuleFiles)
        {
            var found = FileGlob.Expand(pattern);
            if (found.Count == 0 && !pattern.Contains('*', StringComparison.Ordinal))
            {
                throw new FormatException($"{GoQuote.Quote(Shown(path, pattern))} does not point to an existing file");
            }
            rules.AddRange(found.Select(file => Shown(path, file)));
        }
        foreach (var (job, client) in config.ScrapeJobs.Zip(config.JobClients))
        {
            CheckClient(path, client);
            CheckTargets(path, job.Discoveries, $"scrape job {GoQuote.Quote(job.JobName)}", group => TargetFault(job, group));
        }
        foreach (var alertmanager in config.Alertmanagers)
        {
            CheckTargets(path, alertmanager.Discoveries, "alertmanager config", group => AddressFault(alertmanager, group));
        }
        return rules;
    }

    private static void CheckClient(string path, HttpClientConfig client)
    {
        Exists(client.Authorization?.Credentials, "authorization credentials or bearer token");
        Exists(client.Tls.Cert, "client cert");
        Exists(client.Tls.Key, "client key");

        void Exists(Secret? secret, string what)
        {
            if (secret?.File is { } file && !Path.Exists(file))
            {
                var shown = Shown(path, file);
                throw new FormatException($"error checking {what} file {GoQuote.Quote(shown)}: stat {shown}: no such file or directory");
            }
        }
    }

    private void CheckTargets(string path, IReadOnlyList<DiscoveryOptions> discoveries, string owner, Func<TargetGroup, string?> fault)
    {
        foreach (var discovery in discoveries)
        {
            var groups = discovery switch
            {
                StaticDiscoveryOptions given => given.Groups,
                FileDiscoveryOptions files => files.Patterns.SelectMany(pattern => ReadTargetFiles(path, pattern, owner)),
                _ => [],
            };
            if (groups.Select(fault).FirstOrDefault(static found => found is not null) is { } first)
            {
                throw new FormatException(first);
            }
        }
    }

    private IEnumerable<TargetGroup> ReadTargetFiles(string path, string pattern, string owner)
    {
        var shown = GoQuote.Quote(Shown(path, pattern));
        var files = FileGlob.Expand(pattern);
        if (files.Count == 0)
        {
            output.WriteLine($"  WARNING: file {shown} for file_sd in {owner} does not exist");
        }
        foreach (var file in files)
        {
            var (groups, report) = TargetFile.ReadWithReport(file);
            if (report.HasErrors)
            {
                var reason = report.Unreadable ?? report.Problems.First(static problem => problem.Severity == ConfigSeverity.Error).ToString();
                throw new FormatException($"checking SD file {shown}: {reason}");
            }
            foreach (var group in groups)
            {
                yield return group;
            }
        }
    }

    private static string? TargetFault(ScrapeJobOptions job, TargetGroup group) => TargetPreview.Of(job, group)
        .Select((target, index) => target.Fault is null ? null : $"instance {index} in group {group.Source}: {target.Fault}")
        .FirstOrDefault(static fault => fault is not null);

    private static string? AddressFault(AlertmanagerSetOptions alertmanager, TargetGroup group)
    {
        foreach (var target in group.Targets)
        {
            var labels = new LabelSetBuilder(group.Labels);
            foreach (var label in target)
            {
                labels.Set(label.Name, label.Value);
            }
            if (Relabeler.Apply(alertmanager.RelabelRules, labels)
                && labels[TargetGroup.AddressLabel] is var address && address.Contains('/', StringComparison.Ordinal))
            {
                return $"{GoQuote.Quote(address)} is not a valid hostname";
            }
        }
        return null;
    }

    private void CheckIntervals(PrometheusConfig config)
    {
        var tooLong = lint.LookbackDelta > TimeSpan.Zero
            ? config.ScrapeJobs.FirstOrDefault(job => job.ScrapeInterval >= lint.LookbackDelta) : null;
        if (tooLong is not null)
        {
            _failed = true;
            errorOutput.WriteLine("  FAILED: too long scrape interval found, data point will be marked as stale - "
                + $"job: {tooLong.JobName}, interval: {PrometheusDuration.Format(tooLong.ScrapeInterval)}");
        }
    }

    private void CheckRules(IReadOnlyList<string> files)
    {
        var rules = new RuleFileCheck(lint with { Fatal = true }, ignoreUnknownFields, output, errorOutput);
        rules.CheckFiles(files);
        _failed |= rules.ExitCode != CheckExit.Success;
        _hasErrors |= rules.ExitCode == CheckExit.Failure;
    }

    /// <summary>Paths are shown from where the user stands, where the configuration itself was named so.</summary>
    private static string Shown(string configuration, string file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(configuration))!;
        return Path.IsPathFullyQualified(configuration) || !file.StartsWith(folder + "/", StringComparison.Ordinal) ? file
            : Path.Combine(Path.GetDirectoryName(configuration)!, file[(folder.Length + 1)..]);
    }
}

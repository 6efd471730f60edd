using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Promtail;

namespace Pharos.Server.Tests.Configuration.Promtail;

/// <summary>Every configuration of the corpora is accepted, or refused with a reason at a line.</summary>
public sealed class PromtailFilesTests
{
    private static readonly string Corpus = Path.GetFullPath(Path.Combine(TestFolders.Shared, "conformance", "loki"));

    private static readonly string Seed = Path.GetFullPath(Path.Combine(TestFolders.Shared, "seed", "promtail.yml"));

    /// <summary>Files that must be refused, with a part of each reason.</summary>
    private static readonly Dictionary<string, string[]> Refused = new(StringComparer.Ordinal)
    {
        ["bad_config.yaml"] = ["unknown key \"not_a_thing\""],
        ["pipeline_stages_drop.yaml"] = ["is no size", "invalid duration \"lightyear\"", "expected text, found a mapping"],
        ["pipeline_stages_match_nested.yaml"] = ["invalid selector syntax", "cannot contains stages"],
        ["pipeline_stages_part2.yaml"] = ["from 0.0 to 1.0", "is no kind of database", "label, source and value are mutually exclusive"],
        ["syslog_invalid.yaml"] = ["unknown syslog format \"foobar\""],
        ["push_api.yaml"] = ["at most one of cert & cert_file"],
        ["push_api_unsupported.yaml"] = ["a certificate needs its key"],
        ["azure_unknown_auth.yaml"] = ["blablabla"],
    };

    public static TheoryData<string> Files => Directory.Exists(Corpus)
        ? [.. Directory.EnumerateFiles(Corpus, "*.yaml", SearchOption.AllDirectories).Where(path => path.Contains("/promtail-", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Corpus, path)).Order(StringComparer.Ordinal), Seed]
        : ["none"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_is_accepted_or_refused_with_a_reason(string file)
    {
        Assert.SkipUnless(Directory.Exists(Corpus), "the corpus is not on this machine");
        var read = PromtailFile.Read(Path.Combine(Corpus, file));
        Assert.Null(read.Report.Unreadable);
        var errors = read.Report.Problems.Where(problem => problem.Severity == ConfigSeverity.Error).ToList();
        if (Refused.TryGetValue(Path.GetFileName(file), out var reasons))
        {
            Assert.All(errors, error => Assert.True(error.Line > 0, error.ToString()));
            Assert.All(reasons, reason => Assert.Contains(errors, error => error.Message.Contains(reason, StringComparison.Ordinal)));
            Assert.Null(read.Options);
            return;
        }
        if (File.ReadAllText(Path.Combine(Corpus, file)).Contains("thumbs-up", StringComparison.Ordinal))
        {
            // A dash is no part of a plain name in JMESPath: Promtail refuses that, too.
            errors.RemoveAll(static error => error.Path.EndsWith(".hand", StringComparison.Ordinal) && error.Message.Contains("in quotes", StringComparison.Ordinal));
        }
        Assert.True(errors.Count == 0 || errors.TrueForAll(IsOfThisMachine), string.Join('\n', errors));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_is_known_by_its_content(string file)
    {
        Assert.SkipUnless(Directory.Exists(Corpus), "the corpus is not on this machine");
        var found = ConfigFileKinds.Of(Path.Combine(Corpus, file));
        Assert.True(found.Kind == ConfigFileKind.Promtail, $"{found.Kind} by {found.Reason}");
    }

    [Theory]
    [InlineData("promtail-convert/kafka.yaml", "scrape_configs[0].kafka", "not run, because")]
    [InlineData("promtail-convert/cloudflare_relabel.yaml", "scrape_configs[0].cloudflare", "not run, because")]
    [InlineData("promtail-convert/gcplog.yaml", "scrape_configs[1].gcplog", "not run, because")]
    [InlineData("promtail-configs/promtail-windows.yaml", "scrape_configs[0].windows_events", "not run, because")]
    [InlineData("promtail-convert/azure_event_hubs.yaml", "scrape_configs[0].azure_event_hubs", "not run, because")]
    [InlineData("promtail-convert/heroku.yaml", "scrape_configs[0].heroku_drain", "not run, because")]
    [InlineData("promtail-convert/consulagent.yaml", "scrape_configs[0].consulagent_sd_configs", "consul_sd_configs asks")]
    [InlineData("promtail-convert/unsupported.yaml", "wal", "committed together")]
    [InlineData("../../seed/promtail.yml", "clients[0].url", "loki:3100 is this server")]
    public void What_does_not_run_is_named(string file, string path, string message)
    {
        Assert.SkipUnless(Directory.Exists(Corpus), "the corpus is not on this machine");
        var read = PromtailFile.Read(Path.Combine(Corpus, file));
        Assert.Contains(read.Report.NotHonoured, problem => problem.Path == path && problem.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_seed_is_read_whole()
    {
        Assert.SkipUnless(File.Exists(Seed), "the seed is not on this machine");
        var options = PromtailFile.Read(Seed).Options!;
        Assert.Equal(["kubernetes-pods-name", "progressive-framework-v5", "context-agents"], options.Jobs.Select(job => job.JobName));
        Assert.Equal([1, 4, 3], options.Jobs.Select(job => job.Stages.Count));
        Assert.Null(Assert.Single(options.Clients).Url);
        Assert.Equal("/tmp/positions.yaml", options.PositionsFile);
    }

    [Fact]
    public void Braces_are_replaced_by_the_environment_only_where_it_is_asked_for()
    {
        const string text = "clients:\n- url: http://${HOST:-loki.example}:80/push\n  tenant_id: ${TENANT}\n";
        var reading = new PromtailReading(new ConfigEnvironment(name => name == "TENANT" ? "t1" : null, false), TimeProvider.System, true);
        var client = Assert.Single(PromtailFile.ReadText("promtail.yml", text, reading).Options!.Clients);
        Assert.Equal("http://loki.example/push", client.Url!.ToString());
        Assert.Equal("t1", client.TenantId);
        Assert.Null(PromtailFile.ReadText("promtail.yml", text, reading with { ExpandsEnvironment = false }).Options);
    }

    [Theory]
    [InlineData("scrape_configs:\n- job_name: a\n  pipeline_stages:\n  - jsom: {}\n", "4", "did you mean \"json\"?")]
    [InlineData("scrape_configs:\n- job_name: a\n  pipeline_stages:\n  - json:\n      expresions: {a: b}\n", "5", "did you mean \"expressions\"?")]
    [InlineData("scrape_configs:\n- job_name: a\n  pipeline_stages:\n  - regex: {expression: '('}\n", "4", "error parsing regexp")]
    [InlineData("scrape_configs:\n- job_name: a\n  pipeline_stages:\n  - template: {source: a, template: '{{ .Value'}\n", "4", "template")]
    [InlineData("scrape_configs:\n- job_name: a\n  pipeline_stages:\n  - json: {expressions: {a: 'b['}}\n", "4", "could not compile JMES")]
    [InlineData("scrape_configs:\n- job_name: a\n  encoding: utf-99\n", "3", "no encoding")]
    [InlineData("clients:\n- tenant_id: a\n", "2", "client needs target URL")]
    [InlineData("positions:\n  filenam: a\n", "2", "did you mean \"filename\"?")]
    public void A_mistake_is_told_with_its_line(string text, string line, string message)
    {
        var errors = PromtailFile.ReadText("promtail.yml", text).Report.Problems.Where(problem => problem.Severity == ConfigSeverity.Error);
        Assert.Contains(errors, error => $"{error.Line}" == line && error.Message.Contains(message, StringComparison.Ordinal));
    }

    /// <summary>Files that lie on another machine: keys of clusters, certificates.</summary>
    private static bool IsOfThisMachine(ConfigProblem problem) =>
        problem.Message.Contains("kubeconfig", StringComparison.OrdinalIgnoreCase) || problem.Message.Contains("no such file", StringComparison.Ordinal);
}

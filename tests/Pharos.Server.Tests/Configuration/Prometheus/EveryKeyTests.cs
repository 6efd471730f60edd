using System.Text.RegularExpressions;
using Pharos.Collection.Discovery;
using Pharos.Server.Configuration;

namespace Pharos.Server.Tests.Configuration.Prometheus;

/// <summary>Every key of Prometheus 3's configuration is known; what is not acted on is said, key by key, with the reason.</summary>
public sealed partial class EveryKeyTests
{
    /// <summary>All that is accepted and not acted on.</summary>
    private static readonly string[] NotHonoured =
    [
        "remote_write[].google_iam: requests are sent without this cloud's token",
        "remote_write[].round_robin_dns: addresses are tried in the order in which the system names them",
        "runtime.gogc: it tunes Go's garbage collector, which is not used here",
        "scrape_configs[].scaleway_sd_configs[].project_id: every server that the secret key may see is a target, as in Prometheus",
        "scrape_configs[].triton_sd_configs[].account: the account is the one of the client certificate, as in Prometheus",
        "storage.tsdb.chunk_encoding.floats: blocks have an encoding of their own here",
        "storage.tsdb.stale_series_compaction_threshold: stale series leave memory on their own",
        "tracing: Pharos sends no spans about itself yet",
    ];

    private static readonly string[] UnavailableDiscoveries =
        ["azure", "gce", "nerve", "oci", "outscale", "serverset", "stackit"];

    private static string Text => File.ReadAllText(
        Path.Combine(TestFolders.Repository, "tests/Pharos.Server.Tests/Configuration/Prometheus/every-key.yml"));

    [Fact]
    public void Every_key_is_accepted_and_those_without_effect_are_told()
    {
        var report = ConfigFiles.Prometheus(Text).Files[0];
        Assert.Empty(report.Problems.Where(problem => problem.Severity == ConfigSeverity.Error).Select(problem => problem.ToString()));
        var told = report.NotHonoured.Select(problem => $"{ConfigReading.WithoutIndices(problem.Path)}: {problem.Message}")
            .Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.Equal(NotHonoured, told.Where(line => !line.Contains("discovery finds no targets", StringComparison.Ordinal)));
        Assert.Equal(
            UnavailableDiscoveries.Select(kind => $"scrape_configs[].{kind}_sd_configs[]: {kind} discovery finds no targets: "),
            told.Where(line => line.Contains("discovery finds no targets", StringComparison.Ordinal))
                .Select(line => line[..(line.IndexOf("targets: ", StringComparison.Ordinal) + "targets: ".Length)]));
    }

    [Fact]
    public void Every_discovery_that_is_no_refusal_can_be_made()
    {
        var job = ConfigFiles.Prometheus(Text).Config!.ScrapeJobs.Single(job => job.JobName == "discoveries");
        var kinds = job.Discoveries.GroupBy(options => options is UnavailableDiscoveryOptions)
            .ToDictionary(group => group.Key, group => group.Select(options => options.Kind).Order(StringComparer.Ordinal).ToList());
        Assert.Equal(UnavailableDiscoveries, kinds[true]);
        Assert.Equal(
            [
                "consul", "digitalocean", "dns", "docker", "dockerswarm", "ec2", "eureka", "file", "hetzner", "http", "ionos", "kubernetes", "kuma",
                "lightsail", "linode", "marathon", "nomad", "openstack", "ovhcloud", "puppetdb", "scaleway", "triton", "uyuni", "vultr",
            ],
            kinds[false]);
    }

    [Fact]
    public void A_reload_of_the_same_text_keeps_every_discovery_running()
    {
        var (first, second) = (ConfigFiles.Prometheus(Text).Config!, ConfigFiles.Prometheus(Text).Config!);
        Assert.All(
            first.ScrapeJobs.SelectMany(job => job.Discoveries).Zip(second.ScrapeJobs.SelectMany(job => job.Discoveries)),
            pair => Assert.True(pair.First.SameAs(pair.Second), pair.First.Kind));
    }

    /// <summary>All keys with a value are mistyped at once, and so are all sections of one depth: one inside another would not be read.</summary>
    [Fact]
    public void Every_key_that_is_mistyped_is_an_error_that_names_the_right_one()
    {
        var lines = Text.Split('\n');
        var keys = lines.Select((line, i) => (Line: i, Key: Key().Match(line).Groups["name"], IsSection: line.EndsWith(':')))
            .Where(key => key.Key.Success && !lines[key.Line].EndsWith("# free", StringComparison.Ordinal)).ToList();
        Assert.True(keys.Count > 350, $"{keys.Count} keys");
        var missed = new List<string>();
        foreach (var group in keys.GroupBy(key => key.IsSection ? key.Key.Index : -1))
        {
            var changed = lines.ToArray();
            foreach (var (line, key, _) in group)
            {
                changed[line] = changed[line].Insert(key.Index + key.Length, key.Value[^1..]);
            }
            var problems = ConfigFiles.Prometheus(string.Join('\n', changed)).Files[0].Problems
                .Select(problem => (problem.Line, problem.Message)).ToHashSet();
            missed.AddRange(group.Where(key => !problems.Contains(
                (key.Line + 1, $"unknown key \"{key.Key.Value}{key.Key.Value[^1]}\"; did you mean \"{key.Key.Value}\"?")))
                .Select(key => $"{key.Line + 1}: {key.Key.Value}: {problems.FirstOrDefault(problem => problem.Line == key.Line + 1).Message}"));
        }
        Assert.Empty(missed);
    }

    [GeneratedRegex("^ *(- )?(?<name>[a-z_0-9]+):( |$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();
}

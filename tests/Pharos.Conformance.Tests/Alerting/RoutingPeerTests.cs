using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Routing;
using Pharos.Conformance.Tests.Peers;
using Pharos.Server.Configuration.Alertmanager;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.Alerting;

/// <summary>Routes, groups, group keys, fingerprints and matchers of generated trees and label sets against the real Alertmanager,
/// which is asked for all of them at once over its API.</summary>
public sealed class RoutingPeerTests
{
    private const string Alertmanager = "/usr/bin/prometheus-alertmanager";
    private const int Seed = 20_260_302;
    private const int Trees = 60;
    private const int LabelSetsPerTree = 60;
    private const int Matchers = 600;

    private readonly GeneratedRoutes _generated = new(Seed, Trees);

    [Fact]
    public async Task Thousands_of_label_sets_take_the_same_routes_into_the_same_groups()
    {
        PeerProcess.Need(Alertmanager);
        TestContext.Current.SendDiagnosticMessage($"seed {Seed}");
        var folder = Directory.CreateTempSubdirectory("pharos-routes").FullName;
        await using var sink = new WebhookSink();
        try
        {
            var file = Path.Combine(folder, "alertmanager.yml");
            await File.WriteAllTextAsync(file, _generated.Yaml($"http://{sink.Authority}/"), TestContext.Current.CancellationToken);
            var read = AlertmanagerFile.Read(file);
            Assert.True(read.Config is not null, string.Join('\n', read.Report.Problems));
            var tree = new RoutingTree(read.Config.Route);
            LabelSet[] sets = [.. Enumerable.Range(0, Trees * LabelSetsPerTree).Select(i => _generated.Labels(i % Trees)).Distinct()];

            var address = new Uri($"http://127.0.0.1:{PeerProcess.FreePort()}");
            await using var peer = await PeerProcess.ServeAsync(Alertmanager, new Uri(address, "/-/ready"), $"--config.file={file}",
                $"--storage.path={folder}/data", $"--web.listen-address={address.Authority}", "--cluster.listen-address=");
            using var client = new HttpClient { BaseAddress = address };
            foreach (var batch in sets.Chunk(256))
            {
                (await client.PostAsJsonAsync("/api/v2/alerts", batch.Select(set => new { labels = set.ToDictionary(l => l.Name, l => l.Value) })))
                    .EnsureSuccessStatusCode();
            }
            await CompareAlertsAsync(client, tree, sets);
            await CompareGroupsAsync(client, tree, sets);
            await CompareGroupKeysAsync(sink, tree, sets);
            await CompareMatchersAsync(client, [.. sets.Where(set => set["tree"] == "0")]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CompareAlertsAsync(HttpClient client, RoutingTree tree, LabelSet[] sets)
    {
        var theirs = (await client.GetFromJsonAsync<JsonArray>("/api/v2/alerts"))!
            .Select(alert => $"{alert!["fingerprint"]} {LabelsOf(alert)}: {string.Join(',', alert["receivers"]!.AsArray().Select(r => r!["name"]))}");
        var ours = sets.Select(set =>
            $"{Fingerprint.Text(Fingerprint.Of(set))} {set}: {string.Join(',', tree.Match(set).Select(route => route.Receiver))}");
        Assert.Equal(ours.Order(StringComparer.Ordinal), theirs.Order(StringComparer.Ordinal));
    }

    private static async Task CompareGroupsAsync(HttpClient client, RoutingTree tree, LabelSet[] sets)
    {
        var theirs = (await client.GetFromJsonAsync<JsonArray>("/api/v2/alerts/groups"))!.Select(group => Group(
            (string)group!["receiver"]!["name"]!, LabelsOf(group), group["alerts"]!.AsArray().Select(alert => (string)alert!["fingerprint"]!)));
        var ours = GroupsOf(tree, sets).Select(group => Group(
            group.Key.Route.Receiver, group.Key.Labels, group.Select(set => Fingerprint.Text(Fingerprint.Of(set)))));
        Assert.Equal(ours.Order(StringComparer.Ordinal), theirs.Order(StringComparer.Ordinal));
    }

    private static async Task CompareGroupKeysAsync(WebhookSink sink, RoutingTree tree, LabelSet[] sets)
    {
        var ours = GroupsOf(tree, sets).Select(group => group.Key.Route.GroupKey(group.Key.Labels)).Distinct().Order(StringComparer.Ordinal).ToArray();
        string[] theirs = [];
        for (var attempt = 0; attempt < 300 && theirs.Length < ours.Length; attempt++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            theirs = [.. sink.Taken.Select(taken => (string)taken.Message["groupKey"]!).Distinct().Order(StringComparer.Ordinal)];
        }
        Assert.Equal(ours, theirs);
    }

    /// <summary>What is a matcher in the classic notation, and what it matches.</summary>
    private async Task CompareMatchersAsync(HttpClient client, LabelSet[] sets)
    {
        var wrong = new List<string>();
        for (var i = 0; i < Matchers; i++)
        {
            var text = _generated.MatcherText();
            using var answer = await client.GetAsync($"/api/v2/alerts?filter=tree%3D%220%22&filter={Uri.EscapeDataString(text)}");
            var theirs = answer.StatusCode == HttpStatusCode.BadRequest ? "refused"
                : string.Join(',', (await answer.Content.ReadFromJsonAsync<JsonArray>())!
                    .Select(alert => (string)alert!["fingerprint"]!).Order(StringComparer.Ordinal));
            var parsed = MatcherParser.ParseOne(text, MatcherMode.Classic);
            var ours = parsed.Error is not null ? "refused" : string.Join(',', sets.Where(set => parsed.Matchers[0].Matches(set[parsed.Matchers[0].Name]))
                .Select(set => Fingerprint.Text(Fingerprint.Of(set))).Order(StringComparer.Ordinal));
            if (ours != theirs)
            {
                wrong.Add($"{text}: {ours} here, {theirs} there");
            }
        }
        Assert.Empty(wrong);
    }

    private static IEnumerable<IGrouping<(RoutingNode Route, LabelSet Labels), LabelSet>> GroupsOf(RoutingTree tree, LabelSet[] sets) =>
        sets.SelectMany(set => tree.Match(set).Select(route => (Route: route, Labels: route.GroupLabels(set), Set: set)))
            .GroupBy(item => (item.Route, item.Labels), item => item.Set);

    private static string Group(string receiver, LabelSet labels, IEnumerable<string> fingerprints) =>
        $"{receiver} {labels}: {string.Join(',', fingerprints.Order(StringComparer.Ordinal))}";

    private static LabelSet LabelsOf(JsonNode item) => LabelSet.From(
        item["labels"]!.AsObject().Select(label => KeyValuePair.Create(label.Key, (string)label.Value!)));
}

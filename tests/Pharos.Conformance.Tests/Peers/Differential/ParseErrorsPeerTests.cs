using System.Text.Json;
using Pharos.Query.PromQL.Syntax;

namespace Pharos.Conformance.Tests.Peers.Differential;

/// <summary>What a real Prometheus says of malformed queries, word by word and with the place, against what Pharos' parser says.</summary>
public sealed class ParseErrorsPeerTests
{
    private const string Prometheus = "/usr/bin/prometheus";
    private const int Seed = 1;
    private const int Count = 4_000;

    /// <summary>Why 2.42 may say something else than 3.14, by the query and by what 2.42 says.</summary>
    private static readonly (string Reason, Func<string, string, bool> Explains)[] Differences =
    [
        ("since 3.0 a quoted text is a name in braces and in lists of labels", static (_, theirs) =>
            theirs.Contains("unexpected string", StringComparison.Ordinal) && Mentions(theirs, "in label matching, expected identifier", "in grouping opts")),
        ("since 3.0 a label may have a colon", static (_, theirs) =>
            theirs.Contains("unexpected metric identifier", StringComparison.Ordinal) && theirs.Contains("in grouping opts", StringComparison.Ordinal)),
        ("since 3.0 a duration is a number, and a number a duration", static (query, theirs) => theirs.Contains("duration", StringComparison.Ordinal)
            || (theirs.Contains("trailing commas", StringComparison.Ordinal) && Mentions(query, " 1m", " 2m", "5m"))),
        ("since 3.0 a bad expression is shown as it was written", static (_, theirs) => theirs.Contains("error parsing regexp", StringComparison.Ordinal)),
        ("since 3.0 numbers that touch are one bad number", static (_, theirs) => theirs.Contains("unexpected number \".", StringComparison.Ordinal)),
        ("2.42 shows the number of its token for an at sign", static (_, theirs) => theirs.Contains("<Item ", StringComparison.Ordinal)),
        ("2.42 gives an empty query a place", static (_, theirs) => theirs.Contains("no expression found", StringComparison.Ordinal)),
        ("start() and end() are functions since 3.14", static (query, theirs) =>
            theirs.Contains("unexpected \"(\"", StringComparison.Ordinal) && Mentions(query, "start", "end")),
    ];

    [Fact]
    public async Task Malformed_queries_are_refused_in_the_words_of_a_real_Prometheus()
    {
        PeerProcess.Need(Prometheus);
        var folder = Directory.CreateTempSubdirectory("pharos-malformed-queries").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), "global: {}\n");
        try
        {
            var address = new Uri($"http://127.0.0.1:{PeerProcess.FreePort()}");
            await using var peer = await PeerProcess.ServeAsync(Prometheus, new Uri(address, "/-/ready"), $"--config.file={folder}/prometheus.yml",
                $"--storage.tsdb.path={folder}/peer", $"--web.listen-address={address.Authority}", "--log.level=error");
            using var client = new HttpClient { BaseAddress = address };
            var (refused, problems) = await CompareAsync(client);
            Assert.True(problems.Count == 0, $"seed {Seed}, {problems.Count} differences:\n{string.Join('\n', problems.Take(40))}");
            Assert.True(refused > Count / 2, $"only {refused} of {Count} queries were malformed");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Refused, List<string> Problems)> CompareAsync(HttpClient client)
    {
        var queries = new MalformedQueries(Seed);
        var refused = 0;
        var problems = new List<string>();
        for (var i = 0; i < Count; i++)
        {
            var query = queries.Next();
            var theirs = await TheirsAsync(client, query);
            var ours = Ours(query);
            refused += theirs.Length > 0 ? 1 : 0;
            if (ours != theirs && !Differences.Any(difference => difference.Explains(query, theirs)))
            {
                problems.Add($"{query}\n  Prometheus: {theirs}\n  Pharos:     {ours}");
            }
        }
        return (refused, problems);
    }

    private static async Task<string> TheirsAsync(HttpClient client, string query)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("query", query), KeyValuePair.Create("time", "0")]);
        using var response = await client.PostAsync("/api/v1/query", form);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
        var error = json.RootElement.TryGetProperty("error", out var text) ? text.GetString()! : "";
        return error.Contains("parse error", StringComparison.Ordinal) ? error.Replace("invalid parameter \"query\": ", "", StringComparison.Ordinal) : "";
    }

    private static string Ours(string query)
    {
        try
        {
            PromParser.Parse(query);
            return "";
        }
        catch (PromParseException bad)
        {
            return bad.Message;
        }
    }

    private static bool Mentions(string text, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (text.Contains(part, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }
}

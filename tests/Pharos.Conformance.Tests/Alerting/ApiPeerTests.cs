using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pharos.Conformance.Tests.Peers;

namespace Pharos.Conformance.Tests.Alerting;

/// <summary>The same requests to a real Alertmanager and to Pharos, odd ones above all: the same status, and the same body wherever
/// it is data.</summary>
public sealed partial class ApiPeerTests
{
    private const string Alertmanager = "/usr/bin/prometheus-alertmanager";

    private const string Config = """
        route: {receiver: hook, group_by: [alertname], routes: [{receiver: 'we+b', matchers: [team="x"]}]}
        receivers: [{name: hook}, {name: 'we+b'}]
        inhibit_rules: [{source_matchers: [alertname="Src"], target_matchers: [alertname="Tgt"]}]
        """;

    private const string Matcher = """{"name":"a","value":"b","isRegex":false,"isEqual":true}""";

    /// <summary>Each as <c>METHOD path body</c>; in bodies NOW and LATER are times, SILENCE is a whole silence without its end.</summary>
    private static readonly string[] Requests =
    [
        .. Alerts(
            "", "null", "{}", "\"x\"", "[", "[1]", "[]", "[{}]", """[{"labels":null}]""", """[{"labels":{}}]""", """[{"labels":{"a":""}}]""",
            """[{"labels":[]}]""", """[{"labels":{"a":1}}]""", """[{"labels":{"a":null,"alertname":"nul"}}]""", """[{"labels":{"":"x"}}]""",
            """[{"labels":{"alertname":"A"},"annotations":{"a":1}}]""", """[{"labels":{"alertname":"A"},"annotations":null}]""",
            """[{"labels":{"alertname":"A"},"startsAt":5}]""", """[{"labels":{"alertname":"B"},"endsAt":"0001-01-01T00:00:00Z"}]""",
            """[{"labels":{"alertname":"A"},"startsAt":"LATER","endsAt":"NOW"}]""", """[{"labels":{"alertname":"Past"},"endsAt":"2020-01-01T00:00:00Z"}]""",
            """[{"labels":{"alertname":"Good"}},{"labels":{}}]""", """[{"labels":{"alertname":"U","u":"\u00fc\"\\\n<>&"},"unknown":1}]""",
            """[{"labels":{"alertname":"d1","alertname":"Twice"}},{"labels":{"alertname":"Twice"},"annotations":{"n":"2"}}]""",
            """[{"labels":{"alertname":"T","team":"x"},"generatorURL":"/graph?x=1"},{"labels":{"alertname":"Src"}},{"labels":{"alertname":"Tgt"}}]"""),
        .. Alerts("""[{"Labels":{"alertname":"Case"},"ANNOTATIONS":{"a":"1"},"startsat":"NOW","generatorurl":"/c"}] behind""",
            """[{"labels":{"alertname":"Kept"},"LABELS":{"alertname":"Last"}}][""", "[{\"labels\":{\"alertname\":\"Never\"}}", "[5] x", "[{}] x", "null x", "5 x"),
        .. Alerts([.. "not a url|%zz|3x:y|http://h/%2|http://h/a b?c d|mailto:x|//h/x|:x|http://h/?q=%zz".Split('|')
            .Select(url => $$"""[{"labels":{"alertname":"Url"},"generatorURL":"{{url}}"}]""")]),
        .. Alerts([.. ("yesterday|2026-01-02T03:04:05|2026-01-02T03:04:05Z|2026-01-02T03:04:05.123456789Z|2026-01-02T03:04:05+02:00|2026-01-02 03:04:05"
            + "|2026-01-02 03:04:05Z|2026-01-02t03:04:05z|2026-01-02T03:04Z|20260102T030405Z|Fri, 02 Jan 2026 03:04:05 GMT|2026-01-02T03:04:05.5"
            + "|2026-01-02T03:04:05+0200|2026-13-02T03:04:05Z|2026-01-02T25:04:05Z|01/02/2026|1767322800|12:00|2026-01-02T03:04:05Zx").Split('|')
            .Select(time => $$"""[{"labels":{"alertname":"Time"},"startsAt":"{{time}}"}]""")]),
        .. ("|filter=|filter=alertname|filter=alertname%3DT|filter=alertname%3D%22T%22|filter=alertname%3D~%22T.*%22|filter=alertname!~%22.%2B%22"
            + "|filter=%7Balertname%3DT%7D|filter=alertname%3DT&filter=team%3Dx|filter=team%3D|filter=alertname%3D~%22(%22|filter=alertname%3D~%22a)%22"
            + "|filter=alertname%3D%22T|filter=%3DT|filter=+alertname+%3D+T+|filter=alertname%3D%27T%27|receiver=hook|receiver=we.b|receiver=we%5C%2Bb"
            + "|receiver=we|receiver=(|receiver=(?i)HOOK|active=false|active=x|active=|active=0|active=TRUE|active=yes|active=true&active=false"
            + "|silenced=false|inhibited=false|unprocessed=false|active=false&inhibited=true|foo=bar|Filter=x")
            .Split('|').SelectMany(query => (string[])[$"GET /api/v2/alerts?{query} ", $"GET /api/v2/alerts/groups?{query} "]),
        .. Silences("", "null", "[]", "\"x\"", "{}", "{", "{SILENCE}", "{SILENCE,\"endsAt\":null}", "{SILENCE,\"endsAt\":\"\"}", "{SILENCE,\"endsAt\":3}"),
        .. Silences("{SILENCE,\"ENDSAT\":\"LATER\"} behind", "{SILENCE,\"endsAt\":\"LATER\",\"Matchers\":[{\"Name\":\"q\",\"VALUE\":\"r\",\"isregex\":false}]}"),
        .. Silences([.. ("NOW|0001-01-01T00:00:00Z|2020-01-01T00:00:00Z|x|LATER").Split('|').Select(end => $$"""{SILENCE,"endsAt":"{{end}}"}""")]),
        .. Silences([.. ((string[])["\"startsAt\":\"\"", "\"startsAt\":null", "\"startsAt\":\"0001-01-01T00:00:00Z\"", "\"startsAt\":\"LATER\"",
            "\"createdBy\":null", "\"createdBy\":\"\"", "\"createdBy\":1", "\"comment\":null", "\"comment\":\"\"", "\"matchers\":null", "\"matchers\":[]",
            "\"matchers\":1", "\"matchers\":[{}]", "\"matchers\":[3]", "\"id\":\"xyz\"", "\"id\":\"00000000-0000-0000-0000-000000000000\"", "\"id\":4",
            "\"id\":\"\"", "\"id\":null", "\"unknown\":{}", $"\"matchers\":[{Matcher},{Matcher}]"]).Select(change => $$"""{SILENCE,"endsAt":"LATER",{{change}}}""")]),
        .. Silences([.. ((string[])["\"name\":\"\"", "\"name\":7", "\"value\":\"\"", "\"value\":null", "\"isRegex\":null", "\"isRegex\":\"\"", "\"isEqual\":null",
            "\"isEqual\":7", "\"isEqual\":false", "\"isEqual\":false,\"isRegex\":true", "\"isRegex\":true,\"value\":\".*\"", "\"isRegex\":true,\"value\":\"(\""])
            .Select(change => $$"""{SILENCE,"endsAt":"LATER","matchers":[{{Matcher[..^1]}},{{change}}}]}""")]),
        .. "|filter=a%3Db|filter=a%3D~b|filter=a|filter=a!%3Db|filter=a%3Db&filter=z%3D|filter=|filter=x%3Dy|active=false|expired=false&pending=no".Split('|')
            .Select(query => $"GET /api/v2/silences?{query} "),
        .. from id in (string[])["x", "00000000-0000-0000-0000-000000000001", "00000000000000000000000000000001", "00000000-0000-0000-0000-00000000000G"]
           select $"GET /api/v2/silence/{id} ",
        .. from path in (string[])["status", "receivers", "alerts", "alerts/groups", "silences", "silence/00000000-0000-0000-0000-000000000001", "nothing"]
           from method in (string[])["PUT", "PATCH", "POST", "DELETE", "HEAD"]
           where (path, method) is not ("alerts" or "silences", "POST") && !(path.StartsWith("silence/", StringComparison.Ordinal) && method == "DELETE")
           select $"{method} /api/v2/{path} ",
    ];

    /// <summary>What Pharos does otherwise, and why.</summary>
    private static readonly (string Request, string Because)[] Known =
    [
        ("GET /api/v2/alerts?Filter=x ", "a parameter's name is read in any case"),
        ("GET /api/v2/alerts/groups?Filter=x ", "a parameter's name is read in any case"),
    ];

    [Fact]
    public async Task The_real_Alertmanager_answers_the_same()
    {
        PeerProcess.Need(Alertmanager, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-api-peer").FullName;
        try
        {
            var file = Path.Combine(folder, "alertmanager.yml");
            await File.WriteAllTextAsync(file, Config, TestContext.Current.CancellationToken);
            Uri[] addresses = [Loopback(), Loopback()];
            await using var peer = await PeerProcess.ServeAsync(Alertmanager, new Uri(addresses[0], "/-/ready"), $"--config.file={file}",
                $"--storage.path={folder}/peer", $"--web.listen-address={addresses[0].Authority}", "--cluster.listen-address=");
            await using var pharos = await PeerProcess.ServeAsync(PeerProcess.Pharos, new Uri(addresses[1], "/-/ready"), "serve",
                $"--alertmanager.config.file={file}", $"--data={folder}/ours", $"--web.listen-address={addresses[1].Authority}");
            using var client = new HttpClient();
            var differences = new List<string>();
            foreach (var request in Requests)
            {
                var (theirs, ours) = (await AskAsync(client, addresses[0], request), await AskAsync(client, addresses[1], request));
                if (theirs != ours && !Known.Any(known => known.Request == request))
                {
                    differences.Add($"{request}\n  Alertmanager {theirs}\n  Pharos       {ours}");
                }
            }
            Assert.True(differences.Count == 0, string.Join('\n', differences));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> Alerts(params IEnumerable<string> bodies) => bodies.Select(body => $"POST /api/v2/alerts {body}");

    private static IEnumerable<string> Silences(params IEnumerable<string> bodies) => bodies.Select(body => $"POST /api/v2/silences {body}");

    private static Uri Loopback() => new($"http://127.0.0.1:{PeerProcess.FreePort()}");

    private static async Task<string> AskAsync(HttpClient client, Uri server, string request)
    {
        var words = request.Split(' ', 3);
        var now = DateTimeOffset.UtcNow;
        var body = words[2]
            .Replace("SILENCE", $$""""comment":"c","createdBy":"me","startsAt":"NOW","matchers":[{{Matcher}}]"""", StringComparison.Ordinal)
            .Replace("NOW", now.ToString("yyyy-MM-ddTHH:mm:ssZ"), StringComparison.Ordinal)
            .Replace("LATER", now.AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ"), StringComparison.Ordinal);
        using var message = new HttpRequestMessage(new HttpMethod(words[0]), new Uri(server, words[1]));
        if (words[0] is "POST" or "PUT" or "PATCH")
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }
        using var answer = await client.SendAsync(message, TestContext.Current.CancellationToken);
        return $"{(int)answer.StatusCode} {Comparable(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))}";
    }

    /// <summary>Without ids and times, without what a newer Alertmanager adds, and of bodies that cannot be read only that: there the
    /// message speaks of Go's types.</summary>
    private static string Comparable(string body)
    {
        if (body.Contains("\"code\":400", StringComparison.Ordinal))
        {
            return "not to be read";
        }
        // Alertmanager lists methods in no order.
        var text = Volatile().Replace(body.Replace("silence invalid: ", "invalid silence: ", StringComparison.Ordinal), "*")
            .Replace("[POST,GET]", "[GET,POST]", StringComparison.Ordinal).Replace("[DELETE,GET]", "[GET,DELETE]", StringComparison.Ordinal);
        return text.Length > 0 && text[0] is '[' or '{' ? Sorted(JsonNode.Parse(text))!.ToJsonString() : text.Trim();
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject all => new JsonObject(all.Where(pair => pair.Key is not ("mutedBy" or "routeLabels") && !(pair.Key == "annotations" && all.ContainsKey("matchers")))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, Sorted(pair.Value)))),
        JsonArray all => new JsonArray([.. all.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")]
    private static partial Regex Volatile();
}

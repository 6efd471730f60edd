using System.Net;
using System.Text.Json;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Receivers;
using Pharos.Alerting.Receivers.Jira;
using Pharos.Alerting.Tests.Templates;
using static Pharos.Alerting.Tests.Receivers.Make;

namespace Pharos.Alerting.Tests.Receivers;

public sealed class JiraNotifierTests
{
    private static readonly JiraOptions Options = new()
    {
        ApiUrl = "https://jira.example/rest/api/2/", Project = "OPS", IssueType = "Bug", Description = new("{{ .Status }} <b>"),
        Labels = ["zeta", "{{ .CommonLabels.job }}"], ReopenTransition = "Reopen", ResolveTransition = "Close", ReopenDuration = TimeSpan.FromHours(1),
    };

    private const string Open = "{\"issues\":[{\"key\":\"OPS-1\",\"fields\":{\"status\":{\"name\":\"Open\",\"statusCategory\":{\"key\":\"new\"}}}}]}";
    private const string Done = "{\"issues\":[{\"key\":\"OPS-1\",\"fields\":{\"status\":{\"name\":\"Done\",\"statusCategory\":{\"key\":\"done\"}}}}]}";
    private const string Transitions = "{\"transitions\":[{\"id\":\"11\",\"name\":\"Close\"},{\"id\":\"21\",\"name\":\"Reopen\"}]}";

    [Fact]
    public async Task A_group_without_an_issue_gets_one()
    {
        var http = Jira("{\"issues\":[]}");
        Assert.Equal(NotifyOutcome.Sent, (await Notify(http, Options)).Outcome);
        Assert.Equal(["POST /rest/api/2/search", "POST /rest/api/2/issue"], http.Requests.Select(static request => request.Line));
        var label = JsonDocument.Parse(http.Requests[1].Body).RootElement.GetProperty("fields").GetProperty("labels")[0].GetString()!;
        Assert.Matches("^ALERT\\{[0-9a-f]{64}\\}$", label);
        Assert.Equal("{\"fields\":[\"status\"],\"jql\":\"(resolutiondate is EMPTY OR resolutiondate \\u003e= -60m) and project=\\\"OPS\\\" and " +
            $"labels=\\\"{label}\\\" order by status ASC,resolutiondate DESC\",\"maxResults\":2}}\n", http.Requests[0].Body);
        Assert.Equal("{\"fields\":{\"description\":\"firing \\u003cb\\u003e\",\"issuetype\":{\"name\":\"Bug\"}," +
            $"\"labels\":[\"{label}\",\"api\",\"zeta\"],\"priority\":{{\"name\":\"High\"}},\"project\":{{\"key\":\"OPS\"}}," +
            "\"summary\":\"[FIRING:2] HighLoad (api critical)\"}}\n", http.Requests[1].Body);
        Assert.Equal("en", http.Requests[0].Message.Headers.AcceptLanguage.ToString());
    }

    [Fact]
    public async Task An_open_issue_is_updated_but_for_what_shall_stay()
    {
        var http = Jira(Open);
        await Notify(http, Options with
        {
            Summary = Options.Summary with { EnableUpdate = false },
            Description = Options.Description with { EnableUpdate = false },
            WontFixResolution = "Won't \"Fix\"",
            Fields = new Dictionary<string, TemplatedNode> { ["customfield_1"] = "{{ .Alerts | len }}" },
        });
        Assert.Equal(["POST /rest/api/2/search", "PUT /rest/api/2/issue/OPS-1"], http.Requests.Select(static request => request.Line));
        Assert.Contains("resolution != \\\"Won't \\\\\\\"Fix\\\\\\\"\\\" and ", http.Requests[0].Body, StringComparison.Ordinal);
        var fields = JsonDocument.Parse(http.Requests[1].Body).RootElement.GetProperty("fields");
        Assert.Equal(["customfield_1", "issuetype", "labels", "priority", "project"], fields.EnumerateObject().Select(static member => member.Name));
        Assert.Equal(3, fields.GetProperty("customfield_1").GetInt32());
    }

    [Fact]
    public async Task A_resolved_group_closes_its_issue_and_makes_none()
    {
        var http = Jira(Open);
        await Notify(http, Options, Some.Resolved);
        Assert.Contains("\"jql\":\"statusCategory != Done and project", http.Requests[0].Body, StringComparison.Ordinal);
        Assert.Equal(["PUT /rest/api/2/issue/OPS-1", "GET /rest/api/2/issue/OPS-1/transitions", "POST /rest/api/2/issue/OPS-1/transitions"],
            http.Requests.Skip(1).Select(static request => request.Line));
        Assert.Equal("{\"transition\":{\"id\":\"11\"}}\n", http.Requests[3].Body);

        var nothing = Jira("{\"issues\":[]}");
        Assert.Equal(NotifyOutcome.Sent, (await Notify(nothing, Options, Some.Resolved)).Outcome);
        Assert.Single(nothing.Requests);
    }

    [Fact]
    public async Task A_group_that_fires_again_reopens_its_issue()
    {
        var http = Jira(Done);
        await Notify(http, Options);
        Assert.Equal("{\"transition\":{\"id\":\"21\"}}\n", http.Requests[^1].Body);
        var unknown = await Notify(Jira(Done), Options with { ReopenTransition = "Revive" });
        Assert.Equal((NotifyOutcome.Failed, "can't find transition Revive for issue OPS-1"), (unknown.Outcome, unknown.Reason));
    }

    [Theory]
    [InlineData("https://x.atlassian.net/rest/api/2/", JiraApiType.Auto, "/rest/api/3/search/jql")]
    [InlineData("https://x.atlassian.net/rest/api/3/", JiraApiType.Auto, "/rest/api/3/search/jql")]
    [InlineData("https://x.atlassian.net/rest/api/2/", JiraApiType.DataCenter, "/rest/api/2/search")]
    [InlineData("https://jira.example/rest/api/2/", JiraApiType.Cloud, "/rest/api/3/search/jql")]
    [InlineData("https://jira.example/rest/api/2/", JiraApiType.Auto, "/rest/api/2/search")]
    public async Task Cloud_and_data_center_search_at_their_own_addresses(string url, JiraApiType type, string path)
    {
        var http = Jira(Open);
        await Notify(http, Options with { ApiUrl = url, ApiType = type });
        Assert.Equal("POST " + path, http.Requests[0].Line);
    }

    [Theory]
    [InlineData("a <b>\n\nc", "{\"type\":\"doc\",\"version\":1,\"content\":[{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":\"a \\u003cb\\u003e\"}]}," +
        "{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":\"c\"}]}]}")]
    [InlineData("{ \"version\": 1, \"type\": \"doc\", \"content\": [ ] }", "{\"version\":1,\"type\":\"doc\",\"content\":[]}")]
    public async Task Version_3_gets_a_document(string description, string expected)
    {
        var http = Jira(Open);
        await Notify(http, Options with { ApiUrl = "https://jira.example/rest/api/3/", Description = new(description) });
        Assert.Contains($"\"description\":{expected},", http.Requests[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_on_the_way_is_named()
    {
        var limited = await Notify(new ScriptedHttp(static _ => (HttpStatusCode.TooManyRequests, "{}")), Options);
        Assert.Equal(NotifyOutcome.Retry, limited.Outcome);
        Assert.StartsWith("failed to look up existing issues: unexpected status code 429", limited.Reason, StringComparison.Ordinal);
        var refused = await Notify(new ScriptedHttp(static line => line.EndsWith("search", StringComparison.Ordinal)
            ? (HttpStatusCode.OK, "{\"issues\":[]}") : (HttpStatusCode.BadRequest, "{\"errors\":{\"project\":\"the en field\"}}")), Options);
        Assert.Equal(NotifyOutcome.Failed, refused.Outcome);
        Assert.Contains("failed to POST request to \"issue\": unexpected status code 400: {\"errors\":{\"project\":\"the en field\"}}", refused.Reason,
            StringComparison.Ordinal);
        Assert.Equal(NotifyOutcome.Retry, (await Notify(new ScriptedHttp(static _ => (HttpStatusCode.OK, "<html>")), Options)).Outcome);
    }

    private static async Task<NotifyResult> Notify(ScriptedHttp http, JiraOptions options, Notification? notification = null) =>
        await new JiraNotifier(options, Setup(new HttpClient(http))).NotifyAsync(notification ?? Some.Notification, default);

    private static ScriptedHttp Jira(string found) => new(line =>
        (HttpStatusCode.OK, line.Contains("/search", StringComparison.Ordinal) ? found
            : line.StartsWith("GET", StringComparison.Ordinal) ? Transitions : "{\"key\":\"OPS-2\"}"));
}

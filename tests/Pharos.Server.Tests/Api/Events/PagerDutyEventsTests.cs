using System.Text;
using System.Text.Json;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Api.Events;

/// <summary>PagerDuty's Events API v2 as senders use it.</summary>
public sealed class PagerDutyEventsTests : IAsyncLifetime
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private const string Full = $$$"""
        {"routing_key":"{{{Key}}}","event_action":"trigger","dedup_key":"db/1","client":"Nagios","client_url":"https://nagios/1",
        "links":[{"href":"https://runbook/1","text":"runbook"}],"images":[],
        "payload":{"summary":"disk of db-1 is full","timestamp":"2015-07-17T08:42:58.315+0000","source":"db-1","severity":"critical",
        "component":"postgres","group":"prod","class":"disk","custom_details":{"free":"1%","inodes":7}}
        }
        """;

    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Trigger_opens_an_alert_that_stays_until_it_is_resolved()
    {
        Assert.Equal((202, """{"status":"success","message":"Event processed","dedup_key":"db/1"}"""), await EnqueueAsync(Full));
        var alert = Assert.Single(await AlertsAsync());
        Assert.Equal(
            $$"""{"alertname":"disk","class":"disk","component":"postgres","dedup_key":"db/1","group":"prod","routing_key_hash":"{{HashOf(Key)}}","severity":"critical","source":"db-1"}""",
            alert.GetProperty("labels").GetRawText());
        Assert.DoesNotContain(Key, alert.GetRawText(), StringComparison.Ordinal);
        var annotations = alert.GetProperty("annotations");
        Assert.Equal("disk of db-1 is full", annotations.GetProperty("summary").GetString());
        Assert.Equal("Nagios", annotations.GetProperty("client").GetString());
        Assert.Equal("""{"free":"1%","inodes":7}""", annotations.GetProperty("custom_details").GetString());
        Assert.Equal("""[{"href":"https://runbook/1","text":"runbook"}]""", annotations.GetProperty("links").GetString());
        Assert.False(annotations.TryGetProperty("images", out _));
        Assert.Equal("https://nagios/1", alert.GetProperty("generatorURL").GetString());
        Assert.Equal("2015-07-17T08:42:58.315Z", alert.GetProperty("startsAt").GetString());
        Assert.StartsWith("2200-", alert.GetProperty("endsAt").GetString(), StringComparison.Ordinal);

        Assert.Equal(202, (await EnqueueAsync(Short("resolve", "db/1"))).Status);
        Assert.Empty(await AlertsAsync());
        Assert.Equal(202, (await EnqueueAsync(Full)).Status);
        Assert.Single(await AlertsAsync());
    }

    [Fact]
    public async Task Change_is_a_sample_at_its_time_and_no_alert()
    {
        var at = DateTimeOffset.UtcNow.AddMinutes(-2);
        Assert.Equal((202, """{"status":"success","message":"Change event processed"}"""), await _server.PostJsonAsync(
            "/v2/change/enqueue",
            $$"""{"routing_key":"{{Key}}","payload":{"summary":"deploy 1.2","source":"ci","timestamp":"{{at:O}}","custom_details":{"n":1} },"links":[]}"""));
        Assert.Empty(await AlertsAsync());
        var found = await _server.JsonAsync("/api/v1/query?query=pharos_change_event[5m]");
        var series = Assert.Single(found.GetProperty("data").GetProperty("result").EnumerateArray());
        Assert.Equal(
            $$"""{"__name__":"pharos_change_event","routing_key_hash":"{{HashOf(Key)}}","source":"ci","summary":"deploy 1.2"}""",
            series.GetProperty("metric").GetRawText());
        Assert.Equal(at.ToUnixTimeMilliseconds() / 1000.0, series.GetProperty("values")[0][0].GetDouble(), 2);
        var (status, body) = await _server.PostJsonAsync("/v2/change/enqueue", """{"payload":{"timestamp":"soon"}}""");
        Assert.Equal(400, status);
        Assert.Equal(
            """{"status":"invalid event","message":"Event object is invalid","errors":["'routing_key' is missing or blank","'payload.summary' is missing or blank","'payload.timestamp' is invalid (must be a time as of ISO 8601): \"soon\""]}""",
            body);
    }

    [Fact]
    public async Task Missing_dedup_key_is_made_and_answered()
    {
        var first = DedupKeyOf(await EnqueueAsync(Trigger("", "warning")));
        var second = DedupKeyOf(await EnqueueAsync(Trigger("", "warning")));
        Assert.NotEqual(first, second);
        Assert.Equal(2, (await AlertsAsync()).Count);
        await EnqueueAsync(Short("resolve", first));
        Assert.Equal(second, Label(Assert.Single(await AlertsAsync()), "dedup_key"));
    }

    [Fact]
    public async Task Without_a_class_the_summary_is_the_name_and_a_later_summary_changes_only_the_annotation()
    {
        await EnqueueAsync(Trigger("a", "error", "load is 5"));
        await EnqueueAsync(Trigger("a", "error", "load is 6"));
        var alert = Assert.Single(await AlertsAsync());
        Assert.Equal("load is 5", Label(alert, "alertname"));
        Assert.Equal("load is 6", alert.GetProperty("annotations").GetProperty("summary").GetString());
    }

    [Fact]
    public async Task Another_severity_takes_the_place_of_the_open_alert()
    {
        await EnqueueAsync(Trigger("a", "warning"));
        await EnqueueAsync(Trigger("a", "critical"));
        Assert.Equal("critical", Label(Assert.Single(await AlertsAsync()), "severity"));
        await EnqueueAsync(Short("resolve", "a"));
        Assert.Empty(await AlertsAsync());
    }

    [Fact]
    public async Task Events_at_the_same_time_leave_one_alert_open()
    {
        string[] severities = ["critical", "warning", "error", "info"];
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => EnqueueAsync(Trigger("a", severities[i % 4]))));
        Assert.All(answers, answer => Assert.Equal(202, answer.Status));
        Assert.Single(await AlertsAsync());
    }

    [Fact]
    public async Task Routing_keys_do_not_share_their_dedup_keys()
    {
        var other = Trigger("a", "error").Replace(Key, "another-key", StringComparison.Ordinal);
        await EnqueueAsync(Trigger("a", "error"));
        await EnqueueAsync(other);
        Assert.Equal(2, (await AlertsAsync()).Count);
        await EnqueueAsync(Short("resolve", "a"));
        Assert.Equal(HashOf("another-key"), Label(Assert.Single(await AlertsAsync()), "routing_key_hash"));
    }

    [Fact]
    public async Task Acknowledged_alert_stays_open_and_says_since_when()
    {
        await EnqueueAsync(Trigger("a", "error"));
        Assert.Equal(202, (await EnqueueAsync(Short("acknowledge", "a"))).Status);
        var since = Acknowledged(Assert.Single(await AlertsAsync()));
        Assert.NotNull(since);
        await EnqueueAsync(Trigger("a", "error", "again"));
        Assert.Equal(since, Acknowledged(Assert.Single(await AlertsAsync())));
        await EnqueueAsync(Short("resolve", "a"));
        await EnqueueAsync(Trigger("a", "error"));
        Assert.Null(Acknowledged(Assert.Single(await AlertsAsync())));
    }

    [Theory]
    [InlineData("acknowledge")]
    [InlineData("resolve")]
    public async Task Event_for_a_key_that_nobody_opened_is_taken_and_opens_nothing(string action)
    {
        Assert.Equal(202, (await EnqueueAsync(Short(action, "unknown"))).Status);
        Assert.Empty(await AlertsAsync());
    }

    [Theory]
    [InlineData("[]", "the event must be a JSON object, not an array")]
    [InlineData("{}", "'routing_key' is missing or blank|'event_action' is missing or blank|'dedup_key' is missing or blank")]
    [InlineData("""{"routing_key":" ","event_action":"trigger"}""", "'routing_key' is missing or blank|'payload' is missing or blank")]
    [InlineData("""{"routing_key":7,"event_action":"trigger","payload":[]}""",
        "'routing_key' must be a string, not a number|'payload' must be an object, not an array")]
    [InlineData("""{"routing_key":"k","event_action":"close","dedup_key":"a"}""",
        "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve'): \"close\"")]
    [InlineData("""{"routing_key":"k","event_action":"resolve"}""", "'dedup_key' is missing or blank")]
    [InlineData("""{"routing_key":"k","event_action":"trigger","payload":{}}""",
        "'payload.summary' is missing or blank|'payload.source' is missing or blank|'payload.severity' is missing or blank")]
    [InlineData("""{"routing_key":"k","event_action":"trigger","links":{},"payload":{"summary":"s","source":"h","severity":"bad","timestamp":"now"}}""",
        "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info'): \"bad\"|"
        + "'payload.timestamp' is invalid (must be a time as of ISO 8601): \"now\"|'links' must be an array, not an object")]
    public async Task Event_that_is_not_in_order_is_refused_with_all_that_is_wrong(string body, string errors)
    {
        var (status, answer) = await EnqueueAsync(body);
        Assert.Equal(400, status);
        var json = JsonDocument.Parse(answer).RootElement;
        Assert.Equal("invalid event", json.GetProperty("status").GetString());
        Assert.Equal("Event object is invalid", json.GetProperty("message").GetString());
        Assert.Equal(errors.Split('|'), json.GetProperty("errors").EnumerateArray().Select(error => error.GetString()));
        Assert.Empty(await AlertsAsync());
    }

    [Fact]
    public async Task Limits_are_PagerDuty_s()
    {
        Assert.Equal(202, (await EnqueueAsync(Trigger(new string('k', 255), "error", new string('\u00e4', 1024)))).Status);
        Assert.Contains(
            "'payload.summary' is too long (maximum is 1024 characters, it has 1025)",
            await RefusalAsync(Trigger("a", "error", new string('s', 1025)), 400), StringComparison.Ordinal);
        Assert.Contains(
            "'dedup_key' is too long (maximum is 255 characters, it has 256)",
            await RefusalAsync(Trigger(new string('k', 256), "error"), 400), StringComparison.Ordinal);
        Assert.Contains(
            "body is larger than the 524288 bytes", await RefusalAsync(Trigger("a", "error", new string('s', 512 * 1024)), 413),
            StringComparison.Ordinal);
        Assert.Contains("parsing body failed", await RefusalAsync("{", 400), StringComparison.Ordinal);
        Assert.Single(await AlertsAsync());
    }

    [Fact]
    public async Task Body_that_is_not_declared_as_JSON_is_refused()
    {
        using var content = new StringContent(Full, Encoding.UTF8, "text/plain");
        using var response = await _server.Http.PostAsync("/v2/enqueue", content);
        Assert.Equal(415, (int)response.StatusCode);
        Assert.Contains("invalid event", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_alert_outlasts_a_restart_and_is_resolved_after_it()
    {
        var data = RunningServer.NewFolder();
        try
        {
            await using (var first = await RunningServer.StartAsync(options => options with { DataPath = data }))
            {
                Assert.Equal(202, (await first.PostJsonAsync("/v2/enqueue", Full)).Status);
            }
            await using var second = await RunningServer.StartAsync(options => options with { DataPath = data });
            var alert = Assert.Single((await second.JsonAsync("/api/v2/alerts")).EnumerateArray());
            Assert.StartsWith("2200-", alert.GetProperty("endsAt").GetString(), StringComparison.Ordinal);
            Assert.Equal(202, (await second.PostJsonAsync("/v2/enqueue", Short("resolve", "db/1"))).Status);
            Assert.Empty((await second.JsonAsync("/api/v2/alerts")).EnumerateArray());
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static string Short(string action, string dedupKey) =>
        $$"""{"routing_key":"{{Key}}","event_action":"{{action}}","dedup_key":"{{dedupKey}}"}""";

    private static string Trigger(string dedupKey, string severity, string summary = "it is down") =>
        $$$"""{"routing_key":"{{{Key}}}","event_action":"trigger","dedup_key":"{{{dedupKey}}}","payload":{"summary":"{{{summary}}}","source":"h","severity":"{{{severity}}}"}}""";

    private static string HashOf(string key) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16];

    private static string DedupKeyOf((int Status, string Body) answer) =>
        JsonDocument.Parse(answer.Body).RootElement.GetProperty("dedup_key").GetString()!;

    private static string? Label(JsonElement alert, string name) => alert.GetProperty("labels").GetProperty(name).GetString();

    private static string? Acknowledged(JsonElement alert) =>
        alert.GetProperty("annotations").TryGetProperty("acknowledged_at", out var since) ? since.GetString() : null;

    private Task<(int Status, string Body)> EnqueueAsync(string body) => _server.PostJsonAsync("/v2/enqueue", body);

    private async Task<string> RefusalAsync(string body, int status)
    {
        var answer = await EnqueueAsync(body);
        Assert.Equal(status, answer.Status);
        return string.Join('|', JsonDocument.Parse(answer.Body).RootElement.GetProperty("errors").EnumerateArray().Select(error => error.GetString()));
    }

    private async Task<List<JsonElement>> AlertsAsync() => [.. (await _server.JsonAsync("/api/v2/alerts")).EnumerateArray()];
}

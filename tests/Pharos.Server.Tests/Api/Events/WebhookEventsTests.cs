using System.Text.Json;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Api.Events;

/// <summary>The webhook that takes alerts: from Alertmanager, from Grafana, from anybody.</summary>
public sealed class WebhookEventsTests : IAsyncLifetime
{
    private const string Path = "/api/pharos/webhook";

    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Message_of_Alertmanager_opens_and_ends_alerts()
    {
        const string Message = """
            {"version":"4","groupKey":"{}:{}","truncatedAlerts":0,"status":"firing","receiver":"pharos","groupLabels":{},"commonLabels":{},
            "commonAnnotations":{},"externalURL":"http://am","alerts":[
            {"status":"firing","labels":{"alertname":"Down","job":"a"},"annotations":{"summary":"it is down"},"startsAt":"2020-01-02T03:04:05.678901234Z",
            "endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://prom/g","fingerprint":"1"},
            {"status":"resolved","labels":{"alertname":"Down","job":"b"},"annotations":{},"startsAt":"2020-01-02T03:04:05Z",
            "endsAt":"2020-01-02T03:05:05Z","generatorURL":"","fingerprint":"2"}]}
            """;
        Assert.Equal((200, """{"firing":1,"resolved":0,"ignored":1}"""), await _server.PostJsonAsync(Path, Message));
        Assert.Equal(200, (await _server.PostJsonAsync(Path, Message)).Status);
        var alert = Assert.Single(await AlertsAsync());
        Assert.Equal("""{"alertname":"Down","job":"a"}""", alert.GetProperty("labels").GetRawText());
        Assert.Equal("it is down", alert.GetProperty("annotations").GetProperty("summary").GetString());
        Assert.Equal("http://prom/g", alert.GetProperty("generatorURL").GetString());
        Assert.StartsWith("2020-01-02T03:04:05.67", alert.GetProperty("startsAt").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("2200-", alert.GetProperty("endsAt").GetString(), StringComparison.Ordinal);
        var ended = Message.Replace("\"status\":\"firing\",\"labels\"", "\"status\":\"resolved\",\"labels\"", StringComparison.Ordinal);
        Assert.Equal((200, """{"firing":0,"resolved":1,"ignored":1}"""), await _server.PostJsonAsync(Path, ended));
        Assert.Empty(await AlertsAsync());
    }

    [Fact]
    public async Task Message_of_Grafana_is_taken_with_its_links()
    {
        const string Message = """
            {"receiver":"pharos","status":"firing","orgId":1,"alerts":[{"status":"firing","labels":{"alertname":"High","grafana_folder":"f"},
            "annotations":null,"startsAt":"2020-01-02T03:04:05.5+01:00","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://g/1","fingerprint":"c6eadffa33fcdf37",
            "silenceURL":"http://g/s","dashboardURL":"http://g/d","panelURL":"http://g/p","values":{"A":1.5},"valueString":"[ var='A' ]"}],
            "groupLabels":{},"commonLabels":{},"commonAnnotations":{},"externalURL":"http://g","version":"1","groupKey":"k","truncatedAlerts":0,
            "title":"[FIRING:1] High","state":"alerting","message":"**Firing**"}
            """;
        Assert.Equal(200, (await _server.PostJsonAsync(Path, Message)).Status);
        var alert = Assert.Single(await AlertsAsync());
        Assert.Equal("""{"alertname":"High","grafana_folder":"f"}""", alert.GetProperty("labels").GetRawText());
        Assert.Equal("""{"dashboard_url":"http://g/d","panel_url":"http://g/p"}""", alert.GetProperty("annotations").GetRawText());
        Assert.Equal("2020-01-02T02:04:05.500Z", alert.GetProperty("startsAt").GetString());
    }

    [Fact]
    public async Task Plain_event_is_an_alert_of_its_title()
    {
        const string Event = """{"title":"backup failed","labels":{"severity":"warning"},"annotations":{"runbook":"http://r"}}""";
        Assert.Equal((200, """{"firing":1,"resolved":0,"ignored":0}"""), await _server.PostJsonAsync(Path, Event));
        var alert = Assert.Single(await AlertsAsync());
        Assert.Equal("""{"alertname":"backup failed","severity":"warning"}""", alert.GetProperty("labels").GetRawText());
        Assert.Equal("""{"runbook":"http://r","title":"backup failed"}""", alert.GetProperty("annotations").GetRawText());
        var end = """{"title":"backup failed","labels":{"severity":"warning"},"status":"resolved"}""";
        Assert.Equal((200, """{"firing":0,"resolved":1,"ignored":0}"""), await _server.PostJsonAsync(Path, end));
        Assert.Empty(await AlertsAsync());
    }

    [Fact]
    public async Task End_of_an_earlier_time_ends_nothing_newer()
    {
        var opened = """{"title":"t","startsAt":"2020-01-01T02:00:00Z"}""";
        await _server.PostJsonAsync(Path, opened);
        var late = """{"title":"t","status":"resolved","startsAt":"2020-01-01T00:00:00Z","endsAt":"2020-01-01T01:00:00Z"}""";
        Assert.Equal((200, """{"firing":0,"resolved":0,"ignored":1}"""), await _server.PostJsonAsync(Path, late));
        Assert.Single(await AlertsAsync());
        // A sender whose clock is behind, and that gives no start.
        var behind = """{"title":"t","status":"resolved","endsAt":"2020-01-01T01:00:00Z"}""";
        Assert.Equal((200, """{"firing":0,"resolved":1,"ignored":0}"""), await _server.PostJsonAsync(Path, behind));
        Assert.Empty(await AlertsAsync());
    }

    [Fact]
    public async Task Good_alerts_are_taken_beside_bad_ones()
    {
        var (status, body) = await _server.PostJsonAsync(
            Path, """{"alerts":[{"labels":{"alertname":"Good"}},{"labels":{"a":1}},{"labels":{}},7,{"labels":{"a":"b"},"status":"ok"}]}""");
        Assert.Equal(400, status);
        Assert.Equal(
            "alerts.1.labels.a in body must be of type string; alerts.2 names no alert: give it labels, or a plain event a title; "
            + "alerts.3 in body must be of type object; alerts.4.status in body must be \"firing\" or \"resolved\", not \"ok\" "
            + "(alerts in order, and taken: 1)",
            JsonDocument.Parse(body).RootElement.GetProperty("error").GetString());
        Assert.Equal("""{"alertname":"Good"}""", Assert.Single(await AlertsAsync()).GetProperty("labels").GetRawText());
    }

    [Theory]
    [InlineData("", "parsing body failed")]
    [InlineData("[]", "the body must be a JSON object")]
    [InlineData("{}", "body names no alert")]
    [InlineData("""{"alerts":{}}""", "alerts in body must be an array")]
    [InlineData("""{"title":1}""", "body.title in body must be of type string")]
    [InlineData("""{"title":"t","status":"alerting"}""", "body.status in body must be")]
    [InlineData("""{"title":"t","startsAt":"yesterday"}""", "body.startsAt in body must be of type date-time")]
    [InlineData("""{"title":"t","labels":{"":"x"}}""", "body.labels in body has an empty name")]
    public async Task Body_that_is_not_in_order_is_refused_with_a_reason(string body, string reason)
    {
        var (status, answer) = await _server.PostJsonAsync(Path, body);
        Assert.Equal(400, status);
        Assert.StartsWith(reason, JsonDocument.Parse(answer).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Empty(await AlertsAsync());
    }

    [Fact]
    public async Task Body_above_the_limit_is_refused()
    {
        var (status, answer) = await _server.PostJsonAsync(Path, $$"""{"title":"{{new string('t', 8 * 1024 * 1024)}}"}""");
        Assert.Equal(413, status);
        Assert.Contains("body is larger than the 8388608 bytes", answer, StringComparison.Ordinal);
    }

    private async Task<List<JsonElement>> AlertsAsync() => [.. (await _server.JsonAsync("/api/v2/alerts")).EnumerateArray()];
}

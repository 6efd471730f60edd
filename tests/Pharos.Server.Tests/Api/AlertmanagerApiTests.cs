using System.Net;
using System.Text.Json;
using Pharos.Server.Hosting;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Api;

public sealed class AlertmanagerApiTests
{
    private const string Alert = """[{"labels":{"alertname":"Down","job":"a"},"annotations":{"summary":"it is down"}}]""";

    [Fact]
    public async Task Posted_alert_reaches_the_webhook()
    {
        await using var hook = new WebhookSink();
        await using var server = await StartAsync(hook.Url);
        Assert.Equal(200, (await server.PostJsonAsync("/api/v2/alerts", Alert)).Status);
        var message = await hook.NextAsync();
        Assert.Equal("firing", message.GetProperty("status").GetString());
        Assert.Equal("Down", message.GetProperty("alerts")[0].GetProperty("labels").GetProperty("alertname").GetString());
        Assert.Equal("team", message.GetProperty("receiver").GetString());
    }

    [Fact]
    public async Task Alerts_and_groups_show_what_was_posted()
    {
        await using var hook = new WebhookSink();
        await using var server = await StartAsync(hook.Url);
        await server.PostJsonAsync("/api/v2/alerts", Alert);
        var alert = Assert.Single((await server.JsonAsync("/api/v2/alerts")).EnumerateArray());
        Assert.Equal("active", alert.GetProperty("status").GetProperty("state").GetString());
        Assert.Equal("team", alert.GetProperty("receivers")[0].GetProperty("name").GetString());
        Assert.Equal(16, alert.GetProperty("fingerprint").GetString()!.Length);
        Assert.Empty((await server.JsonAsync("/api/v2/alerts?filter=job%3D%22b%22")).EnumerateArray());
        Assert.Empty((await server.JsonAsync("/api/v2/alerts?active=false")).EnumerateArray());
        Assert.Empty((await server.JsonAsync("/api/v2/alerts?receiver=other")).EnumerateArray());
        var group = Assert.Single((await server.JsonAsync("/api/v2/alerts/groups")).EnumerateArray());
        Assert.Equal("Down", group.GetProperty("labels").GetProperty("alertname").GetString());
        Assert.Equal(1, group.GetProperty("alerts").GetArrayLength());
    }

    [Theory]
    [InlineData("\\ud800", "\uFFFD")]
    [InlineData("\\uDC00x", "\uFFFDx")]
    [InlineData("\\ud800\\u0041", "\uFFFDA")]
    [InlineData("\\ud83d\\ude00", "\U0001F600")]
    [InlineData("\\\\ud800", "\\ud800")]
    public async Task Broken_text_is_read_as_Go_reads_it_and_loses_no_alert_beside_it(string written, string read)
    {
        await using var server = await RunningServer.StartAsync();
        var body = $$$"""[{"labels":{"a":"{{{written}}}"}},{"labels":{"a":"good"}}]""";
        Assert.Equal(200, (await server.PostJsonAsync("/api/v2/alerts", body)).Status);
        var alerts = await server.JsonAsync("/api/v2/alerts");
        Assert.Equal(
            new[] { "good", read }.Order(StringComparer.Ordinal),
            alerts.EnumerateArray().Select(alert => alert.GetProperty("labels").GetProperty("a").GetString())
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_lose_no_alert_beside_them()
    {
        await using var server = await RunningServer.StartAsync();
        using var content = new ByteArrayContent([.. """[{"labels":{"a":"""u8, (byte)'"', 0xff, (byte)'"', .. """}},{"labels":{"a":"good"}}]"""u8]);
        content.Headers.ContentType = new("application/json");
        using var response = await server.Http.PostAsync("/api/v2/alerts", content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, (await server.JsonAsync("/api/v2/alerts")).GetArrayLength());
    }

    [Theory]
    [InlineData("/api/v2/alerts", Alert)]
    [InlineData("/api/v2/silences", "{}")]
    public async Task Body_that_is_not_declared_as_JSON_is_refused(string path, string body)
    {
        await using var server = await RunningServer.StartAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "text/plain");
        using var response = await server.Http.PostAsync(path, content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal(
            """{"code":415,"message":"unsupported media type \"text/plain\", only [application/json] are allowed"}""",
            await response.Content.ReadAsStringAsync());
        Assert.Empty((await server.JsonAsync("/api/v2/alerts")).EnumerateArray());
    }

    [Fact]
    public async Task Old_api_takes_alerts_in_its_envelope()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal((200, """{"status":"success"}"""), await server.PostJsonAsync("/api/v1/alerts", Alert));
        Assert.Equal((200, """{"status":"success","data":{"alerts":[]}}"""), await server.GetAsync("/api/v1/alerts"));
    }

    [Fact]
    public async Task Silence_suppresses_until_it_is_ended()
    {
        await using var hook = new WebhookSink();
        await using var server = await StartAsync(hook.Url);
        var (status, body) = await server.PostJsonAsync("/api/v2/silences", Silence("alertname", "Down"));
        Assert.Equal(200, status);
        var id = JsonDocument.Parse(body).RootElement.GetProperty("silenceID").GetString()!;
        await server.PostJsonAsync("/api/v2/alerts", Alert);
        var alert = Assert.Single((await server.JsonAsync("/api/v2/alerts")).EnumerateArray());
        Assert.Equal("suppressed", alert.GetProperty("status").GetProperty("state").GetString());
        Assert.Equal(id, alert.GetProperty("status").GetProperty("silencedBy")[0].GetString());
        Assert.Empty((await server.JsonAsync("/api/v2/alerts?silenced=false")).EnumerateArray());
        using (var ended = await server.Http.DeleteAsync($"/api/v2/silence/{id}"))
        {
            Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        }
        Assert.Equal("expired", (await server.JsonAsync($"/api/v2/silence/{id}")).GetProperty("status").GetProperty("state").GetString());
        Assert.Equal("active", (await server.JsonAsync("/api/v2/alerts"))[0].GetProperty("status").GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("alerts?filter=%7B", 400)]
    [InlineData("alerts?receiver=(", 400)]
    [InlineData("silence/not-a-uuid", 422)]
    [InlineData("silence/3bf1a0c6-7d4f-4f6a-9d8e-000000000000", 404)]
    public async Task Bad_question_has_the_status_of_Alertmanager(string path, int status)
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal(status, (await server.GetAsync("/api/v2/" + path)).Status);
    }

    [Theory]
    [InlineData("alerts", "not json", 400)]
    [InlineData("alerts", """[{"annotations":{}}]""", 422)]
    [InlineData("alerts", """[{"labels":{"alertname":""}}]""", 400)]
    [InlineData("alerts", """[{"labels":{"a":1}}]""", 400)]
    [InlineData("silences", """{"matchers":[]}""", 422)]
    public async Task Bad_body_has_the_status_of_Alertmanager(string path, string body, int status)
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal(status, (await server.PostJsonAsync("/api/v2/" + path, body)).Status);
    }

    [Fact]
    public async Task Good_alerts_are_kept_beside_bad_ones()
    {
        await using var server = await RunningServer.StartAsync();
        var (status, _) = await server.PostJsonAsync(
            "/api/v2/alerts", """[{"labels":{"alertname":"Good"}},{"labels":{"alertname":""}}]""");
        Assert.Equal(400, status);
        Assert.Single((await server.JsonAsync("/api/v2/alerts")).EnumerateArray());
    }

    [Fact]
    public async Task Silence_that_ended_in_the_past_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var body = """{"matchers":[{"name":"a","value":"b","isRegex":false}],"startsAt":"2001-01-01T00:00:00Z","endsAt":"2001-01-02T00:00:00Z","createdBy":"x","comment":"y"}""";
        Assert.Equal(
            (400, "\"Failed to create silence: end time can't be in the past\""), await server.PostJsonAsync("/api/v2/silences", body));
    }

    [Fact]
    public async Task Status_has_the_fields_that_amtool_reads()
    {
        await using var server = await RunningServer.StartAsync();
        var status = await server.JsonAsync("/api/v2/status");
        Assert.Equal("disabled", status.GetProperty("cluster").GetProperty("status").GetString());
        Assert.False(string.IsNullOrEmpty(status.GetProperty("versionInfo").GetProperty("version").GetString()));
        Assert.Equal(JsonValueKind.String, status.GetProperty("config").GetProperty("original").ValueKind);
    }

    private static string Silence(string name, string value)
    {
        var now = TimeProvider.System.GetUtcNow();
        return $$"""{"matchers":[{"name":"{{name}}","value":"{{value}}","isRegex":false}],"startsAt":"{{now:O}}","endsAt":"{{now.AddHours(1):O}}","createdBy":"me","comment":"why"}""";
    }

    private static Task<RunningServer> StartAsync(string url)
    {
        var folder = RunningServer.NewFolder();
        var file = Path.Combine(folder, "alertmanager.yml");
        File.WriteAllText(file, $$"""
            route: {receiver: team, group_by: [alertname], group_wait: 10ms}
            receivers:
            - name: team
              webhook_configs: [{url: '{{url}}'}]
            """);
        return RunningServer.StartAsync(folder, options => options with { AlertmanagerConfigFile = file });
    }
}

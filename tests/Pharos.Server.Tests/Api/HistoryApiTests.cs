using System.Text.Json;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Api;

public sealed class HistoryApiTests
{
    private const string Alert = """[{"labels":{"alertname":"Down","job":"a"},"annotations":{"summary":"it is down"}}]""";
    private const string Key = "k3y-that-nobody-sees";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Transitions_and_notifications_are_told_and_outlive_a_restart()
    {
        await using var hook = new WebhookSink();
        // A folder of its own: the one of a server ends with it.
        var folder = RunningServer.NewFolder();
        var file = Path.Combine(folder, "alertmanager.yml");
        await File.WriteAllTextAsync(file, $$$"""
            route: {receiver: team, group_by: [alertname], group_wait: 10ms}
            receivers:
            - name: team
              webhook_configs:
              - url: '{{{hook.Url}}}{{{Key}}}'
                payload: {text: '{{ .CommonLabels.job }} of {{{hook.Url}}}{{{Key}}}'}
            """);
        await using (var server = await StartAsync(folder, file))
        {
            Assert.Equal(200, (await server.PostJsonAsync("/api/v2/alerts", Alert)).Status);
            await hook.NextAsync();
            await UntilAsync(server, "notifications", "notifications", 1);
        }
        await using var again = await StartAsync(folder, file);
        var document = await again.JsonAsync("/api/pharos/openapi.json");
        var transitions = await again.JsonAsync("/api/pharos/alerts/history");
        DescribedAnswer.Check(document, "AlertTransitions", transitions);
        var fired = Assert.Single(transitions.GetProperty("transitions").EnumerateArray());
        Assert.Equal("firing", fired.GetProperty("state").GetString());
        Assert.Equal("Down", fired.GetProperty("labels").GetProperty("alertname").GetString());
        var answer = await again.JsonAsync("/api/pharos/notifications");
        DescribedAnswer.Check(document, "Notifications", answer);
        var sent = Assert.Single(answer.GetProperty("notifications").EnumerateArray());
        Assert.Contains("a of ", sent.GetProperty("payload").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, answer.GetRawText(), StringComparison.Ordinal);
        var attempt = Assert.Single(sent.GetProperty("tries").EnumerateArray());
        Assert.Equal(("sent", 200), (attempt.GetProperty("outcome").GetString(), attempt.GetProperty("status").GetInt32()));
        Assert.Equal("Down", sent.GetProperty("told")[0].GetProperty("labels").GetProperty("alertname").GetString());

        foreach (var (question, count) in new[]
        {
            ("filter=job%3D%22a%22", 1), ("filter=job%3D%22b%22", 0), ("start=4102444800", 0), ("end=1000", 0), ("receiver=other", 0),
        })
        {
            Assert.Equal(count, (await again.JsonAsync("/api/pharos/notifications?" + question)).GetProperty("notifications").GetArrayLength());
            Assert.Equal(count, (await again.JsonAsync("/api/pharos/alerts/history?" + question)).GetProperty("transitions").GetArrayLength());
        }
    }

    [Fact]
    public async Task A_silence_is_seen_soon_and_pages_follow_each_other()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PostJsonAsync("/api/v2/alerts", Alert);
        var until = TimeProvider.System.GetUtcNow().AddHours(1);
        var (status, body) = await server.PostJsonAsync("/api/v2/silences", $$"""
            {"matchers":[{"name":"alertname","value":"Down","isRegex":false,"isEqual":true}],"startsAt":"2026-01-01T00:00:00Z",
            "endsAt":"{{until:O}}","createdBy":"me","comment":"quiet"}
            """);
        Assert.Equal(200, status);
        var id = JsonDocument.Parse(body).RootElement.GetProperty("silenceID").GetString();
        await UntilAsync(server, "alerts/history", "transitions", 2);
        var first = await server.JsonAsync("/api/pharos/alerts/history?limit=1");
        var suppressed = Assert.Single(first.GetProperty("transitions").EnumerateArray());
        Assert.Equal(id, suppressed.GetProperty("by")[0].GetString());
        DescribedAnswer.Check(await server.JsonAsync("/api/pharos/openapi.json"), "AlertTransitions", first);
        var second = await server.JsonAsync($"/api/pharos/alerts/history?limit=1&from={first.GetProperty("next").GetString()}");
        Assert.Equal("firing", Assert.Single(second.GetProperty("transitions").EnumerateArray()).GetProperty("state").GetString());
        Assert.False(second.TryGetProperty("next", out _));
    }

    [Theory]
    [InlineData("filter=%7B")]
    [InlineData("start=soon")]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("from=x")]
    public async Task A_bad_question_is_refused_with_a_reason(string question)
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var path in new[] { "alerts/history", "notifications" })
        {
            var (status, body) = await server.GetAsync($"/api/pharos/{path}?{question}");
            Assert.Equal(400, status);
            Assert.NotEqual("", JsonDocument.Parse(body).RootElement.GetProperty("error").GetString());
        }
    }

    private static Task<RunningServer> StartAsync(string folder, string file) => RunningServer.StartAsync(
        options => options with { AlertmanagerConfigFile = file, DataPath = Path.Combine(folder, "data") });

    private static async Task UntilAsync(RunningServer server, string path, string property, int count)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while ((await server.JsonAsync("/api/pharos/" + path)).GetProperty(property).GetArrayLength() < count)
        {
            await Task.Delay(50, deadline.Token);
        }
    }
}

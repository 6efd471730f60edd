using System.Text.Json;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Api.Events;

/// <summary>One Pharos tells another: what its notifiers send is what its endpoints take.</summary>
public sealed class PharosToPharosTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Alert_goes_over_PagerDuty_s_interface_and_the_webhook_and_ends_there_too()
    {
        await using var hook = new WebhookSink();
        await using var taker = await StartAsync($$"""
            route: {receiver: team, group_by: [alertname, source], group_wait: 10ms, group_interval: 100ms}
            receivers:
            - name: team
              webhook_configs: [{url: '{{hook.Url}}'}]
            """);
        await using var sender = await StartAsync($$"""
            route: {receiver: other, group_by: [alertname], group_wait: 10ms, group_interval: 100ms}
            receivers:
            - name: other
              pagerduty_configs: [{url: '{{new Uri(taker.Server.BaseAddress, "/v2/enqueue")}}', routing_key: secret-key, class: disk, severity: critical}]
              webhook_configs: [{url: '{{new Uri(taker.Server.BaseAddress, "/api/pharos/webhook")}}'}]
            """);
        Assert.Equal(200, (await sender.PostJsonAsync("/api/v2/alerts", """[{"labels":{"alertname":"Down","job":"a"}}]""")).Status);
        var alerts = await UntilAsync(taker, 2);
        var (direct, paged) = alerts[0].GetProperty("labels").TryGetProperty("dedup_key", out _) ? (alerts[1], alerts[0]) : (alerts[0], alerts[1]);
        Assert.Equal("""{"alertname":"Down","job":"a"}""", direct.GetProperty("labels").GetRawText());
        Assert.Equal("disk", paged.GetProperty("labels").GetProperty("alertname").GetString());
        Assert.Equal("critical", paged.GetProperty("labels").GetProperty("severity").GetString());
        Assert.Equal(64, paged.GetProperty("labels").GetProperty("dedup_key").GetString()!.Length);
        Assert.StartsWith("[FIRING:1] Down", paged.GetProperty("annotations").GetProperty("summary").GetString(), StringComparison.Ordinal);

        List<string> told = [await ToldAsync(hook), await ToldAsync(hook)];
        Assert.Equal(["Down firing", "disk firing"], told.Order(StringComparer.Ordinal));

        var end = TimeProvider.System.GetUtcNow();
        await sender.PostJsonAsync("/api/v2/alerts", $$"""[{"labels":{"alertname":"Down","job":"a"},"endsAt":"{{end:O}}"}]""");
        await UntilAsync(taker, 0);
        told = [await ToldAsync(hook), await ToldAsync(hook)];
        Assert.Equal(["Down resolved", "disk resolved"], told.Order(StringComparer.Ordinal));
    }

    private static async Task<string> ToldAsync(WebhookSink hook)
    {
        var message = await hook.NextAsync();
        return $"{message.GetProperty("groupLabels").GetProperty("alertname").GetString()} {message.GetProperty("status").GetString()}";
    }

    private static async Task<List<JsonElement>> UntilAsync(RunningServer server, int count)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            List<JsonElement> alerts = [.. (await server.JsonAsync("/api/v2/alerts")).EnumerateArray()];
            if (alerts.Count == count)
            {
                return alerts;
            }
            await Task.Delay(20, deadline.Token);
        }
    }

    private static async Task<RunningServer> StartAsync(string configuration)
    {
        var folder = RunningServer.NewFolder();
        var file = Path.Combine(folder, "alertmanager.yml");
        await File.WriteAllTextAsync(file, configuration);
        return await RunningServer.StartAsync(folder, options => options with { AlertmanagerConfigFile = file });
    }
}

using System.Globalization;
using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.Peers.Clients;

/// <summary>vmalert with Pharos as its data source, as the store of what it records, as the memory of its alerts and as its
/// Alertmanager.</summary>
public sealed class VmalertTests
{
    private const string Vmalert = "/usr/bin/vmalert";

    /// <summary>The interval is vmalert's shortest: it dates what it writes by full seconds.</summary>
    private const string RuleFile = """
        groups:
        - name: queues
          interval: 1s
          rules:
          - record: job:queue_length:sum
            expr: sum by (job) (queue_length)
            labels: {team: blue}
          - alert: Full
            expr: queue_length > 10
            for: 1s
            labels: {severity: page}
            annotations: {summary: "{{ $labels.queue }} holds {{ $value }}"}
          - alert: Waiting
            expr: queue_length > 5
            for: 1h
        """;

    private double _length = 12;

    [Fact]
    public async Task Rules_read_from_and_write_to_Pharos_and_alerts_arrive_there()
    {
        PeerProcess.Need(Vmalert, PeerProcess.Pharos);
        await using var target = new LoopbackListener(_ => string.Create(
            CultureInfo.InvariantCulture, $"queue_length{{queue=\"mail\"}} {Volatile.Read(ref _length)}\n"));
        await using var webhook = new LoopbackListener(_ => "ok");
        await using var pharos = await ServedPharos.StartAsync(
            $$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs:
            - job_name: app
              static_configs: [{targets: ['{{target.Authority}}'], labels: {instance: one} }]
            """,
            $$"""
            route: {receiver: hook, group_wait: 0s, group_interval: 300ms}
            receivers:
            - name: hook
              webhook_configs: [{url: 'http://{{webhook.Authority}}/hook'}]
            """,
            "--web.enable-remote-write-receiver");
        var rules = Path.Combine(pharos.Folder, "vmalert.rules");
        await File.WriteAllTextAsync(rules, RuleFile);

        string since;
        await using (await StartAsync(pharos, rules))
        {
            await IsRecordedAsync(pharos);
            since = await AlertsAreRecordedAsync(pharos);
            await ArrivesAsync(pharos, webhook);
        }
        await RemembersAsync(pharos, rules, since, webhook);
    }

    [Fact]
    public async Task A_replay_of_the_past_records_what_a_range_query_answers()
    {
        PeerProcess.Need(Vmalert, PeerProcess.Pharos);
        await using var pharos = await ServedPharos.StartAsync("global: {}\n", null, "--web.enable-remote-write-receiver");
        var end = DateTimeOffset.FromUnixTimeSeconds((TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60 * 60) - 60);
        var start = end.AddMinutes(-30);
        await RemoteWriteBody.PushAsync(pharos.Client, RemoteWriteBody.Create(((string[])["a", "b"]).Select(
            (instance, one) => (
                LabelSet.From(("__name__", "requests_total"), ("instance", instance)),
                (IReadOnlyList<(long, double)>)[.. Enumerable.Range(0, 140).Select(
                    i => (start.AddMinutes(-4).AddSeconds(i * 15).ToUnixTimeMilliseconds(), (double)(i * (one + 2) * 3)))]))));
        var rules = Path.Combine(pharos.Folder, "replay.rules");
        await File.WriteAllTextAsync(
            rules, "groups: [{name: past, interval: 1m, rules: [{record: 'all:requests:rate2m', expr: 'sum(rate(requests_total[2m]))'}]}]\n");

        var (code, output) = await PeerProcess.RunAsync(
            Vmalert, $"-rule={rules}", $"-datasource.url={pharos.Address}", $"-remoteWrite.url={pharos.Address}",
            $"-replay.timeFrom={start:yyyy-MM-ddTHH:mm:ssZ}", $"-replay.timeTo={end:yyyy-MM-ddTHH:mm:ssZ}", "-replay.rulesDelay=0s",
            "-replay.disableProgressBar", $"-httpListenAddr=127.0.0.1:{PeerProcess.FreePort()}");

        Assert.True(code == 0, output);
        var (from, to) = (start.ToUnixTimeSeconds(), end.ToUnixTimeSeconds());
        var recorded = await QueryAnswer.AskAsync(
            pharos.Client, $"/api/v1/query_range?query=sum(all:requests:rate2m)&start={from}&end={to}&step=60");
        var asked = await QueryAnswer.AskAsync(
            pharos.Client, $"/api/v1/query_range?query=sum(rate(requests_total[2m]))&start={from}&end={to}&step=60");
        Assert.Equal(31, asked.Count);
        Assert.Null(recorded.Difference(asked));
    }

    private static Task<PeerProcess> StartAsync(ServedPharos pharos, string rules) => StartAsync(pharos, rules, PeerProcess.FreePort());

    private static Task<PeerProcess> StartAsync(ServedPharos pharos, string rules, int port) => PeerProcess.ServeAsync(
        Vmalert, new Uri($"http://127.0.0.1:{port}/health"), $"-rule={rules}", $"-httpListenAddr=127.0.0.1:{port}",
        $"-datasource.url={pharos.Address}", $"-remoteWrite.url={pharos.Address}", $"-remoteRead.url={pharos.Address}",
        $"-notifier.url={pharos.Address}", "-remoteWrite.flushInterval=100ms", "-external.label=replica=a", "-external.url=http://vmalert.example");

    private static async Task IsRecordedAsync(ServedPharos pharos)
    {
        var recorded = await ServedPharos.EventuallyAsync(() => pharos.VectorAsync("job:queue_length:sum"), vector => vector.Count > 0);
        Assert.Equal(("job:queue_length:sum{job=\"app\", replica=\"a\", team=\"blue\"}", "12"), (recorded.Keys.Single(), recorded.Values.Single()));
    }

    /// <returns>Since when the alert that only waits is active.</returns>
    private static async Task<string> AlertsAreRecordedAsync(ServedPharos pharos)
    {
        const string Labels = "instance=\"one\", job=\"app\", queue=\"mail\", replica=\"a\"";
        // The mark that ends the pending series comes a moment after the firing one.
        var alerts = await ServedPharos.EventuallyAsync(
            () => pharos.VectorAsync("ALERTS"),
            vector => vector.Count == 2 && vector.Keys.Any(series => series.Contains("firing", StringComparison.Ordinal)));
        Assert.Equal(
            [
                $"ALERTS{{alertgroup=\"queues\", alertname=\"Full\", alertstate=\"firing\", {Labels}, severity=\"page\"}}",
                $"ALERTS{{alertgroup=\"queues\", alertname=\"Waiting\", alertstate=\"pending\", {Labels}}}",
            ],
            alerts.Keys);
        var states = await pharos.VectorAsync("ALERTS_FOR_STATE");
        Assert.Equal(
            [
                $"ALERTS_FOR_STATE{{alertgroup=\"queues\", alertname=\"Full\", {Labels}, severity=\"page\"}}",
                $"ALERTS_FOR_STATE{{alertgroup=\"queues\", alertname=\"Waiting\", {Labels}}}",
            ],
            states.Keys);
        return states.Single(state => state.Key.Contains("Waiting", StringComparison.Ordinal)).Value;
    }

    private static async Task ArrivesAsync(ServedPharos pharos, LoopbackListener webhook)
    {
        var alert = (await ServedPharos.EventuallyAsync(
            () => AlertsAsync(pharos), alerts => alerts.Count > 0 && alerts[0].GetProperty("status").GetProperty("state").GetString() == "active")).Single();
        Assert.Equal("Full", alert.GetProperty("labels").GetProperty("alertname").GetString());
        Assert.Equal("mail holds 12", alert.GetProperty("annotations").GetProperty("summary").GetString());
        Assert.StartsWith("http://vmalert.example/", alert.GetProperty("generatorURL").GetString(), StringComparison.Ordinal);
        Assert.Equal("hook", alert.GetProperty("receivers")[0].GetProperty("name").GetString());
        await ServedPharos.EventuallyAsync(() => Task.FromResult(Notified(webhook)), notified => notified.Contains("firing"));
    }

    /// <summary>A vmalert that starts anew takes its alerts from Pharos; when the condition ends, so do the series and the alert.</summary>
    private async Task RemembersAsync(ServedPharos pharos, string rules, string since, LoopbackListener webhook)
    {
        const string LastWritten = "max(timestamp(ALERTS_FOR_STATE))";
        var before = await pharos.ValueAsync(LastWritten);
        var port = PeerProcess.FreePort();
        await using var vmalert = await StartAsync(pharos, rules, port);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var alerts = await ServedPharos.EventuallyAsync(() => OwnAlertsAsync(client), own => own.Count == 2);
        var waiting = alerts.Single(alert => alert.GetProperty("name").GetString() == "Waiting");
        Assert.True(waiting.GetProperty("restored").GetBoolean());
        Assert.Equal(double.Parse(since, CultureInfo.InvariantCulture), waiting.GetProperty("activeAt").GetDateTimeOffset().ToUnixTimeSeconds());
        // It can only end series that it has written itself.
        await ServedPharos.EventuallyAsync(() => pharos.ValueAsync(LastWritten), written => written > before);
        Assert.Equal(since, (await pharos.VectorAsync("ALERTS_FOR_STATE{alertname=\"Waiting\"}")).Values.Single());

        Volatile.Write(ref _length, 1);
        // Far sooner than the lookback: vmalert marks its series as ended, and the marks are honoured.
        await ServedPharos.EventuallyAsync(() => pharos.VectorAsync("{__name__=~\"ALERTS.*\"}"), vector => vector.Count == 0);
        await ServedPharos.EventuallyAsync(() => AlertsAsync(pharos), own => own.Count == 0);
        await ServedPharos.EventuallyAsync(() => Task.FromResult(Notified(webhook)), notified => notified.Contains("resolved"));
    }

    private static async Task<List<JsonElement>> AlertsAsync(ServedPharos pharos)
    {
        using var json = JsonDocument.Parse(await pharos.Client.GetStringAsync("/api/v2/alerts"));
        return [.. json.RootElement.EnumerateArray().Select(alert => alert.Clone())];
    }

    private static async Task<List<JsonElement>> OwnAlertsAsync(HttpClient vmalert)
    {
        using var json = JsonDocument.Parse(await vmalert.GetStringAsync("/api/v1/alerts"));
        return [.. json.RootElement.GetProperty("data").GetProperty("alerts").EnumerateArray().Select(alert => alert.Clone())];
    }

    private static List<string?> Notified(LoopbackListener webhook) =>
        [.. webhook.Requests.Select(request => JsonDocument.Parse(request.Body).RootElement.GetProperty("status").GetString())];
}

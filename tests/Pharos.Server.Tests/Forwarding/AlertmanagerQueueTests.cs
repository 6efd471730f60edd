using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Alerting.Alerts;
using Pharos.Server.Forwarding;
using Pharos.Server.SelfMonitoring;
using Pharos.Storage.Model;

namespace Pharos.Server.Tests.Forwarding;

/// <summary>One queue against an Alertmanager that hangs, refuses and recovers.</summary>
public sealed class AlertmanagerQueueTests : IDisposable
{
    private const string Url = "http://am:9093/api/v2/alerts";
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 0, 0, 0, TimeSpan.Zero);

    private readonly Meter _meter = new("forwarding-tests");
    private readonly MetricRegistry _registry;
    private readonly ScriptedAlertmanager _alertmanager = new();
    private readonly HttpClient _client;

    public AlertmanagerQueueTests()
    {
        _registry = new MetricRegistry(_meter);
        _client = new HttpClient(_alertmanager);
    }

    [Fact]
    public async Task Alerts_go_in_order_in_batches()
    {
        _alertmanager.Gate = new TaskCompletionSource();
        var queue = Queue(new ForwardingLimits { BatchSize = 3 });
        queue.Add(Alerts(0, 1));
        await _alertmanager.AskedAsync(1);
        queue.Add(Alerts(1, 7));
        Assert.Equal(7, queue.Length);
        _alertmanager.Gate.SetResult();
        await queue.StopAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(["0", "1,2,3", "4,5,6", "7"], _alertmanager.Taken);
        Assert.Equal((8, 0, 0), Counts());
    }

    [Fact]
    public async Task Alerts_that_come_together_fill_whole_batches()
    {
        var queue = Queue(new ForwardingLimits());
        queue.Add(Alerts(0, 600));
        await queue.StopAsync(TimeSpan.FromSeconds(10));
        Assert.Equal([256, 256, 88], _alertmanager.Taken.Select(batch => batch.Split(',').Length));
    }

    [Fact]
    public async Task A_full_queue_drops_the_oldest()
    {
        _alertmanager.Gate = new TaskCompletionSource();
        var queue = Queue(new ForwardingLimits { QueueCapacity = 4 });
        queue.Add(Alerts(0, 1));
        await _alertmanager.AskedAsync(1);
        queue.Add(Alerts(1, 3));
        queue.Add(Alerts(4, 3));
        _alertmanager.Gate.SetResult();
        await queue.StopAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(["0", "3,4,5,6"], _alertmanager.Taken);
        Assert.Equal((5, 0, 2), Counts());
    }

    [Fact]
    public async Task A_batch_that_fails_is_dropped_and_the_next_one_goes()
    {
        _alertmanager.Answers = [HttpStatusCode.InternalServerError, null, HttpStatusCode.OK];
        var queue = Queue(new ForwardingLimits { BatchSize = 2 });
        queue.Add(Alerts(0, 6));
        await queue.StopAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(["4,5"], _alertmanager.Taken);
        Assert.Equal((2, 4, 4), Counts());
    }

    [Fact]
    public async Task One_that_hangs_is_given_up_after_its_timeout()
    {
        _alertmanager.Gate = new TaskCompletionSource();
        var queue = Queue(new ForwardingLimits(), TimeSpan.FromMilliseconds(50));
        queue.Add(Alerts(0, 1));
        await _alertmanager.AskedAsync(1);
        while (Counts().Errors == 0)
        {
            await Task.Delay(5);
        }
        _alertmanager.Gate = null;
        queue.Add(Alerts(1, 1));
        await queue.StopAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(["1"], _alertmanager.Taken);
    }

    [Fact]
    public async Task What_waits_at_the_end_is_counted_as_dropped()
    {
        _alertmanager.Gate = new TaskCompletionSource();
        var queue = Queue(new ForwardingLimits { BatchSize = 1 });
        queue.Add(Alerts(0, 3));
        await _alertmanager.AskedAsync(1);
        await queue.StopAsync(TimeSpan.Zero);
        Assert.Empty(_alertmanager.Taken);
        Assert.Equal((0, 1, 3), Counts());
    }

    public void Dispose()
    {
        _client.Dispose();
        _alertmanager.Dispose();
        _registry.Dispose();
        _meter.Dispose();
    }

    private AlertmanagerQueue Queue(ForwardingLimits limits, TimeSpan? timeout = null) => new(Url, _client, timeout ?? TimeSpan.FromSeconds(10),
        new ForwardingContext
        {
            Limits = limits,
            UserAgent = "Pharos/test",
            ReadYamlTargets = Pharos.Server.Configuration.Prometheus.TargetFile.Read,
            Time = TimeProvider.System,
            Logger = NullLogger.Instance,
            Meter = _meter,
            Metrics = new ForwardingMetrics(_meter, limits, static () => [], static () => 0),
        });

    private static Alert[] Alerts(int first, int count) => [.. Enumerable.Range(first, count).Select(number => new Alert
    {
        Labels = LabelSet.From(("alertname", $"{number}")),
        StartsAt = Start,
        EndsAt = Start.AddMinutes(4),
        UpdatedAt = Start,
    })];

    private (double Sent, double Errors, double Dropped) Counts()
    {
        var families = _registry.Collect().ToDictionary(family => family.Name);
        return (Value("sent"), Value("errors"), Value("dropped"));

        double Value(string name) => families[$"prometheus_notifications_{name}_total"].Points.Single(point => point.Labels["alertmanager"] == Url).Value;
    }

    /// <summary>Answers in turn as it is told; null cuts the connection; while there is a gate it hangs.</summary>
    private sealed class ScriptedAlertmanager : HttpMessageHandler
    {
        private int _asked;

        public volatile TaskCompletionSource? Gate;

        public HttpStatusCode?[] Answers { get; set; } = [HttpStatusCode.OK];

        /// <summary>The names of the alerts of every batch that was taken.</summary>
        public ConcurrentQueue<string> Taken { get; } = new();

        public async Task AskedAsync(int times)
        {
            while (Volatile.Read(ref _asked) < times)
            {
                await Task.Delay(5);
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            var turn = Interlocked.Increment(ref _asked) - 1;
            using var body = JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync(cancellation));
            if (Gate is { } gate)
            {
                await gate.Task.WaitAsync(cancellation);
            }
            var answer = Answers[Math.Min(turn, Answers.Length - 1)] ?? throw new HttpRequestException("cut");
            if (answer == HttpStatusCode.OK)
            {
                Taken.Enqueue(string.Join(',', body.RootElement.EnumerateArray().Select(
                    alert => alert.GetProperty("labels").GetProperty("alertname").GetString())));
            }
            return new HttpResponseMessage(answer);
        }
    }
}

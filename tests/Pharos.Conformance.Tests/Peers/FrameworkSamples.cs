using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>Two hours of every metric that the seed's queries name: counters with resets and gaps, histograms, gauges that
/// cross the thresholds of the alerts. The values are the same in every run; only the time they lie at moves.</summary>
/// <remarks>Samples stand one millisecond after a grid of 15 s, so that none lies on the left edge of a window that ends at a
/// full second: Prometheus 2 counts that edge in, Prometheus 3 and Pharos do not. Counters begin at zero or high above what one
/// window adds: where a counter begins low inside a window, Prometheus 2 extrapolates towards zero by another rule than 3.</remarks>
internal sealed class FrameworkSamples
{
    public const int IntervalMs = 15_000;
    public const int Ticks = 480;

    private const int TicksPerPush = 40;

    private readonly Random _random = new(5);
    private readonly List<(LabelSet Labels, double?[] Values)> _series = [];
    private readonly long _startMs;

    public FrameworkSamples(long startMs)
    {
        _startMs = startMs;
        Application();
        Agents();
        DataStores();
        Infrastructure();
    }

    public int SeriesCount => _series.Count;

    /// <summary>The bodies to push, in the order of time: a head takes nothing far older than its newest sample.</summary>
    public IEnumerable<byte[]> Pushes()
    {
        for (var from = 0; from < Ticks; from += TicksPerPush)
        {
            yield return RemoteWriteBody.Create(_series.Select(one => (one.Labels, Slice(one.Values, from))));
        }
    }

    private IReadOnlyList<(long, double)> Slice(double?[] values, int from) =>
        [.. Enumerable.Range(from, TicksPerPush).Where(tick => values[tick] is not null)
            .Select(tick => (_startMs + ((long)tick * IntervalMs) + 1, values[tick]!.Value))];

    private void Application()
    {
        Gauge("progressive_active_users_total", Job("environment=production"), tick => tick is > 200 and < 350 ? 0 : _random.Next(400));
        foreach (var (route, perTick) in new[] { ("/api/plans", 400), ("/api/users", 90), ("/health", 7) })
        {
            var labels = Job($"method=GET,route={route}");
            Counter("progressive_http_requests_total", $"{labels},status_code=200", perTick, resetAt: 311);
            Counter("progressive_http_requests_total", $"{labels},status_code=404", perTick / 9 + 1, resetAt: 311);
            Counter("progressive_http_requests_total", $"{labels},status_code=503", perTick / 12 + 1, resetAt: 311);
            Histogram("progressive_http_request_duration_seconds", labels, ["0.01", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf"], perTick);
        }
        foreach (var instance in new[] { "web-1", "web-2" })
        {
            Gauge("up", $"job=progressive-framework-v5,instance={instance}", tick => instance == "web-2" && tick is > 100 and < 130 ? 0 : 1);
        }
        foreach (var success in new[] { "true", "false" })
        {
            Counter("progressive_nutrition_plans_generated_total", Job($"plan_type=keto,success={success}"), 2, resetAt: 77);
            Counter("progressive_workout_plans_generated_total", Job($"workout_type=hiit,difficulty=hard,success={success}"), 3);
            // Only with equal labels on both sides has the seed's sum of two vectors a result.
            Counter("progressive_nutrition_plans_generated_total", Job($"success={success}"), 5_000, gapFrom: 0);
            Counter("progressive_workout_plans_generated_total", Job($"success={success}"), 4_000, resetAt: 400);
        }
    }

    private void Agents()
    {
        foreach (var (agent, index) in new[] { "mca", "npa", "wpa" }.Select((agent, index) => (agent, index)))
        {
            var target = $"job=progressive-agents,instance={agent}:8090";
            var labels = $"{target},agent_type={agent}";
            Gauge("up", $"{labels},kubernetes_pod_name={agent}-0", tick => index == 1 && tick is > 150 and < 190 ? 0 : 1);
            foreach (var status in new[] { "success", "error", "failed", "500" })
            {
                Counter("progressive_agent_requests_total", $"{labels},method=plan,status={status}", status == "success" ? 60 : 8, resetAt: 150 + index);
            }
            Histogram("progressive_agent_response_time_seconds", $"{labels},method=plan", ["0.1", "0.5", "1", "2", "5", "10", "30", "60", "+Inf"], 30);
            Histogram("progressive_agent_coordination_time_seconds", $"{target},source_agent=mca,target_agent={agent}",
                ["0.1", "0.5", "1", "2", "5", "10", "+Inf"], 12);
            Counter("progressive_agent_errors_total", $"{labels},error_type=coordination_failure", 4 * index);
            Counter("progressive_agent_errors_total", $"{labels},error_type=timeout", 1);
            Counter("progressive_agent_sync_events_total", $"{target},event_type=plan_sync,agents_involved=mca-{agent}", 3, gapFrom: 200);
            Counter("progressive_agent_sync_events_total", $"{target},event_type=context_sync,agents_involved=mca-{agent}", 9, gapFrom: 260);
            Gauge("progressive_agent_memory_usage_bytes", $"{labels},agent_id={agent}-0", tick => 4e8 + (tick * 3e6 * index) + _random.Next(1_000_000));
        }
    }

    private void DataStores()
    {
        foreach (var database in new[] { "postgresql", "redis", "mongodb" })
        {
            Gauge("progressive_database_connections_active", Job($"database_type={database},database_name=main"),
                tick => database == "redis" && tick is > 50 and < 90 ? 0 : 1 + _random.Next(40));
            Gauge("up", $"job={(database == "postgresql" ? "postgres" : database)}-exporter,instance={database}:1", tick => tick == 300 ? 0 : 1);
        }
        const string Postgres = "job=postgres-exporter,instance=postgresql:9187";
        const string Redis = "job=redis-exporter,instance=redis:9121";
        Gauge("pg_up", Postgres, tick => tick is > 20 and < 40 ? 0 : 1);
        Gauge("pg_stat_activity_count", Postgres, _ => 50 + _random.Next(50));
        Gauge("pg_settings_max_connections", Postgres, _ => 100);
        foreach (var table in new[] { "users", "plans" })
        {
            Counter("pg_stat_user_tables_tup_returned", $"{Postgres},relname={table}", 9_000, gapFrom: 90);
            Counter("pg_stat_user_tables_idx_tup_fetch", $"{Postgres},relname={table}", 800, resetAt: 34);
            Counter("pg_stat_user_tables_tup_fetched", $"{Postgres},relname={table}", 700, resetAt: 33);
        }
        Histogram("pg_stat_activity_max_tx_duration", Postgres, ["0.01", "0.05", "0.1", "1", "+Inf"], 20);
        Gauge("redis_up", Redis, tick => tick is > 30 and < 60 ? 0 : 1);
        Gauge("redis_memory_used_bytes", Redis, tick => 5e8 + (tick * 1e6));
        Gauge("redis_config_maxmemory", Redis, _ => 1e9);
    }

    private void Infrastructure()
    {
        Gauge("up", "job=kubernetes-nodes,instance=node-1", tick => tick > 440 ? 0 : 1);
        foreach (var pod in new[] { "progressive-framework-v5-0", "progressive-framework-v5-1", "progressive-npa-0", "other-0" })
        {
            Counter("container_cpu_usage_seconds_total", $"job=kubernetes-cadvisor,pod={pod},namespace=prod", 15, gapFrom: 120);
            Gauge("container_memory_usage_bytes", $"job=kubernetes-cadvisor,pod={pod},namespace=prod", tick => 1e9 + (tick * 2e6) + _random.Next(9_000_000));
            Gauge("container_spec_memory_limit_bytes", $"job=kubernetes-cadvisor,pod={pod},namespace=prod", _ => 2e9);
            Counter("kube_pod_container_status_restarts_total", $"job=kube-state-metrics,pod={pod},container=app", pod == "other-0" ? 160 : 0);
        }
        Gauge("node_filesystem_avail_bytes", "job=node,instance=node-1:9100,mountpoint=/", tick => 9e10 - (tick * 1.8e8));
        Gauge("node_filesystem_size_bytes", "job=node,instance=node-1:9100,mountpoint=/", _ => 1e11);
    }

    private static string Job(string labels) => $"job=progressive-framework-v5,instance=web-1,{labels}";

    private void Gauge(string name, string labels, Func<int, double?> value) => Add(name, labels, value);

    /// <summary>Adds up to twice <paramref name="perTick"/> in each tick, in its middle nearly nothing.</summary>
    private void Counter(string name, string labels, int perTick, int resetAt = -1, int gapFrom = -1)
    {
        var total = perTick % 2 == 0 ? 0.0 : 1e6;
        Add(name, labels, tick =>
        {
            total = tick == resetAt ? 0 : total + (tick is 0 or (> 380 and < 400) ? 0 : _random.Next((2 * perTick) + 1));
            return gapFrom >= 0 && tick >= gapFrom && tick < gapFrom + 45 ? null : total;
        });
    }

    private void Histogram(string name, string labels, string[] bounds, int perTick)
    {
        var counts = new double[Ticks, bounds.Length];
        var sums = new double[Ticks];
        for (var tick = 0; tick < Ticks; tick++)
        {
            // A fast third, a mixed one, and a slow one: the quantiles cross the thresholds of objectives and alerts.
            var (fastest, slowest) = tick < 160 ? (0, bounds.Length / 2) : tick < 320 ? (0, bounds.Length) : (bounds.Length - 3, bounds.Length);
            for (var observation = _random.Next(2 * perTick); observation >= 0; observation--)
            {
                var bucket = _random.Next(fastest, slowest);
                for (var i = bucket; i < bounds.Length; i++)
                {
                    counts[tick, i]++;
                }
                sums[tick] += bucket * 0.37;
            }
        }
        for (var i = 0; i < bounds.Length; i++)
        {
            var (bucket, total) = (i, 1e6 * (i + 1));
            Add($"{name}_bucket", $"{labels},le={bounds[i]}", tick => total += counts[tick, bucket]);
        }
        var (count, sum) = (1e6 * bounds.Length, 5e6);
        Add($"{name}_count", labels, tick => count += counts[tick, bounds.Length - 1]);
        Add($"{name}_sum", labels, tick => sum += sums[tick]);
    }

    private void Add(string name, string labels, Func<int, double?> value) => _series.Add((
        LabelSet.From(labels.Split(',').Select(pair => pair.Split('=')).Select(pair => KeyValuePair.Create(pair[0], pair[1]))
            .Append(KeyValuePair.Create(Label.MetricName, name))),
        [.. Enumerable.Range(0, Ticks).Select(value)]));
}

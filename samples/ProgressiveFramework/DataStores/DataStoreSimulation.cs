using System.Diagnostics.Metrics;
using Pharos.Instrumentation;
using Pharos.Instrumentation.Exposition;
using ProgressiveFramework.Faults;
using ProgressiveFramework.Hosting;
using ProgressiveFramework.Load;

namespace ProgressiveFramework.DataStores;

/// <summary>Stands in for PostgreSQL, Redis and MongoDB and their exporters, so that the reference application needs no
/// database. The metric names are those of the real exporters.</summary>
public sealed class DataStoreSimulation : IAsyncDisposable
{
    private const int PoolSize = 100;
    private const double RedisLimitBytes = 256 << 20;

    private readonly FaultSwitches _faults;
    private readonly Dice _dice;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<WebApplication> _listeners = [];
    private readonly List<IDisposable> _owned = [];
    private readonly Task _breathing;
    private int _open;
    private long _rowsFetched;
    private long _rowsReturned;
    private double _redisBytes = RedisLimitBytes * 0.4;

    public DataStoreSimulation(FaultSwitches faults, Random random, TimeProvider time)
    {
        _faults = faults;
        _dice = new Dice(random);
        _breathing = BreatheAsync(time);
    }

    /// <summary>Told of each data store's open connections: count, type, database.</summary>
    public Action<int, string, string>? ConnectionsChanged { get; set; }

    /// <summary>Whether PostgreSQL's answers wait for a lock.</summary>
    public bool IsSlow => _faults.IsOn(Fault.SlowResponses);

    private bool IsPostgresUp => !_faults.IsOn(Fault.DatabaseDown);

    /// <summary>Takes a connection from the pool; null where PostgreSQL is down or the pool is empty.</summary>
    public IDisposable? TryOpenConnection()
    {
        if (!IsPostgresUp || Volatile.Read(ref _open) >= PoolSize)
        {
            return null;
        }
        Interlocked.Increment(ref _open);
        var rows = (long)_dice.Between(1, 40);
        Interlocked.Add(ref _rowsFetched, rows);
        Interlocked.Add(ref _rowsReturned, rows * 3);
        return new Connection(this);
    }

    public TimeSpan AnswerTime(DataStore store) => _dice.LogNormal(store.MedianSeconds, 0.8, 2);

    public TimeSpan LockWait() => TimeSpan.FromSeconds(_dice.Between(2, 4));

    public async Task<IReadOnlyDictionary<string, int>> ListenAsync(FrameworkOptions options) => new Dictionary<string, int>
    {
        ["postgres"] = await ListenAsync(options.Host, options.PostgresPort, PostgresMetrics),
        ["redis"] = await ListenAsync(options.Host, options.RedisPort, RedisMetrics),
        ["mongodb"] = await ListenAsync(options.Host, options.MongoPort, MongoMetrics),
    };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _breathing;
        foreach (var listener in _listeners)
        {
            await listener.StopAsync();
            await listener.DisposeAsync();
        }
        _owned.ForEach(owned => owned.Dispose());
        _stop.Dispose();
    }

    private void PostgresMetrics(Meter meter)
    {
        var database = Label("datname", "progressive");
        var table = Label("relname", "plans");
        meter.CreateObservableGauge("pg_up", () => IsPostgresUp ? 1 : 0, null, "Whether PostgreSQL could be asked.");
        meter.CreateObservableGauge("pg_stat_activity_count", () => When(IsPostgresUp,
            Measure(Volatile.Read(ref _open) + 5, database, Label("state", "active"))), null, "Connections by state.");
        meter.CreateObservableGauge("pg_settings_max_connections", () => When(IsPostgresUp, Measure(PoolSize)), null,
            "The server's setting max_connections.");
        // The exporter's names of these counters lack the suffix that an exposition gives to one.
        meter.CreateObservableUpDownCounter("pg_stat_user_tables_idx_tup_fetch", () => When(IsPostgresUp,
            Measure(Interlocked.Read(ref _rowsFetched), database, table)), null, "Live rows fetched by index scans.");
        meter.CreateObservableUpDownCounter("pg_stat_user_tables_seq_tup_read", () => When(IsPostgresUp,
            Measure(Interlocked.Read(ref _rowsReturned), database, table)), null, "Live rows fetched by sequential scans.");
        meter.CreateObservableUpDownCounter("pg_stat_database_tup_fetched", () => When(IsPostgresUp,
            Measure(Interlocked.Read(ref _rowsFetched), database)), null, "Rows fetched by queries.");
        meter.CreateObservableUpDownCounter("pg_stat_database_tup_returned", () => When(IsPostgresUp,
            Measure(Interlocked.Read(ref _rowsReturned), database)), null, "Rows returned by queries.");
    }

    private void RedisMetrics(Meter meter)
    {
        meter.CreateObservableGauge("redis_up", () => 1, null, "Whether Redis could be asked.");
        meter.CreateObservableGauge("redis_memory_used_bytes", () => Math.Round(_redisBytes), null, "Memory in use.");
        meter.CreateObservableGauge("redis_config_maxmemory", () => RedisLimitBytes, null, "The setting maxmemory.");
        meter.CreateObservableGauge("redis_connected_clients", () => 8, null, "Connected clients.");
    }

    private static void MongoMetrics(Meter meter)
    {
        meter.CreateObservableGauge("mongodb_up", () => 1, null, "Whether MongoDB could be asked.");
        meter.CreateObservableGauge("mongodb_ss_connections", () => Measure(12, Label("conn_type", "current")), null,
            "Connections by kind.");
    }

    private async Task<int> ListenAsync(string host, int port, Action<Meter> describe)
    {
        var meter = new Meter("DataStore");
        describe(meter);
        var exporter = new PrometheusExporter(meter);
        var listener = Listener.Create(host, port);
        listener.MapMetrics(exporter);
        _owned.Add(exporter);
        _owned.Add(meter);
        _listeners.Add(listener);
        await listener.StartAsync();
        return Listener.PortOf(listener);
    }

    private async Task BreatheAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            do
            {
                _redisBytes = Math.Clamp(_redisBytes + _dice.Between(-2e6, 2.1e6), RedisLimitBytes * 0.2, RedisLimitBytes * 0.7);
                var idle = IsPostgresUp ? 5 : 0;
                ConnectionsChanged?.Invoke(IsPostgresUp ? Volatile.Read(ref _open) + idle : 0, "postgresql", "progressive");
                ConnectionsChanged?.Invoke(8, "redis", "cache");
                ConnectionsChanged?.Invoke(12, "mongodb", "plans");
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    private static IEnumerable<Measurement<T>> When<T>(bool condition, Measurement<T> measurement)
        where T : struct => condition ? [measurement] : [];

    private static Measurement<long> Measure(long value, params KeyValuePair<string, object?>[] labels) => new(value, labels);

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);

    private sealed class Connection(DataStoreSimulation stores) : IDisposable
    {
        private bool _returned;

        public void Dispose()
        {
            if (!_returned)
            {
                _returned = true;
                Interlocked.Decrement(ref stores._open);
            }
        }
    }
}

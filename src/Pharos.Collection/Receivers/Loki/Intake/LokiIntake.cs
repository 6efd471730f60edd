using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Pharos.Collection.Hashing;
using Pharos.Storage.Logs;
using Pharos.Storage.Text;

namespace Pharos.Collection.Receivers.Loki.Intake;

/// <summary>The way of every log entry into the store: limits, completion, counts.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class LokiIntake
{
    /// <summary>Tenants whose streams are remembered; beyond so many all are forgotten, and found again as they send.</summary>
    private const int MaxTenants = 10_000;

    /// <summary>Sessions that are kept for the next push, with their buffers.</summary>
    private const int MaxIdleSessions = 16;

    /// <summary>A session that had to hold more than this is not kept.</summary>
    private const int MaxKeptBytes = 32 << 20;

    private readonly ConcurrentDictionary<string, TenantIntake> _tenants = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<LokiPushSession> _idle = [];
    private readonly TextHasher _hasher = new();
    private readonly Func<string, LokiIngestLimits> _limitsOf;
    private readonly ConcurrentDictionary<string, TenantIntake> _shipping = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<LokiIngestLimits, LokiIngestLimits> _shippingLimits = [];

    /// <param name="limitsOf">Of a tenant; the same object for as long as nothing changes.</param>
    public LokiIntake(ILogStore store, Func<string, LokiIngestLimits> limitsOf, TimeProvider time, Meter meter)
    {
        Store = store;
        _limitsOf = limitsOf;
        Time = time;
        Metrics = new LokiIntakeMetrics(meter);
    }

    /// <summary>Asked before a new stream is made.</summary>
    public Func<bool> MayCreateStreams { get; init; } = static () => true;

    /// <summary>Whether tenants are told apart; otherwise whatever this server ships itself is of the only one.</summary>
    public Func<bool> HasTenants { get; init; } = static () => true;

    /// <summary>The last lines that were refused.</summary>
    public RejectedLines Rejected { get; } = new();

    internal ILogStore Store { get; }

    internal TimeProvider Time { get; }

    internal LokiIntakeMetrics Metrics { get; }

    public LokiIngestLimits LimitsOf(string tenant) => _limitsOf(tenant);

    /// <summary>A session for one push of one tenant; dispose it.</summary>
    public LokiPushSession Begin(string tenant)
    {
        if (!_tenants.TryGetValue(tenant, out var state))
        {
            if (_tenants.Count >= MaxTenants)
            {
                _tenants.Clear();
            }
            state = _tenants.GetOrAdd(tenant, new TenantIntake(tenant, Store, _hasher));
        }
        var session = _idle.TryTake(out var idle) ? idle : new LokiPushSession(this);
        session.Start(state, _limitsOf(tenant), NanosecondTime.Of(Time.GetUtcNow()));
        return session;
    }

    /// <summary>A session for lines that this server reads itself: no rate is kept to, for they wait where they are, and what is repeated
    /// is kept, for they come once.</summary>
    internal LokiPushSession BeginShipping(string tenant)
    {
        if (!_shipping.TryGetValue(tenant, out var state))
        {
            if (_shipping.Count >= MaxTenants)
            {
                _shipping.Clear();
            }
            state = _shipping.GetOrAdd(tenant, new TenantIntake(tenant, Store, _hasher));
        }
        var limits = _shippingLimits.GetValue(_limitsOf(tenant), static limits => limits with { RateBytesPerSecond = 0, StreamRateBytesPerSecond = 0 });
        var session = _idle.TryTake(out var idle) ? idle : new LokiPushSession(this);
        session.Start(state, limits, NanosecondTime.Of(Time.GetUtcNow()));
        session.Batch.KeepsRepeated = true;
        return session;
    }

    internal void Return(LokiPushSession session)
    {
        if (_idle.Count < MaxIdleSessions && session.Batch.TextBytes <= MaxKeptBytes)
        {
            session.Batch.Clear();
            _idle.Add(session);
        }
    }
}

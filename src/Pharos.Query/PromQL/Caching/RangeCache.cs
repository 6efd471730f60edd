using System.Diagnostics.Metrics;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;

namespace Pharos.Query.PromQL.Caching;

/// <summary>Answers range queries from earlier answers as far as these still hold, and computes the rest.</summary>
/// <remarks>Thread-safe. A step is taken over only where the store says that no sample which it depends on came or went since; so
/// an answer is the same as without the cache, but for the statistics, and for limits that a whole computation would have
/// hit. Least recently used answers leave first.</remarks>
public sealed class RangeCache
{
    /// <summary>An answer may take this part of the cache, so that one does not drive out all others.</summary>
    private const int MaxShare = 4;

    private readonly PromEngine _engine;
    private readonly long _maxBytes;
    private readonly Lock _lock = new();
    private readonly Dictionary<CacheKey, LinkedListNode<(CacheKey Key, CachedRange Range)>> _byKey = [];
    private readonly LinkedList<(CacheKey Key, CachedRange Range)> _byUse = new();
    private readonly Counter<long> _hits;
    private readonly Counter<long> _misses;
    private readonly Counter<long> _reusedSteps;
    private long _bytes;

    /// <param name="maxBytes">About what all answers together may take; 0 for no cache.</param>
    public RangeCache(PromEngine engine, long maxBytes, Meter meter)
    {
        _engine = engine;
        _maxBytes = maxBytes;
        _hits = meter.CreateCounter<long>("pharos_query_cache_hits_total", null, "Range queries of which an earlier answer gave a part or all.");
        _misses = meter.CreateCounter<long>("pharos_query_cache_misses_total", null, "Range queries that were computed whole.");
        _reusedSteps = meter.CreateCounter<long>("pharos_query_cache_reused_steps_total", null, "Steps taken over from earlier answers.");
        meter.CreateObservableGauge("pharos_query_cache_bytes", () => SizeBytes, null, "About what the cached answers take.");
        meter.CreateObservableGauge("pharos_query_cache_max_bytes", () => _maxBytes, null, "About what cached answers may take.");
    }

    public long SizeBytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    /// <summary>As <see cref="PromEngine.Range(IMetricStore, string, long, long, long, QueryParameters?, CancellationToken)"/>.</summary>
    /// <exception cref="QueryException">As there.</exception>
    public QueryResult Range(IMetricStore store, string query, long startMs, long endMs, long stepMs,
        QueryParameters? parameters, CancellationToken cancellation)
    {
        QueryResult Compute(long fromMs) => _engine.Range(store, query, fromMs, endMs, stepMs, parameters, cancellation);
        var lookbackMs = (long)(parameters?.Lookback ?? _engine.Options.Lookback).TotalMilliseconds;
        if (store.Changes is not { } changes || stepMs <= 0 || endMs < startMs || _maxBytes <= 0 || ReachOf(query, lookbackMs) is not { } reach)
        {
            _misses.Add(1);
            return Compute(startMs);
        }
        var key = new CacheKey(query, stepMs, ((startMs % stepMs) + stepMs) % stepMs, lookbackMs,
            _engine.Options.CurrentSubqueryStep?.Invoke() ?? _engine.Options.DefaultSubqueryStep);
        var lastMs = startMs + ((endMs - startMs) / stepMs * stepMs);

        // Before any view is opened: what changes from here on is told of later.
        var version = changes.Version;
        if (Find(key) is { } known && HoldsUntil(known, changes, reach, startMs, lastMs, stepMs) is { } reusedMs)
        {
            if (reusedMs == lastMs && known.IsClean)
            {
                Count(reusedMs, startMs, stepMs);
                return new QueryResult(MatrixParts.Slice(known.Value, startMs, lastMs), [], [], new QueryStatistics(0, 0, TimeSpan.Zero));
            }
            if (reusedMs < lastMs)
            {
                var rest = Compute(reusedMs + stepMs);

                // What changed meanwhile may be in the rest; then the part before must not be older.
                if (known.IsSaidBy(rest) && HoldsUntil(known, changes, reach, startMs, reusedMs, stepMs) == reusedMs)
                {
                    var joined = rest with
                    {
                        Value = MatrixParts.Join(MatrixParts.Slice(known.Value, startMs, reusedMs), (MatrixValue)rest.Value),
                    };
                    Count(reusedMs, startMs, stepMs);
                    Keep(key, joined, startMs, lastMs, version);
                    return joined;
                }
            }
        }
        _misses.Add(1);
        version = changes.Version;
        var whole = Compute(startMs);
        Keep(key, whole, startMs, lastMs, version);
        return whole;
    }

    /// <summary>The last step up to <paramref name="lastMs"/> of a stretch from <paramref name="startMs"/> on that an answer still
    /// gives; null where it gives none.</summary>
    private static long? HoldsUntil(CachedRange known, StoreChanges changes, StepReach reach, long startMs, long lastMs, long stepMs)
    {
        var (fromMs, untilMs) = changes.UnchangedSince(known.Version);
        if (startMs < known.StartMs || startMs > known.EndMs || Add(startMs, reach.FromMs) < fromMs)
        {
            return null;
        }
        var until = Math.Min(lastMs, known.EndMs);
        if (Add(until, reach.ToMs) >= untilMs)
        {
            // The last step that reaches no further than the last moment without a change.
            var atMost = Add(untilMs, -1 - reach.ToMs);
            if (atMost < startMs)
            {
                return null;
            }
            until = startMs + ((atMost - startMs) / stepMs * stepMs);
        }
        return until;
    }

    private static long Add(long left, long right)
    {
        var sum = unchecked(left + right);
        return ((left ^ sum) & (right ^ sum)) < 0 ? (left < 0 ? long.MinValue : long.MaxValue) : sum;
    }

    private StepReach? ReachOf(string query, long lookbackMs)
    {
        // Names that go only at the end may meet wherever they come from.
        if (_engine.Options.DelayedNameRemoval)
        {
            return null;
        }
        try
        {
            return StepReach.Of(PromParser.Parse(query, _engine.Options.Parser), lookbackMs);
        }
        catch (PromParseException)
        {
            // The engine says it in its own way.
            return null;
        }
    }

    private void Count(long reusedMs, long startMs, long stepMs)
    {
        _hits.Add(1);
        _reusedSteps.Add(((reusedMs - startMs) / stepMs) + 1);
    }

    private CachedRange? Find(CacheKey key)
    {
        lock (_lock)
        {
            if (!_byKey.TryGetValue(key, out var node))
            {
                return null;
            }
            _byUse.Remove(node);
            _byUse.AddLast(node);
            return node.Value.Range;
        }
    }

    private void Keep(CacheKey key, QueryResult result, long startMs, long lastMs, long version)
    {
        if (result.Value is not MatrixValue matrix)
        {
            return;
        }
        var range = new CachedRange(matrix, startMs, lastMs, version, result.Warnings, result.Infos);
        lock (_lock)
        {
            if (_byKey.TryGetValue(key, out var old))
            {
                Forget(old);
            }
            if (range.SizeBytes > _maxBytes / MaxShare)
            {
                return;
            }
            _byKey.Add(key, _byUse.AddLast((key, range)));
            _bytes += range.SizeBytes;
            while (_bytes > _maxBytes)
            {
                Forget(_byUse.First!);
            }
        }
    }

    private void Forget(LinkedListNode<(CacheKey Key, CachedRange Range)> node)
    {
        _byUse.Remove(node);
        _byKey.Remove(node.Value.Key);
        _bytes -= node.Value.Range.SizeBytes;
    }
}

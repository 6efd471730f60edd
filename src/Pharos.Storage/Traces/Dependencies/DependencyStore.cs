using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;

namespace Pharos.Storage.Traces.Dependencies;

/// <summary>Which services call which, counted by buckets of five minutes.</summary>
/// <remarks>Thread-safe. What is counted is on disk a second later; the counts of that second are lost with the process.</remarks>
public sealed class DependencyStore : IDisposable
{
    /// <summary>What one bucket covers. The number is in files.</summary>
    public const long BucketMs = 5 * 60 * 1000;

    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Lock _writing = new();
    private readonly DependencyLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Dictionary<DependencyEdge, int> _numbers = [];
    private readonly List<DependencyEdge> _edges = [];

    /// <summary>By bucket; a bucket's counts are by edge.</summary>
    private readonly SortedDictionary<long, Dictionary<int, long>> _buckets = [];

    /// <summary>Counted since the file was written last.</summary>
    private readonly Dictionary<(long Bucket, int Edge), long> _fresh = [];
    private DependencyFile? _file;
    private ITimer? _timer;
    private int _counts;
    private long _lost;
    private bool _failed;

    private DependencyStore(DependencyLimits limits, TimeProvider time, ILogger logger) => (_limits, _time, _logger) = (limits, time, logger);

    /// <summary>Calls that were not counted, for a limit.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <param name="directory">Null to keep nothing over a restart.</param>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public static DependencyStore Open(string? directory, DependencyLimits limits, TimeProvider time, ILogger logger) =>
        Open(directory, limits, new DiskFileSystem(), time, logger);

    internal static DependencyStore Open(string? directory, DependencyLimits limits, IFileSystem files, TimeProvider time, ILogger logger)
    {
        var store = new DependencyStore(limits, time, logger);
        if (directory is not null)
        {
            store._file = DependencyFile.Open(files, directory, store.Restore, logger);
            store.Begin(store._file);
            store._timer = time.CreateTimer(_ => store.Write(), null, WriteInterval, WriteInterval);
        }
        return store;
    }

    /// <summary>A number for two services, to count calls by; negative where there are too many.</summary>
    public int EdgeOf(string tenant, string parent, string child)
    {
        lock (_lock)
        {
            return NumberOf(new DependencyEdge(tenant, parent, child));
        }
    }

    /// <summary>Counts calls that began at one time.</summary>
    /// <param name="edge">Of <see cref="EdgeOf"/>.</param>
    public void Add(int edge, long startMs, long calls = 1)
    {
        lock (_lock)
        {
            if (edge < 0 || startMs > _time.GetUtcNow().ToUnixTimeMilliseconds() + (long)_limits.Ahead.TotalMilliseconds
                || !Count(BucketOf(startMs), edge, calls))
            {
                _lost += calls;
                return;
            }
            if (_file is not null)
            {
                var key = (BucketOf(startMs), edge);
                _fresh[key] = _fresh.GetValueOrDefault(key) + calls;
            }
        }
    }

    /// <summary>Calls in the buckets that a time range touches, by parent and child.</summary>
    /// <param name="startMs">Inclusive.</param>
    /// <param name="endMs">Inclusive.</param>
    public IReadOnlyList<ServiceDependency> Read(string tenant, long startMs, long endMs)
    {
        var sums = new Dictionary<int, long>();
        var found = new List<ServiceDependency>();
        lock (_lock)
        {
            var (first, last) = (BucketOf(startMs), BucketOf(endMs));
            foreach (var (bucket, counts) in _buckets)
            {
                if (bucket < first || bucket > last)
                {
                    continue;
                }
                foreach (var (edge, calls) in counts)
                {
                    sums[edge] = sums.GetValueOrDefault(edge) + calls;
                }
            }
            foreach (var (edge, calls) in sums)
            {
                var (of, parent, child) = _edges[edge];
                if (of == tenant)
                {
                    found.Add(new ServiceDependency(parent, child, calls));
                }
            }
        }
        found.Sort(static (left, right) => string.CompareOrdinal(left.Parent, right.Parent) is var order and not 0 ? order
            : string.CompareOrdinal(left.Child, right.Child));
        return found;
    }

    /// <summary>Writes what was counted since the last time.</summary>
    public void Write()
    {
        lock (_writing)
        {
            if (_file is not { } file)
            {
                return;
            }
            List<(DependencyEdge Edge, long Bucket, long Calls)> fresh;
            lock (_lock)
            {
                if (_fresh.Count == 0)
                {
                    return;
                }
                fresh = [.. _fresh.Select(count => (_edges[count.Key.Edge], count.Key.Bucket, count.Value))];
                _fresh.Clear();
            }
            try
            {
                if (_failed || file.SizeBytes > _limits.FileBytes)
                {
                    // What is counted is in the buckets, and so in the new file; what is counted since then, in both.
                    file.Rewrite(Snapshot());
                }
                else
                {
                    file.Append(fresh);
                }
                _failed = false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // All of it is written anew with the next count.
                _failed = true;
                _logger.LogError(e, "Counts of calls between services cannot be written");
            }
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        Write();
        lock (_writing)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    /// <summary>Begins a file of its own. A full disk is no reason not to start: what is counted is in memory until there is room.</summary>
    private void Begin(DependencyFile file)
    {
        try
        {
            file.Rewrite(Snapshot());
        }
        catch (IOException e)
        {
            _failed = true;
            _logger.LogError(e, "Counts of calls between services cannot be written");
        }
    }

    private static long BucketOf(long ms) => Math.DivRem(ms, BucketMs) is var (whole, rest) && rest < 0 ? whole - 1 : whole;

    private void Restore(DependencyEdge edge, long bucket, long calls)
    {
        if (NumberOf(edge) is var number and >= 0)
        {
            Count(bucket, number, calls);
        }
    }

    private int NumberOf(in DependencyEdge edge)
    {
        if (_numbers.TryGetValue(edge, out var known))
        {
            return known;
        }
        if (_edges.Count >= _limits.Edges)
        {
            return -1;
        }
        _numbers[edge] = _edges.Count;
        _edges.Add(edge);
        return _edges.Count - 1;
    }

    private bool Count(long bucket, int edge, long calls)
    {
        if (!_buckets.TryGetValue(bucket, out var counts))
        {
            if (_buckets.Count >= _limits.Buckets && !MakeRoom(bucket))
            {
                return false;
            }
            _buckets[bucket] = counts = [];
        }
        if (counts.TryGetValue(edge, out var before))
        {
            counts[edge] = before + calls;
            return true;
        }
        if (_counts >= _limits.Counts && !MakeRoom(bucket))
        {
            return false;
        }
        counts[edge] = calls;
        _counts++;
        return true;
    }

    /// <summary>Removes the oldest bucket for a newer one.</summary>
    private bool MakeRoom(long newer)
    {
        var oldest = _buckets.First();
        if (oldest.Key >= newer)
        {
            return false;
        }
        _counts -= oldest.Value.Count;
        return _buckets.Remove(oldest.Key);
    }

    private List<(DependencyEdge Edge, long Bucket, long Calls)> Snapshot()
    {
        lock (_lock)
        {
            return [.. _buckets.SelectMany(bucket => bucket.Value.Select(count => (_edges[count.Key], bucket.Key, count.Value)))];
        }
    }
}

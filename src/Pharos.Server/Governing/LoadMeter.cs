namespace Pharos.Server.Governing;

/// <summary>Measures what the process uses.</summary>
/// <remarks>For one thread, which must not be one of the pool's.</remarks>
internal sealed class LoadMeter(TimeProvider time)
{
    /// <summary>Processor time is averaged over so many measurements.</summary>
    private const int Window = 10;

    private readonly Queue<(long At, TimeSpan Used)> _used = new();
    private long _askedAt;
    private int _isWaiting;

    public LoadMeasurement Measure()
    {
        var now = time.GetTimestamp();
        return new LoadMeasurement(OwnMemoryBytes(), CpuCores(now), Delay(now));
    }

    private double CpuCores(long now)
    {
        var used = Environment.CpuUsage.TotalTime;
        _used.Enqueue((now, used));
        if (_used.Count > Window)
        {
            _used.Dequeue();
        }
        var (at, before) = _used.Peek();
        var elapsed = time.GetElapsedTime(at, now);
        // The two clocks are read one after the other: over a short time they may tell of more cores than there are.
        return elapsed > TimeSpan.Zero ? Math.Min((used - before) / elapsed, Environment.ProcessorCount) : 0;
    }

    /// <summary>The age of the question that the pool has not answered yet.</summary>
    private TimeSpan Delay(long now)
    {
        if (Interlocked.CompareExchange(ref _isWaiting, 1, 0) != 0)
        {
            return time.GetElapsedTime(_askedAt, now);
        }
        _askedAt = now;
        ThreadPool.UnsafeQueueUserWorkItem(static meter => Volatile.Write(ref meter._isWaiting, 0), this, preferLocal: false);
        return TimeSpan.Zero;
    }

    /// <summary>What no file stands behind, where the system tells it apart, else all that is resident.</summary>
    public static long OwnMemoryBytes()
    {
        // "RssAnon:     123456 kB"
        const string Key = "RssAnon:";
        try
        {
            foreach (var line in File.ReadLines("/proc/self/status"))
            {
                if (line.StartsWith(Key, StringComparison.Ordinal)
                    && long.TryParse(line.AsSpan(Key.Length).Trim().TrimEnd("kB").Trim(), out var kilobytes))
                {
                    return kilobytes * 1024;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not Linux.
        }
        return Environment.WorkingSet;
    }
}

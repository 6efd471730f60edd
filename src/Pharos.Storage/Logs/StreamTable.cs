using Pharos.Storage.Model;

namespace Pharos.Storage.Logs;

/// <summary>The streams that somebody holds, by tenant and labels, each once; and how many of a tenant have entries in memory.</summary>
/// <remarks>Thread-safe: one lock, a leaf in the lock order. Streams that nobody holds are forgotten by <see cref="Sweep"/>.</remarks>
internal sealed class StreamTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Tenant> _tenants = new(StringComparer.Ordinal);
    private int _lastId;

    public LogStream Get(string tenant, LabelSet labels)
    {
        lock (_lock)
        {
            var streams = Of(tenant).Streams;
            if (streams.TryGetValue(labels, out var reference))
            {
                if (reference.TryGetTarget(out var known))
                {
                    return known;
                }
                var again = new LogStream(tenant, labels, ++_lastId);
                reference.SetTarget(again);
                return again;
            }
            var made = new LogStream(tenant, labels, ++_lastId);
            streams.Add(labels, new WeakReference<LogStream>(made));
            return made;
        }
    }

    public int ActiveCount(string tenant)
    {
        lock (_lock)
        {
            return _tenants.TryGetValue(tenant, out var known) ? known.Active : 0;
        }
    }

    public bool IsActive(LogStream stream)
    {
        lock (_lock)
        {
            return stream.HeadCount > 0;
        }
    }

    public int ActiveCount()
    {
        lock (_lock)
        {
            return _tenants.Values.Sum(static tenant => tenant.Active);
        }
    }

    /// <summary>A stream has entries in one more head, or in one less.</summary>
    public void ChangeHeads(LogStream stream, int by)
    {
        lock (_lock)
        {
            var wasActive = stream.HeadCount > 0;
            stream.HeadCount += by;
            var isActive = stream.HeadCount > 0;
            if (isActive != wasActive)
            {
                Of(stream.Tenant).Active += isActive ? 1 : -1;
            }
        }
    }

    /// <summary>Forgets the streams that nobody holds.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            foreach (var (name, tenant) in _tenants)
            {
                foreach (var (labels, reference) in tenant.Streams)
                {
                    if (!reference.TryGetTarget(out _))
                    {
                        tenant.Streams.Remove(labels);
                    }
                }
                if (tenant.Streams.Count == 0)
                {
                    _tenants.Remove(name);
                }
            }
        }
    }

    private Tenant Of(string name)
    {
        if (!_tenants.TryGetValue(name, out var tenant))
        {
            _tenants.Add(name, tenant = new Tenant());
        }
        return tenant;
    }

    private sealed class Tenant
    {
        public Dictionary<LabelSet, WeakReference<LogStream>> Streams { get; } = [];

        public int Active { get; set; }
    }
}

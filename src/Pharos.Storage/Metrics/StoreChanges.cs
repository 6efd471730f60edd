namespace Pharos.Storage.Metrics;

/// <summary>What changed in a store, and from which time on: by this a reader knows what of an older answer still holds.</summary>
/// <remarks>Thread-safe. Each change is recorded twice, before it can be seen and after: so whoever takes <see cref="Version"/>,
/// then opens a view, and later asks for the changes since, is told of every change that the view did not have.</remarks>
public sealed class StoreChanges
{
    /// <summary>Bounds the memory of changes. Beyond it old ones are told as one that reaches further back.</summary>
    private const int MaxRemembered = 1024;

    private readonly Lock _lock = new();

    /// <summary>Versions and times both rise: a change hides those before it that began no earlier.</summary>
    private readonly List<(long Version, long FromMs)> _changes = [];
    private long _version;
    private long _removalVersion;
    private long _removedUntilMs = long.MinValue;

    /// <summary>Rises with every change.</summary>
    public long Version
    {
        get
        {
            lock (_lock)
            {
                return _version;
            }
        }
    }

    /// <summary>Samples before this time may go at any moment without being recorded, by their retention.</summary>
    public Func<long> StableFromMs { get; init; } = static () => long.MinValue;

    /// <summary>Samples came or went from a time on (inclusive).</summary>
    public void Record(long fromMs)
    {
        lock (_lock)
        {
            _version++;
            while (_changes.Count > 0 && _changes[^1].FromMs >= fromMs)
            {
                _changes.RemoveAt(_changes.Count - 1);
            }
            _changes.Add((_version, fromMs));
            if (_changes.Count > MaxRemembered)
            {
                JoinPairs();
            }
        }
    }

    /// <summary>Samples went before a time (exclusive), and nothing else changed.</summary>
    public void RecordRemoval(long untilMs)
    {
        lock (_lock)
        {
            _removalVersion = ++_version;
            _removedUntilMs = Math.Max(_removedUntilMs, untilMs);
        }
    }

    /// <summary>Times in [From, Until) are as they were at a version.</summary>
    public (long FromMs, long UntilMs) UnchangedSince(long version)
    {
        var stableFromMs = StableFromMs();
        lock (_lock)
        {
            // The lowest of the changes since is the oldest of them, for those that began later lie above it.
            var at = _changes.FindIndex(change => change.Version > version);
            var fromMs = _removalVersion > version ? _removedUntilMs : long.MinValue;
            return (Math.Max(fromMs, stableFromMs), at < 0 ? long.MaxValue : _changes[at].FromMs);
        }
    }

    private void JoinPairs()
    {
        var kept = _changes.Count / 4;
        var joined = new List<(long, long)>(_changes.Count);
        var i = 0;
        for (; i + 1 < _changes.Count - kept; i += 2)
        {
            joined.Add((_changes[i + 1].Version, _changes[i].FromMs));
        }
        joined.AddRange(_changes.Skip(i));
        _changes.Clear();
        _changes.AddRange(joined);
    }
}

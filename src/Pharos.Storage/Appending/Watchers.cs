namespace Pharos.Storage.Appending;

/// <summary>Those who hear of each batch that a store has taken.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Watchers<T>
{
    private readonly Lock _lock = new();

    /// <summary>Replaced as a whole.</summary>
    private volatile Action<T>[] _all = [];

    /// <summary>Tells somebody of each batch from now on, until what it answers is disposed of.</summary>
    public IDisposable Add(Action<T> appended)
    {
        lock (_lock)
        {
            _all = [.. _all, appended];
        }
        return new Watcher(this, appended);
    }

    public void Tell(T batch)
    {
        foreach (var watcher in _all)
        {
            watcher(batch);
        }
    }

    private sealed class Watcher(Watchers<T> watchers, Action<T> appended) : IDisposable
    {
        public void Dispose()
        {
            lock (watchers._lock)
            {
                var all = watchers._all;
                var at = Array.IndexOf(all, appended);
                if (at >= 0)
                {
                    watchers._all = [.. all[..at], .. all[(at + 1)..]];
                }
            }
        }
    }
}

namespace Pharos.Storage.Logs.Blocks;

/// <summary>What was read of a file, by number, as far as somebody asked for it and the collector left it.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class WeakArray<T>(int length)
    where T : class
{
    private readonly WeakReference<T?[]> _items = new(null!);

    /// <summary>Items stay for as long as somebody holds this, and are put into it by whoever reads one, with a volatile write.</summary>
    public T?[] Items()
    {
        lock (_items)
        {
            if (!_items.TryGetTarget(out var items))
            {
                _items.SetTarget(items = new T?[length]);
            }
            return items;
        }
    }
}

using Pharos.Storage.Traces.Blocks;

namespace Pharos.Storage.Traces.Querying;

/// <summary>The view that serves now, and those that queries hold.</summary>
/// <remarks>Thread-safe: one lock, a leaf in the lock order.</remarks>
internal sealed class TraceViews(TraceView first)
{
    private readonly Lock _lock = new();
    private TraceView _view = first;

    public TraceView Current
    {
        get
        {
            lock (_lock)
            {
                return _view;
            }
        }
    }

    /// <summary>The view with its blocks held; give them back with <see cref="Release"/>.</summary>
    public TraceView Open()
    {
        lock (_lock)
        {
            foreach (var block in _view.Blocks)
            {
                block.Acquire();
            }
            return _view;
        }
    }

    public static void Release(IEnumerable<TraceBlock> blocks)
    {
        foreach (var block in blocks)
        {
            block.Release();
        }
    }

    /// <summary>Puts another view in place of the one at hand.</summary>
    /// <remarks>Blocks that the new one does not have are not released: that is for whoever took them out.</remarks>
    public void Change(Func<TraceView, TraceView> change)
    {
        lock (_lock)
        {
            _view = change(_view);
        }
    }
}

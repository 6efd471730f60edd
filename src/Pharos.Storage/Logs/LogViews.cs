using Pharos.Storage.Logs.Blocks;

namespace Pharos.Storage.Logs;

/// <summary>The view that serves now, and those that queriers hold.</summary>
/// <remarks>Thread-safe: one lock, a leaf in the lock order. It is also held while a batch becomes visible, so that whoever opens a view, or
/// takes rows out of a head, sees all or nothing of it.</remarks>
internal sealed class LogViews(LogView first)
{
    private readonly Lock _lock = new();
    private LogView _view = first;

    public LogView Current
    {
        get
        {
            lock (_lock)
            {
                return _view;
            }
        }
    }

    /// <summary>The view with its parts held; give it back with <see cref="Close"/>.</summary>
    public LogView Open()
    {
        lock (_lock)
        {
            foreach (var part in _view.Parts)
            {
                part.Acquire();
            }
            return _view;
        }
    }

    public static void Close(LogView view)
    {
        foreach (var part in view.Parts)
        {
            part.Release();
        }
    }

    /// <summary>Puts another view in place of the one at hand.</summary>
    /// <remarks>Parts that the new one does not have are not released: that is for whoever took them out.</remarks>
    public LogView Change(Func<LogView, LogView> change)
    {
        lock (_lock)
        {
            return _view = change(_view);
        }
    }

    /// <summary>Does something that readers see as a whole or not at all.</summary>
    public void Apply(Action action)
    {
        lock (_lock)
        {
            action();
        }
    }

    public T Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }

    /// <summary>Releases parts for the store itself.</summary>
    public static void Release(IEnumerable<LogPart> parts)
    {
        foreach (var part in parts)
        {
            part.Release();
        }
    }
}

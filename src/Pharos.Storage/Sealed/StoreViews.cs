namespace Pharos.Storage.Sealed;

/// <summary>The view that serves now, and those that queries hold.</summary>
/// <remarks>Thread-safe: one lock, a leaf in the lock order.</remarks>
internal sealed class StoreViews<TView>(TView first)
    where TView : class, IStoreView
{
    private readonly Lock _lock = new();
    private TView _view = first;

    public TView Current
    {
        get
        {
            lock (_lock)
            {
                return _view;
            }
        }
    }

    /// <summary>The view with its files held; release them with <see cref="ISealedFile.ReleaseAll"/>.</summary>
    public TView Open()
    {
        lock (_lock)
        {
            foreach (var file in _view.Files)
            {
                file.Acquire();
            }
            return _view;
        }
    }

    /// <summary>Puts another view in place of the one at hand.</summary>
    /// <remarks>Files that the new one does not have are not released: that is for whoever took them out.</remarks>
    public void Change(Func<TView, TView> change)
    {
        lock (_lock)
        {
            _view = change(_view);
        }
    }

    /// <summary>Does something that whoever opens a view, or reads in <see cref="Read"/>, sees as a whole or not at all.</summary>
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
}

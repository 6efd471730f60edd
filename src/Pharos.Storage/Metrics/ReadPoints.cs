using Pharos.Storage.Metrics.Blocks;

namespace Pharos.Storage.Metrics;

/// <summary>Which commit and which blocks a view sees, and which of them some open view still needs.</summary>
/// <remarks>Thread-safe: one lock, a leaf in the lock order. What is published becomes visible at once and as a whole.</remarks>
internal sealed class ReadPoints
{
    private readonly Lock _lock = new();
    private readonly LinkedList<ReadPoint> _open = new();
    private long _commit = 1;
    private StoreView _view = new([], long.MinValue, 0);

    /// <summary>Told of whatever changes an answer. Its lock is taken last of all.</summary>
    public required StoreChanges Changes { get; init; }

    public StoreView View
    {
        get
        {
            lock (_lock)
            {
                return _view;
            }
        }
    }

    /// <summary>The oldest commit that an open view, or one that opens now, can ask for, and the newest that an open one does.</summary>
    public (long Oldest, long Newest) Commits
    {
        get
        {
            lock (_lock)
            {
                return (_open.First?.Value.Commit ?? _commit, _open.Last?.Value.Commit ?? _commit);
            }
        }
    }

    public ReadPoint Open()
    {
        lock (_lock)
        {
            var point = new ReadPoint(_commit, _view);
            foreach (var block in _view.Blocks)
            {
                block.Acquire();
            }
            _open.AddLast(point.Node);
            return point;
        }
    }

    public void Close(ReadPoint point)
    {
        lock (_lock)
        {
            if (point.Node.List is null)
            {
                return;
            }
            _open.Remove(point.Node);
        }
        foreach (var block in point.View.Blocks)
        {
            block.Release();
        }
    }

    public void Publish(long commit)
    {
        lock (_lock)
        {
            _commit = commit;
        }
    }

    /// <summary>Replaces blocks, and from where on the head serves, in one step.</summary>
    /// <returns>The version of the new view.</returns>
    public long Publish(IReadOnlyCollection<MetricBlock> added, IReadOnlyCollection<MetricBlock> removed, long? headFromMs)
    {
        lock (_lock)
        {
            var blocks = _view.Blocks.Except(removed).Concat(added).OrderBy(static block => block.Meta.MinTimeMs);
            _view = new StoreView([.. blocks], headFromMs ?? _view.HeadFromMs, _view.Version + 1);
            return _view.Version;
        }
    }

    /// <summary>Whether every open view is of this version or newer.</summary>
    public bool AllSince(long version)
    {
        lock (_lock)
        {
            return _open.First is not { } oldest || oldest.Value.View.Version >= version;
        }
    }
}

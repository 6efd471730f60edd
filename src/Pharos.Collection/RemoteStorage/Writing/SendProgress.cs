using Pharos.Storage.Metrics.Log;

namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>Knows up to where in the log everything has been sent or given up, although shards finish in any order.</summary>
/// <remarks>Thread-safe. Holds one small ticket per commit that is not yet done; the shards' capacity bounds their number.</remarks>
internal sealed class SendProgress(MetricLogPosition start)
{
    private readonly Lock _lock = new();
    private readonly Queue<CommitTicket> _open = new();
    private MetricLogPosition _position = start;

    /// <summary>Whoever starts here again misses nothing.</summary>
    public MetricLogPosition Position
    {
        get
        {
            lock (_lock)
            {
                return _position;
            }
        }
    }

    /// <summary>A commit that was read; its reader holds the ticket until all of it is handed on.</summary>
    public CommitTicket Begin(MetricLogPosition after, bool mayRepeat)
    {
        var ticket = new CommitTicket(after, mayRepeat);
        lock (_lock)
        {
            _open.Enqueue(ticket);
        }
        return ticket;
    }

    public void Done(CommitTicket ticket)
    {
        if (!ticket.Release())
        {
            return;
        }
        lock (_lock)
        {
            while (_open.TryPeek(out var first) && first.IsDone)
            {
                _position = _open.Dequeue().After;
            }
        }
    }
}

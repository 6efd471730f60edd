namespace Pharos.Storage.Metrics;

/// <summary>What one view sees; the blocks in it stay open until it is closed.</summary>
internal sealed class ReadPoint
{
    public ReadPoint(long commit, StoreView view)
    {
        Commit = commit;
        View = view;
        Node = new LinkedListNode<ReadPoint>(this);
    }

    public long Commit { get; }

    public StoreView View { get; }

    public LinkedListNode<ReadPoint> Node { get; }
}

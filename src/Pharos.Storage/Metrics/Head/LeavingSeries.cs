namespace Pharos.Storage.Metrics.Head;

/// <summary>Slots of series that have left the head while batches may still hold them: they are freed when every batch has ended that
/// was open at the time.</summary>
/// <remarks>Batches begin and end on any thread; everything else is called under the head's commit lock. Batches that began before a
/// turn are counted apart from those that began since, so a slot waits for no batch that could not have found its
/// series.</remarks>
internal sealed class LeavingSeries(Action<IReadOnlyList<int>> free)
{
    private readonly int[] _openBatches = new int[2];
    private List<int> _waiting = [];
    private List<int> _leaving = [];
    private int _turn;

    public bool IsEmpty => _waiting.Count == 0 && _leaving.Count == 0;

    /// <summary>Called before a batch looks up its first series; the answer is for <see cref="EndBatch"/>.</summary>
    public int BeginBatch()
    {
        while (true)
        {
            var turn = Volatile.Read(ref _turn);
            Interlocked.Increment(ref _openBatches[turn & 1]);
            if (Volatile.Read(ref _turn) == turn)
            {
                return turn & 1;
            }
            Interlocked.Decrement(ref _openBatches[turn & 1]);
        }
    }

    public void EndBatch(int begun) => Interlocked.Decrement(ref _openBatches[begun]);

    /// <summary>Takes slots whose series nobody finds any more.</summary>
    public void Add(List<int> slots) => _waiting.AddRange(slots);

    /// <summary>Frees what no batch holds any more.</summary>
    public void TryFree()
    {
        if (_leaving.Count == 0 && _waiting.Count > 0)
        {
            (_leaving, _waiting) = (_waiting, _leaving);
            Interlocked.Increment(ref _turn);
        }
        if (_leaving.Count > 0 && Volatile.Read(ref _openBatches[(_turn - 1) & 1]) == 0)
        {
            free(_leaving);
            _leaving = [];
        }
    }
}

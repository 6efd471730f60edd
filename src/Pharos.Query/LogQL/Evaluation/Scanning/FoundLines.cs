using Pharos.Query.LogQL.Results;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>The newest, or the oldest, so many lines that the workers of a query found.</summary>
/// <remarks>Thread-safe. One for all workers: the sooner there are enough, the more blocks need not be read.</remarks>
internal sealed class FoundLines(int limit, bool backward)
{
    private readonly Lock _lock = new();

    /// <summary>The line that would go first comes first.</summary>
    private readonly PriorityQueue<LogResultEntry, long> _kept = new();

    /// <summary>The time beyond which no line is wanted any more; only ever becomes tighter, under the lock.</summary>
    private long _bound = backward ? long.MinValue : long.MaxValue;

    public bool Backward => backward;

    /// <summary>For when all workers are done.</summary>
    public IEnumerable<LogResultEntry> Entries => _kept.UnorderedItems.Select(static item => item.Element);

    /// <summary>False for a time of which enough lines are better.</summary>
    public bool Wants(long timeNs) => backward ? timeNs > Volatile.Read(ref _bound) : timeNs < Volatile.Read(ref _bound);

    public void Add(LogResultEntry entry)
    {
        var rank = backward ? entry.TimeNs : -entry.TimeNs;
        lock (_lock)
        {
            if (_kept.Count < limit)
            {
                _kept.Enqueue(entry, rank);
            }
            else
            {
                _kept.EnqueueDequeue(entry, rank);
            }
            if (_kept.Count == limit)
            {
                Volatile.Write(ref _bound, _kept.Peek().TimeNs);
            }
        }
    }
}

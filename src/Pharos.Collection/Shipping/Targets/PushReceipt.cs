namespace Pharos.Collection.Shipping.Targets;

/// <summary>Tells the sender of a push when every client has all of its entries.</summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="settled">Called once when all is settled, before <see cref="Done"/> ends: whoever was answered finds the room that it gives back.</param>
/// <param name="cancellation">Ends when the sender waits no more.</param>
internal sealed class PushReceipt(Action settled, CancellationToken cancellation)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Entries that are on their way, and one for the push itself until all are put.</summary>
    private int _open = 1;

    public CancellationToken Cancellation => cancellation;

    /// <summary>Ends when the push and its entries are settled; never where one of them is not.</summary>
    public Task Done => _done.Task;

    /// <summary>An entry goes on its way to one client.</summary>
    public void Add() => Interlocked.Increment(ref _open);

    /// <summary>An entry has arrived, or a stage has dropped it; or all entries are put.</summary>
    public void Settle()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            settled();
            _done.TrySetResult();
        }
    }
}

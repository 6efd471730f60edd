namespace Pharos.Collection.Shipping.Targets;

/// <summary>Tells the sender of a push when every client has all of its entries.</summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="cancellation">Ends when the sender waits no more.</param>
internal sealed class PushReceipt(CancellationToken cancellation)
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
            _done.TrySetResult();
        }
    }
}

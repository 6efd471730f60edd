using Pharos.Collection.Shipping;

namespace Pharos.Collection.Tests.Shipping;

/// <summary>Takes nothing until it is opened.</summary>
internal sealed class GatedSink(string name) : IShipSink
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => name;

    public List<string> Lines { get; } = [];

    /// <summary>Ends when something wants to be taken.</summary>
    public Task Reached => _reached.Task;

    public void Open() => _open.TrySetResult();

    public IReadOnlyDictionary<string, string> Marks() => new Dictionary<string, string>(StringComparer.Ordinal);

    public async ValueTask DeliverAsync(ShipBatch batch, CancellationToken cancellation)
    {
        _reached.TrySetResult();
        await _open.Task.WaitAsync(cancellation);
        Lines.AddRange(batch.Entries.Select(static entry => entry.Line));
    }
}

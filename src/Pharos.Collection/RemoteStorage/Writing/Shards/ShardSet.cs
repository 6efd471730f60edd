namespace Pharos.Collection.RemoteStorage.Writing.Shards;

/// <summary>The shards of a queue as long as their number stays the same. A series always goes to the same one, which keeps
/// its samples in order.</summary>
/// <remarks>Only the queue's reading loop adds, closes and stops.</remarks>
internal sealed class ShardSet : IDisposable
{
    private readonly WriteShard[] _shards;
    private readonly CancellationTokenSource _stop = new();

    public ShardSet(int count, RemoteWriteQueue queue, RemoteWriteClient client, RemoteWriteContext context, CancellationToken abort)
    {
        _shards = new WriteShard[count];
        for (var i = 0; i < count; i++)
        {
            _shards[i] = new WriteShard(
                queue.Options.Queue, new BatchSender(queue, client, context), context.Time, _stop.Token, abort);
        }
    }

    public int Count => _shards.Length;

    public WriteShard Of(PendingItem item) => _shards[(uint)item.Labels.GetHashCode() % (uint)_shards.Length];

    /// <summary>Sends what is there and ends.</summary>
    public Task DrainAsync()
    {
        foreach (var shard in _shards)
        {
            shard.Close();
        }
        return Task.WhenAll(_shards.Select(shard => shard.Completion));
    }

    /// <summary>Ends after the requests under way.</summary>
    /// <returns>What was not sent, in order for each series.</returns>
    public async Task<IReadOnlyList<PendingItem>> StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_shards.Select(shard => shard.Completion)).ConfigureAwait(false);
        return [.. _shards.SelectMany(shard => shard.Leftover())];
    }

    public void Dispose() => _stop.Dispose();
}

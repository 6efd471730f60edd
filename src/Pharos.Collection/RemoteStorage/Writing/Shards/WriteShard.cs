using System.Threading.Channels;

namespace Pharos.Collection.RemoteStorage.Writing.Shards;

/// <summary>A bounded queue of samples and the loop that sends them in order.</summary>
internal sealed class WriteShard
{
    private readonly Channel<PendingItem> _waiting;
    private readonly List<PendingItem> _batch = [];
    private readonly RemoteWriteQueueOptions _options;
    private readonly BatchSender _sender;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stop;
    private readonly CancellationToken _abort;

    /// <param name="stop">Ends the loop after the request under way; what is left is taken by <see cref="Leftover"/>.</param>
    /// <param name="abort">Also ends the request under way.</param>
    public WriteShard(
        RemoteWriteQueueOptions options, BatchSender sender, TimeProvider time, CancellationToken stop, CancellationToken abort)
    {
        _options = options;
        _sender = sender;
        _time = time;
        _stop = stop;
        _abort = abort;
        _waiting = Channel.CreateBounded<PendingItem>(
            new BoundedChannelOptions(options.Capacity) { SingleReader = true, SingleWriter = true });
        Completion = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Ends when the shard is closed and empty, or stopped.</summary>
    public Task Completion { get; }

    public bool TryAdd(PendingItem item) => _waiting.Writer.TryWrite(item);

    public ValueTask<bool> WaitForRoomAsync(CancellationToken cancellation) => _waiting.Writer.WaitToWriteAsync(cancellation);

    /// <summary>Nothing more comes: the loop ends once all is sent.</summary>
    public void Close() => _waiting.Writer.TryComplete();

    /// <summary>What was not sent, oldest first; only once <see cref="Completion"/> has ended.</summary>
    public IEnumerable<PendingItem> Leftover()
    {
        foreach (var item in _batch)
        {
            yield return item;
        }
        while (_waiting.Reader.TryRead(out var item))
        {
            yield return item;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (await GatherAsync().ConfigureAwait(false))
            {
                if (!await _sender.SendAsync(_batch, _stop, _abort).ConfigureAwait(false))
                {
                    return;
                }
                _batch.Clear();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested || _abort.IsCancellationRequested)
        {
            // What was gathered is left over.
        }
    }

    /// <summary>Fills the batch, until it is full or its first sample has waited for the deadline.</summary>
    private async Task<bool> GatherAsync()
    {
        if (!await _waiting.Reader.WaitToReadAsync(_stop).ConfigureAwait(false))
        {
            return false;
        }
        using var deadline = new CancellationTokenSource(_options.BatchSendDeadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stop);
        while (true)
        {
            while (_batch.Count < _options.MaxSamplesPerSend && _waiting.Reader.TryRead(out var item))
            {
                _batch.Add(item);
            }
            if (_batch.Count >= _options.MaxSamplesPerSend)
            {
                break;
            }
            try
            {
                if (!await _waiting.Reader.WaitToReadAsync(either.Token).ConfigureAwait(false))
                {
                    return _batch.Count > 0;
                }
            }
            catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
            {
                break;
            }
        }
        await TakeFollowersAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>The last sample's exemplars go with it; they are on their way where they are not there yet.</summary>
    private async Task TakeFollowersAsync()
    {
        while (_batch is [.., { IsFollowed: true }] && await _waiting.Reader.WaitToReadAsync(_stop).ConfigureAwait(false))
        {
            if (_waiting.Reader.TryRead(out var next))
            {
                _batch.Add(next);
            }
        }
    }
}

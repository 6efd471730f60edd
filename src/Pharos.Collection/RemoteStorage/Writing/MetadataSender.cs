using Microsoft.Extensions.Logging;
using Pharos.Collection.RemoteStorage.Wire;
using Snappier;

namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>Tells a receiver of version 1, at intervals, what is known of each metric family.</summary>
internal sealed class MetadataSender : IAsyncDisposable
{
    private readonly RemoteWriteQueue _queue;
    private readonly RemoteWriteClient _client;
    private readonly RemoteWriteContext _context;
    private readonly ProtobufWriter _writer = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public MetadataSender(RemoteWriteQueue queue, RemoteWriteClient client, RemoteWriteContext context)
    {
        _queue = queue;
        _client = client;
        _context = context;
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var options = _queue.Options.Metadata;
        try
        {
            while (true)
            {
                foreach (var families in _context.Store.Metadata.Chunk(Math.Max(1, options.MaxSamplesPerSend)))
                {
                    _writer.Clear();
                    WriteRequestV1.Write(_writer, families);
                    await SendAsync(Snappy.CompressToArray(_writer.Written), families.Length).ConfigureAwait(false);
                }
                await Task.Delay(options.SendInterval, _context.Time, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task SendAsync(byte[] body, int count)
    {
        var backoff = _queue.Options.Queue.MinBackoff;
        for (var attempt = 0; ; attempt++)
        {
            var result = await _client.SendAsync(body, samples: 0, attempt, _stop.Token).ConfigureAwait(false);
            switch (result.Verdict)
            {
                case SendVerdict.Sent:
                    _context.Metrics.Metadata.Add(count, _queue.Tags);
                    _context.Metrics.MetadataBytes.Add(body.Length, _queue.Tags);
                    return;
                case SendVerdict.Refused:
                    _context.Logger.LogError("Remote write {Name}: metadata is refused: {Reason}", _queue.Options.Name, result.Reason);
                    _context.Metrics.MetadataFailed.Add(count, _queue.Tags);
                    return;
            }
            _stop.Token.ThrowIfCancellationRequested();
            _context.Metrics.MetadataRetried.Add(count, _queue.Tags);
            var wait = result.RetryAfter > TimeSpan.Zero ? result.RetryAfter : backoff;
            await Task.Delay(wait, _context.Time, _stop.Token).ConfigureAwait(false);
            backoff = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, _queue.Options.Queue.MaxBackoff.Ticks));
        }
    }
}

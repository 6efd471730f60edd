using Microsoft.Extensions.Logging;
using Pharos.Collection.RemoteStorage.Wire;
using Snappier;

namespace Pharos.Collection.RemoteStorage.Writing.Shards;

/// <summary>Sends one shard's batches, each again and again until it is taken or refused.</summary>
/// <remarks>Not thread-safe: one per shard.</remarks>
internal sealed class BatchSender(RemoteWriteQueue queue, RemoteWriteClient client, RemoteWriteContext context)
{
    /// <summary>How often a batch is halved because it was refused, so that good samples do not pay for bad ones, and a
    /// receiver that refuses all of them is not asked about each.</summary>
    private const int MaxHalvings = 64;

    private readonly ProtobufWriter _writer = new();
    private readonly WriteRequestV2 _second = new();
    private int _halvings;

    /// <param name="stop">Ends the wait between attempts, not a request under way.</param>
    /// <param name="abort">Ends the request as well.</param>
    /// <returns>Whether the batch is done with: sent, refused or too old. Otherwise it is still to be sent.</returns>
    public Task<bool> SendAsync(List<PendingItem> batch, CancellationToken stop, CancellationToken abort)
    {
        _halvings = 0;
        return SendPartAsync(batch, stop, abort);
    }

    private async Task<bool> SendPartAsync(List<PendingItem> batch, CancellationToken stop, CancellationToken abort)
    {
        var backoff = queue.Options.Queue.MinBackoff;
        for (var attempt = 0; ; attempt++)
        {
            DropOld(batch);
            if (batch.Count == 0)
            {
                return true;
            }
            var result = await AttemptAsync(batch, attempt, abort).ConfigureAwait(false);
            switch (result.Verdict)
            {
                case SendVerdict.Sent:
                    NoteRefused(batch, result, "the receiver answered 2xx and yet did not store all");
                    queue.OnAnswered(batch);
                    return true;
                case SendVerdict.Refused when result is { IsBadRequest: true, Written: null } && batch.Count > 1
                    && (_halvings++ < MaxHalvings || batch.Exists(item => item.Ticket.MayRepeat)):
                    return await SendHalvesAsync(batch, stop, abort).ConfigureAwait(false);
                case SendVerdict.Refused:
                    NoteRefused(batch, result with { Written = result.Written ?? default(WrittenCounts) }, result.Reason);
                    queue.OnAnswered(batch);
                    return true;
                case SendVerdict.Interrupted:
                    return false;
            }
            queue.Count(context.Metrics.Retried, batch);
            context.Logger.LogWarning(
                "Remote write {Name}: sending failed and will be tried again: {Reason}", queue.Options.Name, result.Reason);
            var wait = result.RetryAfter > TimeSpan.Zero ? result.RetryAfter : backoff;
            if (!await WaitAsync(wait, stop).ConfigureAwait(false))
            {
                return false;
            }
            backoff = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, queue.Options.Queue.MaxBackoff.Ticks));
        }
    }

    /// <summary>A receiver that refuses a whole request because of some of its samples, as Prometheus does, still gets the
    /// others. What was sent before a restart it knows already, and all of that may have to be told apart.</summary>
    private async Task<bool> SendHalvesAsync(List<PendingItem> batch, CancellationToken stop, CancellationToken abort)
    {
        var cut = batch.Count / 2;
        while (cut < batch.Count && batch[cut - 1].IsFollowed)
        {
            cut++;
        }
        // One sample with all its exemplars can only be told from them by asking for each.
        var first = batch.GetRange(0, cut == batch.Count ? batch.Count / 2 : cut);
        var second = batch.GetRange(first.Count, batch.Count - first.Count);
        batch.Clear();
        if (!await SendPartAsync(first, stop, abort).ConfigureAwait(false))
        {
            batch.AddRange([.. first, .. second]);
            return false;
        }
        if (!await SendPartAsync(second, stop, abort).ConfigureAwait(false))
        {
            batch.AddRange(second);
            return false;
        }
        return true;
    }

    /// <summary>Counts what was stored, and what was not; the latter is not sent again.</summary>
    private void NoteRefused(List<PendingItem> batch, SendResult result, string reason)
    {
        var refused = 0L;
        foreach (var group in batch.GroupBy(static item => item.Kind))
        {
            var count = group.Count();
            var written = Math.Min(count, result.Written?.Of(group.Key) ?? count);
            refused += count - written;
            context.Metrics.Sent[(int)group.Key].Add(written, queue.Tags);
            context.Metrics.Failed[(int)group.Key].Add(count - written, queue.Tags);
        }
        if (refused > 0)
        {
            context.Logger.LogError("Remote write {Name}: {Count} samples are refused and dropped: {Reason}", queue.Options.Name, refused, reason);
        }
    }

    private async Task<SendResult> AttemptAsync(List<PendingItem> batch, int attempt, CancellationToken abort)
    {
        _writer.Clear();
        if (queue.Options.Message is RemoteWriteMessage.V2)
        {
            _second.Write(_writer, batch, context.Store.Metadata);
        }
        else
        {
            WriteRequestV1.Write(_writer, batch);
        }
        var body = Snappy.CompressToArray(_writer.Written);
        var samples = batch.Count(item => item.Kind is not PendingKind.Exemplar);
        var start = context.Time.GetTimestamp();
        var result = await client.SendAsync(body, samples, attempt, abort).ConfigureAwait(false);
        var elapsed = context.Time.GetElapsedTime(start);
        context.Metrics.BatchDuration.Record(elapsed.TotalSeconds, queue.Tags);
        queue.ShardCount.Sending.Add(elapsed.TotalSeconds);
        if (result.Verdict is SendVerdict.Sent)
        {
            context.Metrics.Bytes.Add(body.Length, queue.Tags);
        }
        return result;
    }

    /// <summary>Also between attempts: what has become too old while it waited is of no use to the receiver.</summary>
    private void DropOld(List<PendingItem> batch)
    {
        if (queue.Options.Queue.SampleAgeLimit <= TimeSpan.Zero)
        {
            return;
        }
        var oldestMs = (context.Time.GetUtcNow() - queue.Options.Queue.SampleAgeLimit).ToUnixTimeMilliseconds();
        var old = batch.FindAll(item => item.TimestampMs < oldestMs);
        if (old.Count > 0)
        {
            batch.RemoveAll(item => item.TimestampMs < oldestMs);
            queue.CountDropped(old, "too_old");
            queue.Done(old);
        }
    }

    private async Task<bool> WaitAsync(TimeSpan time, CancellationToken stop)
    {
        try
        {
            await Task.Delay(time, context.Time, stop).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

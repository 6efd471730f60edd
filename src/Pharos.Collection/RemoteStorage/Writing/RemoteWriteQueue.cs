using Microsoft.Extensions.Logging;
using Pharos.Collection.RemoteStorage.Writing.Shards;
using Pharos.Storage.Metrics.Log;
using Pharos.Storage.Model;

namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>One <c>remote_write</c> entry at work: reads the store's log, relabels, and hands on to shards that send.</summary>
/// <remarks>One loop reads, saves the position and changes the number of shards; the shards call <see cref="OnAnswered"/>,
/// <see cref="Done"/> and the counters from their own threads.</remarks>
internal sealed class RemoteWriteQueue : IAsyncDisposable
{
    /// <summary>How often the log is looked at where it had nothing new.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly RemoteWriteContext _context;
    private readonly RemoteWriteClient _client;
    private readonly IMetricLogReader _reader;
    private readonly SendProgress _progress;
    private readonly SeriesLabels _labels;
    private readonly MetricLogBatch _batch = new();
    private readonly long[] _pending = new long[3];
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly Lock _saving = new();
    private readonly Task _reading;
    private readonly MetadataSender? _metadata;

    // What the log holds when the queue begins may have been sent before, in whole or in part.
    private bool _catchingUp = true;
    private bool _cutOff;
    private ShardSet _shards;
    private long _nextResharding;
    private long _lastSent;
    private long _highestSentMs;

    public RemoteWriteQueue(RemoteWriteOptions options, RemoteWriteContext context)
    {
        Options = options;
        _context = context;
        Tags = [new("remote_name", options.Name), new("url", options.Url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped))];
        ShardCount = new ShardCount(options.Queue);
        _labels = new SeriesLabels(options);
        _reader = context.Store.ReadLog(context.Positions.Load(options.Key));
        _progress = new SendProgress(_reader.Position);
        _client = new RemoteWriteClient(options, context.UserAgent, context.Time);
        _shards = NewShards(options.Queue.MinShards);
        ScheduleResharding();
        SavePosition();
        ShowCounters();
        _metadata = options.Message is RemoteWriteMessage.V1 && options.Metadata.Send ? new MetadataSender(this, _client, context) : null;
        _reading = Task.Run(ReadAsync, CancellationToken.None);
    }

    public RemoteWriteOptions Options { get; }

    public KeyValuePair<string, object?>[] Tags { get; }

    public ShardCount ShardCount { get; }

    public int Shards => _shards.Count;

    public double DesiredShards => ShardCount.Desired;

    public long HighestQueuedMs { get; private set; }

    public long HighestSentMs => Interlocked.Read(ref _highestSentMs);

    public long LostSegments => _reader.LostSegments;

    /// <summary>The log's segment that is read.</summary>
    public long Segment => _reader.Position.Segment;

    public long Pending(PendingKind kind) => Interlocked.Read(ref _pending[(int)kind]);

    /// <summary>Reads what the log still has, and sends it as far as <paramref name="deadline"/> allows.</summary>
    /// <param name="deadline">What is not sent by then goes on from the log after the next start.</param>
    public async Task FlushAsync(TimeSpan deadline)
    {
        using var limit = new CancellationTokenSource(deadline, _context.Time);
        await using var abort = limit.Token.Register(_abort.Cancel).ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        try
        {
            // Behind a commit that was cut off nothing may be sent, or its rest would come out of order.
            while (!_cutOff && !limit.IsCancellationRequested && _reader.TryRead(_batch))
            {
                await QueueBatchAsync(limit.Token).ConfigureAwait(false);
            }
            await _shards.DrainAsync().WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _context.Logger.LogWarning(
                "Remote write {Name}: not everything was sent within {Deadline}; the rest goes on after the next start", Options.Name, deadline);
        }
        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Ends after the requests under way, or at the latest after <paramref name="patience"/>; the queue that
    /// takes over goes on from the saved position.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        _abort.CancelAfter(patience);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Frees what the queue holds; called by <see cref="FlushAsync"/> and <see cref="StopAsync"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_metadata is not null)
        {
            await _metadata.DisposeAsync().ConfigureAwait(false);
        }
        await _shards.StopAsync().ConfigureAwait(false);
        SavePosition();
        _shards.Dispose();
        _reader.Dispose();
        _client.Dispose();
        _stop.Dispose();
        _abort.Dispose();
    }

    /// <summary>The receiver has taken or refused the batch: either way it is done with, and says how fast it is.</summary>
    public void OnAnswered(List<PendingItem> batch)
    {
        ShardCount.Outgoing.Add(batch.Count);
        Interlocked.Exchange(ref _lastSent, _context.Time.GetTimestamp());
        var highest = batch.Max(item => item.TimestampMs);
        for (var seen = HighestSentMs; highest > seen;)
        {
            seen = Interlocked.CompareExchange(ref _highestSentMs, highest, seen);
        }
        Done(batch);
        SavePosition();
    }

    /// <summary>These items need not be sent after a restart.</summary>
    public void Done(IReadOnlyList<PendingItem> items)
    {
        foreach (var item in items)
        {
            Interlocked.Decrement(ref _pending[(int)item.Kind]);
            _progress.Done(item.Ticket);
        }
    }

    public void Count(System.Diagnostics.Metrics.Counter<long>[] counters, IReadOnlyList<PendingItem> items)
    {
        foreach (var group in items.GroupBy(item => item.Kind))
        {
            counters[(int)group.Key].Add(group.Count(), Tags);
        }
    }

    public void CountDropped(IReadOnlyList<PendingItem> items, string reason)
    {
        foreach (var group in items.GroupBy(item => item.Kind))
        {
            CountDropped(group.Key, group.Count(), reason);
        }
    }

    /// <summary>A counter that shows nothing before its first event hides the first event from a rate.</summary>
    private void ShowCounters()
    {
        var metrics = _context.Metrics;
        foreach (var counter in (IEnumerable<System.Diagnostics.Metrics.Counter<long>>)[
            .. metrics.Sent, .. metrics.Failed, .. metrics.Retried, metrics.Metadata, metrics.MetadataFailed, metrics.MetadataRetried,
            metrics.Bytes, metrics.MetadataBytes, metrics.EnqueueRetries])
        {
            counter.Add(0, Tags);
        }
        foreach (var counter in metrics.Incoming)
        {
            counter.Add(0);
        }
    }

    private void CountDropped(PendingKind kind, int count, string reason)
    {
        _context.Metrics.Dropped[(int)kind].Add(count, [.. Tags, new("reason", reason)]);
        ShardCount.Dropped.Add(count);
    }

    private async Task ReadAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (_reader.TryRead(_batch))
                {
                    await QueueBatchAsync(_stop.Token).ConfigureAwait(false);
                }
                else
                {
                    _catchingUp = false;
                    SavePosition();
                    await Task.Delay(PollInterval, _context.Time, _stop.Token).ConfigureAwait(false);
                }
                await ReshardWhenDueAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _context.Logger.LogError(e, "Remote write {Name}: the log cannot be read on", Options.Name);
                await DelayAfterFaultAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task DelayAfterFaultAsync()
    {
        try
        {
            await Task.Delay(Options.Queue.MaxBackoff, _context.Time, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the same token.
        }
    }

    /// <summary>A commit that is cut off in the middle keeps its ticket open: it is read again after a restart.</summary>
    private async Task QueueBatchAsync(CancellationToken cancellation)
    {
        _cutOff = true;
        var ticket = _progress.Begin(_reader.Position, _catchingUp);
        var exemplars = ExemplarsBySeries();
        foreach (var sample in _batch.Samples)
        {
            if (ItemOf(sample, ticket) is { } item)
            {
                List<Exemplar>? own = null;
                var isFollowed = exemplars?.Remove(sample.Labels, out own) ?? false;
                await QueueAsync(item with { IsFollowed = isFollowed }, cancellation).ConfigureAwait(false);
                if (own is not null)
                {
                    await QueueExemplarsAsync(item.Labels, own, ticket, cancellation).ConfigureAwait(false);
                }
            }
        }
        foreach (var (series, others) in exemplars ?? [])
        {
            await QueueExemplarsAsync(_labels.Of(series), others, ticket, cancellation).ConfigureAwait(false);
        }
        _progress.Done(ticket);
        _cutOff = false;
    }

    /// <summary>Null where there are none to send. Each is to follow a sample of its series, in the same request.</summary>
    private Dictionary<LabelSet, List<Exemplar>>? ExemplarsBySeries()
    {
        if (!Options.SendExemplars || _batch.Exemplars.Count == 0)
        {
            return null;
        }
        var bySeries = new Dictionary<LabelSet, List<Exemplar>>();
        foreach (var (series, exemplar) in _batch.Exemplars)
        {
            if (!bySeries.TryGetValue(series, out var list))
            {
                bySeries[series] = list = [];
            }
            list.Add(exemplar);
        }
        return bySeries;
    }

    /// <param name="labels">Null where the series is not sent.</param>
    private async ValueTask QueueExemplarsAsync(
        LabelSet? labels, List<Exemplar> exemplars, CommitTicket ticket, CancellationToken cancellation)
    {
        for (var i = 0; i < exemplars.Count; i++)
        {
            var exemplar = exemplars[i];
            _context.Metrics.CountIncoming(this, PendingKind.Exemplar);
            if (labels is null)
            {
                CountDropped(PendingKind.Exemplar, 1, "dropped_series");
                continue;
            }
            await QueueAsync(
                new PendingItem(labels, exemplar.TimestampMs, exemplar.Value, null, 0, exemplar.Labels, ticket, i < exemplars.Count - 1),
                cancellation).ConfigureAwait(false);
        }
    }

    private PendingItem? ItemOf(LoggedSample sample, CommitTicket ticket)
    {
        var kind = sample.Histogram is null ? PendingKind.Sample : PendingKind.Histogram;
        if (sample.Histogram is not null && !Options.SendNativeHistograms)
        {
            return null;
        }
        _context.Metrics.CountIncoming(this, kind);
        if (sample.Histogram is { HasCustomBuckets: true } && Options.Message is RemoteWriteMessage.V1)
        {
            CountDropped(kind, 1, "nhcb_in_rw1_not_supported");
            return null;
        }
        if (_labels.Of(sample.Reference, sample.Labels) is not { } labels)
        {
            CountDropped(kind, 1, "dropped_series");
            return null;
        }
        HighestQueuedMs = Math.Max(HighestQueuedMs, sample.TimestampMs);
        return new PendingItem(labels, sample.TimestampMs, sample.Value, sample.Histogram, sample.StartTimeMs, null, ticket);
    }

    private async ValueTask QueueAsync(PendingItem item, CancellationToken cancellation)
    {
        item.Ticket.Add();
        Interlocked.Increment(ref _pending[(int)item.Kind]);
        ShardCount.Incoming.Add(1);
        while (!_shards.Of(item).TryAdd(item))
        {
            _context.Metrics.EnqueueRetries.Add(1, Tags);
            await ReshardWhenDueAsync(cancellation).ConfigureAwait(false);
            await WaitForRoomAsync(item, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Wakes up now and then although the shard is full: another number of shards may be what helps.</summary>
    private async Task WaitForRoomAsync(PendingItem item, CancellationToken cancellation)
    {
        using var turn = new CancellationTokenSource(ShardCount.Interval, _context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(turn.Token, cancellation);
        try
        {
            await _shards.Of(item).WaitForRoomAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Look again.
        }
    }

    private async Task ReshardWhenDueAsync(CancellationToken cancellation)
    {
        if (_context.Time.GetTimestamp() < _nextResharding)
        {
            return;
        }
        ScheduleResharding();
        var count = ShardCount.Decide(_shards.Count, (HighestQueuedMs - HighestSentMs) / 1000d);
        // Nothing sent for a while: the receiver is down, and more shards would not bring it back.
        var sentLately = _context.Time.GetElapsedTime(Interlocked.Read(ref _lastSent)) < ShardCount.Interval;
        if (count == _shards.Count || !sentLately)
        {
            return;
        }
        _context.Logger.LogInformation("Remote write {Name}: from {From} to {To} shards", Options.Name, _shards.Count, count);
        var before = _shards;
        var leftover = await before.StopAsync().ConfigureAwait(false);
        before.Dispose();
        _shards = NewShards(count);
        foreach (var item in leftover)
        {
            while (!_shards.Of(item).TryAdd(item))
            {
                await _shards.Of(item).WaitForRoomAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    private void ScheduleResharding() => _nextResharding = _context.Time.GetTimestamp()
        + (long)(ShardCount.Interval.TotalSeconds * _context.Time.TimestampFrequency);

    private ShardSet NewShards(int count) => new(count, this, _client, _context, _abort.Token);

    private void SavePosition()
    {
        try
        {
            lock (_saving)
            {
                _context.Positions.Save(Options.Key, _progress.Position);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _context.Logger.LogWarning("Remote write {Name}: its position cannot be saved: {Reason}", Options.Name, e.Message);
        }
    }
}

using System.Net;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Shipping.Stages;
using Pharos.Storage.Logs;

namespace Pharos.Collection.Shipping.Clients;

/// <summary>Sends entries to another Loki: gathers them into batches, repeats what it does not take for now, and keeps the marks of what
/// it has taken in this server's store.</summary>
/// <remarks>A source waits until its batch is taken, so what waits here is bounded by one batch a source. A crash between the answer and the
/// marks repeats that batch: Loki leaves out entries that equal a stream's newest.</remarks>
internal sealed class PushSink : IShipSink, IAsyncDisposable
{
    /// <summary>Bytes of lines that wait here; more wait in their sources.</summary>
    private const long MaxWaitingBytes = 10 * 1024 * 1024;

    private static readonly TimeSpan FullWait = TimeSpan.FromMilliseconds(50);

    /// <summary>How much of an answer is read to say why it refused.</summary>
    private const int MaxReasonChars = 512;

    private readonly Lock _gate = new();
    private readonly ShipClientOptions _client;
    private readonly ILogStore _store;
    private readonly ShipMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _signal = new(0);
    private readonly KeyValuePair<string, object?> _host;
    private readonly Task _sending;
    private List<Waiting> _waiting = [];
    private long _waitingBytes;
    private long _firstAt;
    private bool _isUrgent;
    private bool _complained;

    public PushSink(ShipClientOptions client, ILogStore store, ShipMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_client, _store, _metrics, _time, _logger) = (client, store, metrics, time, logger);
        _http = client.CreateHttpClient!();
        _host = new("host", client.Url!.Authority);
        _sending = Task.Run(SendAllAsync);
    }

    public string Name => _client.Name;

    public IReadOnlyDictionary<string, string> Marks() => _store.Marks();

    public async ValueTask DeliverAsync(ShipBatch batch, CancellationToken cancellation)
    {
        var waiting = new Waiting(batch, batch.Entries.Sum(static entry => (long)entry.LineBytes));
        while (!TryPut(waiting))
        {
            await Task.Delay(FullWait, _time, cancellation).ConfigureAwait(false);
        }
        _signal.Release();
        await waiting.Done.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
        _http.Dispose();
        _signal.Dispose();
        _stopping.Dispose();
    }

    private bool TryPut(Waiting waiting)
    {
        lock (_gate)
        {
            if (_waitingBytes > 0 && _waitingBytes + waiting.Bytes > MaxWaitingBytes)
            {
                return false;
            }
            if (_waiting.Count == 0)
            {
                _firstAt = _time.GetTimestamp();
            }
            _waiting.Add(waiting);
            _waitingBytes += waiting.Bytes;
            // Marks alone cost nothing, and nobody gains by their waiting.
            _isUrgent |= waiting.Batch.More || waiting.Batch.Entries.Count == 0;
            return true;
        }
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (true)
            {
                var wait = UntilDue();
                if (wait > TimeSpan.Zero)
                {
                    await _signal.WaitAsync(wait, _stopping.Token).ConfigureAwait(false);
                    continue;
                }
                var batch = TakeAll();
                await SendAsync(batch, _stopping.Token).ConfigureAwait(false);
                foreach (var waiting in batch)
                {
                    waiting.Done.TrySetResult();
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            foreach (var waiting in TakeAll())
            {
                waiting.Done.TrySetCanceled();
            }
        }
    }

    private TimeSpan UntilDue()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                return TimeSpan.FromMinutes(1);
            }
            var left = _client.BatchWait - _time.GetElapsedTime(_firstAt);
            return _isUrgent || _waitingBytes >= _client.BatchBytes || left <= TimeSpan.Zero ? TimeSpan.Zero
                : left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left;
        }
    }

    private List<Waiting> TakeAll()
    {
        lock (_gate)
        {
            var taken = _waiting;
            _waiting = [];
            _waitingBytes = 0;
            _isUrgent = false;
            return taken;
        }
    }

    private async Task SendAsync(List<Waiting> batch, CancellationToken cancellation)
    {
        var entries = batch.SelectMany(static waiting => waiting.Batch.Entries);
        foreach (var tenant in entries.GroupBy(entry => entry.Tenant ?? _client.TenantId, StringComparer.Ordinal))
        {
            await SendAsync(tenant.Key, [.. tenant], cancellation).ConfigureAwait(false);
        }
        var marks = new LogBatch();
        foreach (var (key, value) in batch.SelectMany(static waiting => waiting.Batch.Marks))
        {
            marks.Mark(key, value);
        }
        await KeepAsync(marks, cancellation).ConfigureAwait(false);
    }

    private async Task KeepAsync(LogBatch marks, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                if (!marks.IsEmpty)
                {
                    _store.Append(marks);
                }
                return;
            }
            catch (IOException e)
            {
                Complain(e.Message);
                await Task.Delay(_client.MinBackoff, _time, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task SendAsync(string tenant, IReadOnlyList<ShippedEntry> entries, CancellationToken cancellation)
    {
        var body = PushEncoding.Encode(entries, _client.ExternalLabels);
        _metrics.EncodedBytes.Add(body.Length, _host);
        for (var backoff = _client.MinBackoff; ; backoff = backoff * 2 < _client.MaxBackoff ? backoff * 2 : _client.MaxBackoff)
        {
            var (status, reason) = await PostAsync(tenant, body, cancellation).ConfigureAwait(false);
            if (status is >= 200 and < 300)
            {
                _complained = false;
                _metrics.SentEntries.Add(entries.Count, _host);
                _metrics.SentBytes.Add(body.Length, _host);
                _metrics.Sent(_client.Url!.Authority, _client.Name, entries[^1], _time.GetUtcNow());
                return;
            }
            Complain(reason);
            var isTransient = status is 0 or >= 500 || (status == (int)HttpStatusCode.TooManyRequests && !_client.DropsRateLimited);
            if (!isTransient)
            {
                var why = new KeyValuePair<string, object?>(
                    "reason", status == (int)HttpStatusCode.TooManyRequests ? "rate_limited" : "ingester_error");
                _metrics.DroppedEntries.Add(entries.Count, _host, why);
                _metrics.DroppedBytes.Add(body.Length, _host, why);
                return;
            }
            _metrics.Retries.Add(1, _host);
            await Task.Delay(backoff, _time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The answer's status, 0 where there was none.</summary>
    private async Task<(int Status, string Reason)> PostAsync(string tenant, byte[] body, CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        using var limit = new CancellationTokenSource(_client.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _client.Url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-protobuf");
            if (tenant.Length > 0)
            {
                request.Headers.TryAddWithoutValidation("X-Scope-OrgID", tenant);
            }
            using var response = await _http.SendAsync(request, either.Token).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            _metrics.RequestSeconds.Record(_time.GetElapsedTime(started).TotalSeconds, _host, new KeyValuePair<string, object?>("status_code", status));
            var text = response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(either.Token).ConfigureAwait(false);
            return (status, $"server returned HTTP status {status}: {text[..Math.Min(text.Length, MaxReasonChars)].Trim()}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (0, $"no answer within {_client.Timeout}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return (0, e.Message);
        }
    }

    private void Complain(string reason)
    {
        if (!_complained)
        {
            _complained = true;
            _logger.LogWarning("Client {Client} does not take lines: {Reason}", _host.Value, reason);
        }
    }

    private sealed record Waiting(ShipBatch Batch, long Bytes)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

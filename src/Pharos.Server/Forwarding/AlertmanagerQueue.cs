using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Server.Api;

namespace Pharos.Server.Forwarding;

/// <summary>The alerts that wait for one Alertmanager, and the loop that posts them. One that hangs keeps no other waiting.</summary>
/// <remarks>A request that fails is not repeated: its alerts are sent again anyway, a firing one every resend delay, and a
/// resolved one for a quarter of an hour. Thread-safe. Owns no client.</remarks>
internal sealed class AlertmanagerQueue : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Alert> _waiting = new();
    private readonly HttpClient _client;
    private readonly TimeSpan _timeout;
    private readonly ForwardingContext _context;
    private readonly CancellationTokenSource _abort = new();

    // Wakes the loop; one signal stands for however many alerts, and its end for the end of the queue.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Task _loop;

    public AlertmanagerQueue(string url, HttpClient client, TimeSpan timeout, ForwardingContext context)
    {
        Url = url;
        _client = client;
        _timeout = timeout;
        _context = context;
        context.Metrics.Begin(url);
        _loop = Task.Run(RunAsync);
    }

    public string Url { get; }

    public int Length
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>All at once, so that they fill whole batches. Of more than there is room for the oldest give way.</summary>
    public void Add(IReadOnlyList<Alert> alerts)
    {
        var capacity = _context.Limits.QueueCapacity;
        var dropped = 0;
        lock (_gate)
        {
            foreach (var alert in alerts)
            {
                if (_waiting.Count == capacity)
                {
                    _waiting.Dequeue();
                    dropped++;
                }
                _waiting.Enqueue(alert);
            }
        }
        _signal.Writer.TryWrite(true);
        if (dropped > 0)
        {
            _context.Logger.LogWarning("Alert notification queue of {Alertmanager} full, {Count} alerts dropped", Url, dropped);
            _context.Metrics.Dropped(Url, dropped);
        }
    }

    /// <summary>As stopping without patience; not for one that was stopped.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero);

    /// <summary>Sends what waits for as long as <paramref name="patience"/> lasts; what is added from now on is not sent.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        _signal.Writer.TryComplete();
        if (patience <= TimeSpan.Zero)
        {
            await _abort.CancelAsync();
        }
        else
        {
            _abort.CancelAfter(patience);
        }
        await _loop;
        if (Length is var left and > 0)
        {
            _context.Logger.LogWarning("{Count} alerts for {Alertmanager} were not sent before the end", left, Url);
            _context.Metrics.Dropped(Url, left);
        }
        _abort.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _signal.Reader.WaitToReadAsync(_abort.Token))
            {
                _signal.Reader.TryRead(out _);
                while (!_abort.IsCancellationRequested && TakeBatch() is { Count: > 0 } batch)
                {
                    await SendAsync(batch);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The time for what waits is over.
        }
    }

    private List<Alert> TakeBatch()
    {
        lock (_gate)
        {
            var batch = new List<Alert>(Math.Min(_waiting.Count, _context.Limits.BatchSize));
            while (batch.Count < _context.Limits.BatchSize && _waiting.TryDequeue(out var alert))
            {
                batch.Add(alert);
            }
            return batch;
        }
    }

    private async Task SendAsync(List<Alert> batch)
    {
        var started = _context.Time.GetTimestamp();
        if (await PostAsync(batch) is not { } problem)
        {
            _context.Metrics.Sent(Url, batch.Count, _context.Time.GetElapsedTime(started));
            return;
        }
        _context.Metrics.Failed(Url, batch.Count);
        _context.Logger.LogError("Error sending {Count} alerts to {Alertmanager}: {Problem}", batch.Count, Url, problem);
    }

    /// <returns>Null, or why the batch was not taken.</returns>
    private async Task<string?> PostAsync(List<Alert> batch)
    {
        using var clock = new CancellationTokenSource(_timeout, _context.Time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, _abort.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new ByteArrayContent(BodyOf(batch)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.TryAddWithoutValidation("User-Agent", _context.UserAgent);
            request.Headers.Add(ForwardingContext.SenderHeader, _context.Sender);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited.Token);
            if (!response.IsSuccessStatusCode)
            {
                return $"bad response status {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
            }
            await response.Content.CopyToAsync(Stream.Null, limited.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return _abort.IsCancellationRequested ? "this server stops"
                : string.Create(CultureInfo.InvariantCulture, $"no answer within {_timeout.TotalSeconds:0.###} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException or InvalidOperationException
            or NotSupportedException or UriFormatException)
        {
            return e.Message;
        }
    }

    /// <summary>As Prometheus writes it: times to the millisecond, empty annotations and an empty link left out.</summary>
    private static byte[] BodyOf(List<Alert> alerts)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            foreach (var alert in alerts)
            {
                json.WriteStartObject();
                if (alert.Annotations.Count > 0)
                {
                    JsonForms.WriteLabels(json, "annotations", alert.Annotations);
                }
                json.WriteString("endsAt", JsonForms.Rfc3339Milliseconds(alert.EndsAt));
                json.WriteString("startsAt", JsonForms.Rfc3339Milliseconds(alert.StartsAt));
                if (alert.GeneratorUrl.Length > 0)
                {
                    json.WriteString("generatorURL", alert.GeneratorUrl);
                }
                JsonForms.WriteLabels(json, "labels", alert.Labels);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return bytes.ToArray();
    }
}

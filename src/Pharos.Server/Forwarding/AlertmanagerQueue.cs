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
    private readonly Channel<Alert> _waiting;
    private readonly HttpClient _client;
    private readonly TimeSpan _timeout;
    private readonly ForwardingContext _context;
    private readonly CancellationTokenSource _abort = new();
    private readonly Task _loop;
    private int _droppedUntold;

    public AlertmanagerQueue(string url, HttpClient client, TimeSpan timeout, ForwardingContext context)
    {
        Url = url;
        _client = client;
        _timeout = timeout;
        _context = context;
        _waiting = Channel.CreateBounded<Alert>(
            new BoundedChannelOptions(context.Limits.QueueCapacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _droppedUntold));
        context.Metrics.Begin(url);
        _loop = Task.Run(RunAsync);
    }

    public string Url { get; }

    public int Length => _waiting.Reader.Count;

    public void Add(IReadOnlyList<Alert> alerts)
    {
        foreach (var alert in alerts)
        {
            _waiting.Writer.TryWrite(alert);
        }
        if (Interlocked.Exchange(ref _droppedUntold, 0) is var dropped and > 0)
        {
            _context.Logger.LogWarning("Alert notification queue of {Alertmanager} full, {Count} alerts dropped", Url, dropped);
            _context.Metrics.Dropped(Url, dropped);
        }
    }

    /// <summary>As stopping without patience; not for one that was stopped.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero);

    /// <summary>Takes nothing more; what waits is still sent for as long as <paramref name="patience"/> lasts.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        _waiting.Writer.TryComplete();
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
            while (await _waiting.Reader.WaitToReadAsync(_abort.Token))
            {
                var batch = new List<Alert>();
                while (batch.Count < _context.Limits.BatchSize && _waiting.Reader.TryRead(out var alert))
                {
                    batch.Add(alert);
                }
                await SendAsync(batch);
            }
        }
        catch (OperationCanceledException)
        {
            // The time for what waits is over.
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

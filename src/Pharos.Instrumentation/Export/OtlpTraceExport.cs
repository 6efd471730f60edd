using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pharos.Instrumentation.Http;
using Pharos.Instrumentation.Wire;

namespace Pharos.Instrumentation.Export;

/// <summary>Listens to the application's activity sources and sends what ended to an OTLP receiver, in batches, until the host stops:
/// then it sends what is left.</summary>
/// <remarks>A full queue drops new spans and counts them: exporting never holds up a request. One loop sends.</remarks>
internal sealed partial class OtlpTraceExport : IHostedService, IDisposable
{
    private readonly OtlpTraceOptions _options;
    private readonly IList<string> _sources;
    private readonly ActivitySource? _requests;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ExportCounts _counts;
    private readonly OtlpSender _sender;
    private readonly OtlpTraceWriter _writer;
    private readonly Channel<Activity> _queue;
    private readonly ByteBuffer _body = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _giveUp = new();
    private ActivityListener? _listener;
    private Task _sending = Task.CompletedTask;

    /// <param name="requests">ASP.NET Core's source in this host.</param>
    public OtlpTraceExport(
        OtlpTraceOptions options, IList<string> sources, ActivitySource? requests, TimeProvider time, ILogger<OtlpTraceExport> log,
        ExportCounts counts)
    {
        _options = options;
        _sources = sources;
        _requests = requests;
        _time = time;
        _log = log;
        _counts = counts;
        _sender = new OtlpSender(options, time, log, counts);
        _writer = new OtlpTraceWriter(options);
        _queue = Channel.CreateBounded<Activity>(new BoundedChannelOptions(options.MaxQueued) { SingleReader = true });
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var problem in _options.Problems)
        {
            LogProblem(_log, problem);
        }
        if (_options.IsOn)
        {
            _sending = SendAllAsync();
            _listener = new ActivityListener
            {
                ShouldListenTo = IsWanted,
                Sample = (ref ActivityCreationOptions<ActivityContext> span) => _options.Sampling.Decide(span.TraceId, span.Parent),
                ActivityStopped = Take,
            };
            ActivitySource.AddActivityListener(_listener);
        }
        return Task.CompletedTask;
    }

    /// <summary>Sends what has ended; what is not sent when the host's patience ends is dropped and counted.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _listener?.Dispose();
        _queue.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await using var impatience = cancellationToken.Register(_giveUp.Cancel).ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _listener?.Dispose();
        _sender.Dispose();
        _stop.Dispose();
        _giveUp.Dispose();
    }

    private bool IsWanted(ActivitySource source)
    {
        if (RequestSource.IsForeign(source, _requests) || !NamePattern.MatchesAny(_sources, source.Name))
        {
            return false;
        }
        foreach (var (name, value) in source.Tags ?? [])
        {
            if (name == "service.name")
            {
                return (value as string) == _options.ServiceName;
            }
        }
        return true;
    }

    private void Take(Activity activity)
    {
        if (activity is { Recorded: true, IsAllDataRequested: true, IdFormat: ActivityIdFormat.W3C } && !_queue.Writer.TryWrite(activity))
        {
            _counts.Dropped(1, "queue_full");
        }
    }

    private async Task SendAllAsync()
    {
        var batch = new List<Activity>(_options.MaxBatch);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            await WaitForMoreAsync().ConfigureAwait(false);
            while (batch.Count < _options.MaxBatch && _queue.Reader.TryRead(out var activity))
            {
                batch.Add(activity);
            }
            try
            {
                _body.Clear();
                _writer.Write(_body, batch);
                await _sender.SendAsync(_body, batch.Count, _giveUp.Token).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // Whatever it was, the next batch has its chance.
                _counts.Dropped(batch.Count, "failed");
                LogFailed(_log, e, batch.Count);
            }
            batch.Clear();
        }
    }

    /// <summary>Until a batch is full, the delay is over, or the host stops.</summary>
    private async Task WaitForMoreAsync()
    {
        var until = _time.GetTimestamp();
        while (_queue.Reader.Count < _options.MaxBatch && !_stop.IsCancellationRequested && _time.GetElapsedTime(until) < _options.Delay)
        {
            var step = TimeSpan.FromMilliseconds(Math.Min(200, _options.Delay.TotalMilliseconds));
            try
            {
                await Task.Delay(step, _time, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
    private static partial void LogProblem(ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "a batch of {Spans} spans could not be written")]
    private static partial void LogFailed(ILogger log, Exception exception, int spans);
}

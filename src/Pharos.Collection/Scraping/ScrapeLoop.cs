using Microsoft.Extensions.Logging;
using Pharos.Collection.Exposition;
using Pharos.Collection.Scraping.Fetching;
using Pharos.Collection.Scraping.Ingest;
using Pharos.Storage.Metrics;
using Pharos.Storage.Text;

namespace Pharos.Collection.Scraping;

/// <summary>Scrapes one target at its interval until stopped, then ends its series.</summary>
/// <remarks>One asynchronous flow: no two scrapes of a target overlap, and each is one batch in the store.</remarks>
internal sealed class ScrapeLoop : IDisposable
{
    /// <summary>A timer takes 49 days at most; an interval may be longer and is then waited for in parts.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    private readonly ScrapeJobOptions _job;
    private readonly ScrapeTarget _target;
    private readonly CollectorContext _context;
    private readonly ScrapeFetcher _fetcher;
    private readonly ScrapeIngest _ingest;
    private readonly ReportSeries _report;
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient? _socketClient;
    private readonly string _interval;
    private volatile string? _forcedError;

    public ScrapeLoop(ScrapeJobOptions job, ScrapeTarget target, HttpClient client, CollectorContext context)
    {
        if (target.UnixSocket.Length > 0 && job.CreateUnixSocketClient is { } create)
        {
            client = _socketClient = create(target.UnixSocket);
        }
        _job = job;
        _target = target;
        _context = context;
        _interval = PrometheusDuration.Format(target.Interval);
        Metadata = new TargetMetadata(context.Store);
        _fetcher = new ScrapeFetcher(client, job, target, context);
        _ingest = new ScrapeIngest(job, target, Metadata, context);
        _report = new ReportSeries(job.ExtraScrapeMetrics || context.Options.ExtraScrapeMetrics, _ingest.ReportLabels);
    }

    public ScrapeTarget Target => _target;

    public TargetMetadata Metadata { get; }

    /// <summary>Fails every scrape without asking the target; null lets them run again.</summary>
    public string? ForcedError
    {
        set => _forcedError = value;
    }

    /// <summary>Ends the scrapes; <see cref="RunAsync"/> then writes the staleness markers and returns.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Only after <see cref="RunAsync"/> has ended; <see cref="Stop"/> must not be called any more.</summary>
    public void Dispose()
    {
        _stop.Dispose();
        _socketClient?.Dispose();
    }

    /// <summary>Runs until stopped or shut down. A shutdown writes nothing: the next start goes on where this one was.</summary>
    public async Task RunAsync(CancellationToken shutdown)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(shutdown, _stop.Token);
        try
        {
            var last = await ScrapeUntilStoppedAsync(stopping.Token).ConfigureAwait(false);
            if (last is { } tick && !shutdown.IsCancellationRequested)
            {
                await EndSeriesAsync(tick, shutdown).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
        }
    }

    /// <summary>The tick of the last scrape, or null where none was made.</summary>
    private async Task<DateTimeOffset?> ScrapeUntilStoppedAsync(CancellationToken stopping)
    {
        DateTimeOffset? tick = null;
        DateTimeOffset? before = null;
        try
        {
            var next = Now() + _target.Offset(Now(), _context.Options.OffsetSeed);
            while (true)
            {
                await DelayUntilAsync(next, stopping).ConfigureAwait(false);
                var now = Now();
                // A tick that was missed while the last scrape ran is left out, as a ticker does.
                while (now - next >= _target.Interval)
                {
                    next += _target.Interval;
                }
                if (before is { } earlier)
                {
                    _context.Metrics.IntervalLength.Record(
                        (now - earlier).TotalSeconds, new KeyValuePair<string, object?>("interval", _interval));
                }
                before = now;
                var at = now - next <= Tolerance() && now >= next ? next : now;
                await ScrapeGuardedAsync(at, stopping).ConfigureAwait(false);
                tick = next;
                next += _target.Interval;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return tick;
        }
    }

    /// <summary>A scrape that throws is a bug or a failing disk: it is logged, and the next tick tries again.</summary>
    private async Task ScrapeGuardedAsync(DateTimeOffset at, CancellationToken stopping)
    {
        try
        {
            await ScrapeAsync(at, stopping).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            _context.Metrics.CommitsFailed.Add(1);
            _context.Logger.LogError(fault, "Job {Job}: the scrape of {Url} was not stored", _job.JobName, _target.ShownUrl);
        }
    }

    private async Task ScrapeAsync(DateTimeOffset at, CancellationToken stopping)
    {
        var started = _context.Time.GetTimestamp();
        var forced = _forcedError;
        using var fetch = forced is null
            ? await _fetcher.FetchAsync(stopping).ConfigureAwait(false)
            : ScrapeFetch.Failed(forced);
        stopping.ThrowIfCancellationRequested();
        Store(fetch, at, started);
    }

    private void Store(ScrapeFetch fetch, DateTimeOffset at, long started)
    {
        var atMs = at.ToUnixTimeMilliseconds();
        var batch = _context.Store.Appender();
        try
        {
            var result = default(IngestResult) with { Error = fetch.Error };
            var accepted = false;
            if (fetch.Error is null)
            {
                result = Accept(batch, fetch, atMs, out accepted);
            }
            if (result.Error is not null)
            {
                batch.Dispose();
                batch = _context.Store.Appender();
                _ingest.Reject(batch, atMs, accepted);
                _context.Logger.LogDebug("Job {Job}: scrape failed: {Error}", _job.JobName, result.Error);
                if (_job.ScrapeFailureLogFile.Length > 0)
                {
                    _context.Failures.Write(_job.ScrapeFailureLogFile, _job.JobName, _target.ShownUrl, result.Error);
                }
            }
            var duration = _context.Time.GetElapsedTime(started);
            _report.Append(batch, atMs,
            [
                result.Error is null ? 1 : 0, duration.TotalSeconds, result.Scraped, result.AfterRelabeling,
                result.SeriesAdded, _target.Timeout.TotalSeconds, _job.SampleLimit, fetch.ReportedBytes,
            ]);
            _target.Report = new ScrapeReport(
                result.Error is null ? TargetHealth.Up : TargetHealth.Down, result.Error ?? "", at, duration);
            batch.Commit();
        }
        finally
        {
            batch.Dispose();
        }
    }

    private IngestResult Accept(IMetricAppender batch, ScrapeFetch fetch, long atMs, out bool accepted)
    {
        accepted = false;
        var format = ExpositionFormat.PrometheusText;
        if (!fetch.Body.IsEmpty)
        {
            var negotiated = ContentNegotiation.FormatOf(fetch.ContentType, _job.FallbackScrapeProtocol, out var fault);
            if (negotiated is null)
            {
                return default(IngestResult) with { Error = fault };
            }
            format = negotiated.Value;
        }
        accepted = true;
        return _ingest.Accept(batch, fetch.Body.Span, format, atMs);
    }

    /// <summary>Waits until the target, had it come back, would have been scraped again, and then ends its series at the
    /// first tick that it missed. Where it did come back, these markers are older than its samples and are refused.</summary>
    private async Task EndSeriesAsync(DateTimeOffset lastTick, CancellationToken shutdown)
    {
        var missed = lastTick + _target.Interval;
        await DelayUntilAsync(missed + (_target.Interval * 1.1), shutdown).ConfigureAwait(false);
        try
        {
            using var batch = _context.Store.Appender();
            var atMs = missed.ToUnixTimeMilliseconds();
            _ingest.Reject(batch, atMs, afterAccept: false);
            _report.AppendMarkers(batch, atMs);
            batch.Commit();
        }
        catch (Exception fault)
        {
            _context.Logger.LogError(fault, "Job {Job}: the series of {Url} were not ended", _job.JobName, _target.ShownUrl);
        }
    }

    private async Task DelayUntilAsync(DateTimeOffset moment, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // A timer may fire a little early by the wall clock: a scrape must not come before its tick.
        for (var left = moment - Now(); left > TimeSpan.Zero; left = moment - Now())
        {
            // Whole milliseconds, rounded up, at least one: what timers can do.
            var wait = TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
            await Task.Delay(wait < MaxWait ? wait : MaxWait, _context.Time, cancellation).ConfigureAwait(false);
        }
    }

    private TimeSpan Tolerance()
    {
        var most = _target.Interval / 100;
        return _context.Options.TimestampTolerance < most ? _context.Options.TimestampTolerance : most;
    }

    private DateTimeOffset Now() => _context.Time.GetUtcNow();
}

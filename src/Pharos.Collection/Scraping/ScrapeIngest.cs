using Microsoft.Extensions.Logging;
using Pharos.Collection.Exposition;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Collection.Scraping;

/// <summary>Turns one target's bodies into batches of samples, with staleness markers for what has vanished.</summary>
/// <remarks>Not thread-safe: one loop owns it. Each body is closed by exactly one <see cref="Accept"/>, or by
/// <see cref="Reject"/> on a fresh batch.</remarks>
internal sealed class ScrapeIngest(
    ScrapeJobOptions job, LabelSet target, TargetMetadata metadata, CollectionMetrics metrics, ILogger logger)
{
    /// <summary>An exposed timestamp may be at most this far ahead of the scrape.</summary>
    private const long MaxAheadMs = 10 * 60 * 1000;

    private readonly ScrapeCache _cache = new();
    private readonly SampleLabels _labels = new(job, target);
    private readonly ExposedLabels _exposed = new();
    private int _outOfOrder;
    private int _duplicate;
    private int _outOfBounds;
    private int _refused;

    public int CachedSeries => _cache.Count;

    public LabelSet ReportLabels(string name) => _labels.ForReport(name);

    /// <summary>Appends a good body's samples and markers. On an error the caller drops the batch and calls
    /// <see cref="Reject"/>.</summary>
    public IngestResult Accept(IMetricAppender batch, ReadOnlySpan<byte> body, ExpositionFormat format, long nowMs)
    {
        _cache.Begin();
        var result = body.IsEmpty ? default : AppendAll(batch, body, format, nowMs);
        if (result.Error is null)
        {
            AppendMarkers(batch, nowMs, succeeded: true);
            _cache.End(succeeded: true);
            metadata.Publish();
        }
        LogDropped();
        return result;
    }

    /// <summary>Appends markers for everything that the last good body held: after an error of
    /// <see cref="Accept"/>, after a scrape without a body, or when the target is gone.</summary>
    public void Reject(IMetricAppender batch, long nowMs, bool afterAccept)
    {
        if (afterAccept)
        {
            _cache.ForgetReferences();
        }
        else
        {
            _cache.Begin();
        }
        AppendMarkers(batch, nowMs, succeeded: false);
        _cache.End(succeeded: false);
    }

    private IngestResult AppendAll(IMetricAppender batch, ReadOnlySpan<byte> body, ExpositionFormat format, long nowMs)
    {
        var parser = new ExpositionParser(body, format);
        int scraped = 0, kept = 0, added = 0;
        string? error = null;
        while (error is null)
        {
            var entry = parser.Next();
            if (entry == ExpositionEntry.Series)
            {
                scraped++;
                error = AppendOne(batch, ref parser, nowMs, ref kept, ref added);
            }
            else if (entry == ExpositionEntry.Fault)
            {
                error = parser.Fault;
            }
            else if (entry == ExpositionEntry.End)
            {
                break;
            }
            else
            {
                metadata.See(ref parser, entry);
            }
        }
        if (error is null && job.SampleLimit > 0 && kept > job.SampleLimit)
        {
            // The body was read to its end all the same: the report counts what the target really exposes.
            metrics.ExceededSampleLimit.Add(1);
            error = "sample limit exceeded";
        }
        return new IngestResult(scraped, kept, added, error);
    }

    private string? AppendOne(
        IMetricAppender batch, ref ExpositionParser parser, long nowMs, ref int kept, ref int added)
    {
        var timestamp = job.HonorTimestamps ? parser.TimestampMs : null;
        var series = _cache.Find(parser.Series, out var repeated);
        var isNew = series is null;
        if (series is null)
        {
            if (_cache.Count >= ScrapeCache.MaxSeries)
            {
                return $"more than {ScrapeCache.MaxSeries} series";
            }
            parser.ReadLabels(_exposed);
            var labels = _labels.Join(_exposed, out var fault, out var overLimit);
            if (fault is not null)
            {
                metrics.ExceededLabelLimits.Add(overLimit ? 1 : 0);
                return fault;
            }
            series = _cache.Add(parser.Series, labels);
        }
        if (series.Labels is null)
        {
            return null;
        }
        kept++;
        if (job.SampleLimit > 0 && kept > job.SampleLimit)
        {
            return null;
        }
        var result = repeated && timestamp is null
            ? AppendResult.DuplicateTimestamp
            : Append(batch, series, timestamp ?? nowMs, parser.Value, nowMs);
        if (timestamp is null || job.TrackTimestampsStaleness)
        {
            _cache.Track(series);
        }
        added += isNew && result == AppendResult.Ok ? 1 : 0;
        return Count(result) ? null : $"invalid sample {series.Labels}";
    }

    private static AppendResult Append(
        IMetricAppender batch, CachedSeries series, long timestampMs, double value, long nowMs)
    {
        if (timestampMs > nowMs + MaxAheadMs)
        {
            return AppendResult.TooOld;
        }
        var reference = series.Reference;
        var result = batch.Append(ref reference, series.Labels!, timestampMs, value);
        series.Reference = reference;
        return result;
    }

    /// <summary>False for a result that fails the whole scrape.</summary>
    private bool Count(AppendResult result)
    {
        switch (result)
        {
            case AppendResult.OutOfOrder:
                _outOfOrder++;
                break;
            case AppendResult.DuplicateTimestamp:
                _duplicate++;
                break;
            case AppendResult.TooOld:
                _outOfBounds++;
                break;
            case AppendResult.SeriesLimit:
                _refused++;
                break;
            case AppendResult.InvalidLabels:
                return false;
        }
        return true;
    }

    /// <summary>A marker that comes too late, because the series goes on elsewhere, is refused by the store: as it should be.</summary>
    private void AppendMarkers(IMetricAppender batch, long nowMs, bool succeeded)
    {
        foreach (var (reference, labels) in _cache.Ending(succeeded))
        {
            var series = reference;
            batch.Append(ref series, labels, nowMs, StaleMarker.Value);
        }
    }

    private void LogDropped()
    {
        if (_outOfOrder + _duplicate + _outOfBounds + _refused == 0)
        {
            return;
        }
        metrics.OutOfOrder.Add(_outOfOrder);
        metrics.DuplicateTimestamps.Add(_duplicate);
        metrics.OutOfBounds.Add(_outOfBounds);
        metrics.SeriesRefused.Add(_refused);
        logger.LogWarning(
            "Job {Job}, target {Target}: samples dropped: {OutOfOrder} out of order, {Duplicate} with a timestamp that is "
            + "taken, {OutOfBounds} too old or too far into the future, {Refused} of new series beyond the store's limit",
            job.JobName, target, _outOfOrder, _duplicate, _outOfBounds, _refused);
        _outOfOrder = _duplicate = _outOfBounds = _refused = 0;
    }
}

using Pharos.Collection.Exposition;
using Pharos.Collection.Exposition.Families;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Collection.Scraping.Ingest;

/// <summary>Turns one target's bodies into batches of samples, with staleness markers for what has vanished.</summary>
/// <remarks>Not thread-safe: one loop owns it. Each body is closed by exactly one <see cref="Accept"/>, or by
/// <see cref="Reject"/> on a fresh batch.</remarks>
internal sealed class ScrapeIngest
{
    private readonly ScrapeJobOptions _job;
    private readonly HistogramReading _histograms;
    private readonly NativeHistogramLimits _histogramLimits;
    private readonly TargetMetadata _metadata;
    private readonly CollectionMetrics _metrics;
    private readonly ScrapeCache _cache = new();
    private readonly SampleLabels _labels;
    private readonly SampleAppending _appending;
    private readonly ExposedLabels _exposed = new();
    private readonly ExpositionScratch _scratch = new();
    private readonly FamilyLabels? _family;
    private int _appended;
    private bool _overLimit;
    private bool _tooManyBuckets;

    public ScrapeIngest(ScrapeJobOptions job, ScrapeTarget target, TargetMetadata metadata, CollectorContext context)
    {
        _job = job;
        _metadata = metadata;
        _metrics = context.Metrics;
        _labels = new SampleLabels(job, target.Labels);
        _family = context.Options.TypeAndUnitLabels ? new FamilyLabels() : null;
        _appending = new SampleAppending(job.JobName, target.Labels, context);
        _histogramLimits = new NativeHistogramLimits(job.NativeHistogramMinBucketFactor, job.NativeHistogramBucketLimit);
        _histograms = target.Histograms with
        {
            StartTimes = context.Options.IngestZeroAtStart || context.Options.StoreStartTimes,
        };
    }

    public LabelSet ReportLabels(string name) => _labels.ForReport(name);

    /// <summary>Appends a good body's samples and markers. On an error the caller drops the batch and calls
    /// <see cref="Reject"/>.</summary>
    public IngestResult Accept(IMetricAppender batch, ReadOnlySpan<byte> body, ExpositionFormat format, long nowMs)
    {
        _cache.Begin();
        var result = body.IsEmpty ? default : AppendAll(batch, body, format, nowMs);
        if (result.Error is null)
        {
            AppendMarkers(batch, nowMs);
            _cache.End(succeeded: true, body.IsEmpty);
        }
        _metadata.Publish();
        _appending.LogDropped();
        return result;
    }

    /// <summary>Appends markers for what the last body held and this one, as far as it is good, does not: after an error of
    /// <see cref="Accept"/>, after a scrape without a body, or when the target is gone.</summary>
    public void Reject(IMetricAppender batch, long nowMs, bool afterAccept)
    {
        if (!afterAccept)
        {
            _cache.Begin();
        }
        AppendMarkers(batch, nowMs);
        if (afterAccept)
        {
            _cache.ForgetReferences();
        }
        _cache.End(succeeded: false, isEmpty: true);
    }

    private IngestResult AppendAll(IMetricAppender batch, ReadOnlySpan<byte> body, ExpositionFormat format, long nowMs)
    {
        if (format == ExpositionFormat.PrometheusProto)
        {
            var families = new MetricFamilyParser(body, _histograms, _scratch);
            return AppendAll(batch, ref families, nowMs);
        }
        var text = new ExpositionParser(body, format, _histograms.StartTimes ? _scratch : null);
        if (!_histograms.ConvertClassic)
        {
            return AppendAll(batch, ref text, nowMs);
        }
        var converting = new ClassicHistogramParser(text, _histograms.AlwaysClassic, _scratch);
        return AppendAll(batch, ref converting, nowMs);
    }

    private IngestResult AppendAll<TParser>(IMetricAppender batch, ref TParser parser, long nowMs)
        where TParser : struct, IExpositionParser, allows ref struct
    {
        int scraped = 0, kept = 0, added = 0;
        string? error = null;
        _appended = 0;
        _overLimit = _tooManyBuckets = false;
        _family?.Begin();
        while (error is null)
        {
            var entry = parser.Next();
            if (entry is ExpositionEntry.Series or ExpositionEntry.Histogram)
            {
                scraped++;
                error = AppendOne(batch, ref parser, entry, nowMs, ref kept, ref added);
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
                _metadata.See(ref parser, entry);
                _family?.See(ref parser, entry);
            }
        }
        // Past a limit the body is read to its end all the same: the report counts what the target really exposes.
        _metrics.ExceededSampleLimit.Add(_overLimit ? 1 : 0);
        _metrics.ExceededBucketLimit.Add(_tooManyBuckets ? 1 : 0);
        error ??= _overLimit ? "sample limit exceeded" : _tooManyBuckets ? NativeHistogramLimits.TooManyBuckets : null;
        return new IngestResult(scraped, kept, added, error);
    }

    private string? AppendOne<TParser>(
        IMetricAppender batch, ref TParser parser, ExpositionEntry entry, long nowMs, ref int kept, ref int added)
        where TParser : struct, IExpositionParser, allows ref struct
    {
        var series = _cache.Find(KeyOf(ref parser), out var repeated);
        if (series is null)
        {
            series = Add(ref parser, out var fault);
            if (series is null)
            {
                return fault;
            }
        }
        if (series.Labels is null)
        {
            return null;
        }
        var timestamp = _job.HonorTimestamps ? parser.TimestampMs : null;
        AppendResult? result = AppendResult.DuplicateTimestamp;
        if (!repeated || timestamp is not null)
        {
            try
            {
                result = Append(batch, series, ref parser, entry, timestamp ?? nowMs, nowMs);
            }
            catch (InvalidDataException e)
            {
                return e.Message;
            }
        }
        if (result is AppendResult.Ok or AppendResult.SameAsStored)
        {
            if (timestamp is null || _job.TrackTimestampsStaleness)
            {
                _cache.Track(series);
            }
            added += series.IsKnown || _overLimit || _tooManyBuckets ? 0 : 1;
            series.IsKnown = true;
        }
        if (result is { } told && !_appending.Count(told))
        {
            return $"invalid sample {series.Labels}";
        }
        kept++;
        return null;
    }

    /// <summary>Makes the cache's entry of a series that it does not know; null where the scrape fails.</summary>
    private CachedSeries? Add<TParser>(ref TParser parser, out string? fault)
        where TParser : struct, IExpositionParser, allows ref struct
    {
        if (_cache.Count >= ScrapeCache.MaxSeries)
        {
            fault = $"more than {ScrapeCache.MaxSeries} series";
            return null;
        }
        parser.ReadLabels(_exposed);
        _family?.AddTo(_exposed);
        var labels = _labels.Join(_exposed, out fault, out var overLimit);
        if (fault is not null)
        {
            _metrics.ExceededLabelLimits.Add(overLimit ? 1 : 0);
            return null;
        }
        return _cache.Add(KeyOf(ref parser), labels);
    }

    private ReadOnlySpan<byte> KeyOf<TParser>(ref TParser parser)
        where TParser : struct, IExpositionParser, allows ref struct =>
        _family is null ? parser.Series : _family.Key(parser.Series);

    /// <summary>Null where a limit keeps the sample away: then the scrape fails, but is counted to its end.</summary>
    private AppendResult? Append<TParser>(
        IMetricAppender batch, CachedSeries series, ref TParser parser, ExpositionEntry entry, long timestampMs, long nowMs)
        where TParser : struct, IExpositionParser, allows ref struct
    {
        NativeHistogram? histogram = null;
        if (entry == ExpositionEntry.Histogram)
        {
            histogram = _histogramLimits.Fit(parser.ReadHistogram());
            if (histogram is null)
            {
                _tooManyBuckets = true;
                return null;
            }
        }
        _overLimit |= _job.SampleLimit > 0 && ++_appended > _job.SampleLimit;
        if (_overLimit)
        {
            return null;
        }
        var isReferred = series.Reference > 0;
        var result = _appending.Append(batch, series, histogram, parser.Value, timestampMs, parser.StartTimeMs, nowMs);
        if (!isReferred && series.Reference > 0)
        {
            _cache.Refer(series);
        }
        if (result is AppendResult.Ok or AppendResult.SameAsStored && parser.ExemplarHash is var hash && hash != series.ExemplarHash)
        {
            // The same exemplars as last time are no news: nothing is decoded for them.
            series.ExemplarHash = hash;
            _appending.AppendExemplars(batch, series, ref parser, timestampMs);
        }
        return result;
    }

    /// <summary>A marker that comes too late, because the series goes on elsewhere, is refused by the store: as it should be.</summary>
    private void AppendMarkers(IMetricAppender batch, long nowMs)
    {
        foreach (var (reference, ended) in _cache.Ending())
        {
            var series = reference;
            if (ended.IsHistogram)
            {
                batch.Append(ref series, ended.Labels!, nowMs, NativeHistogram.Stale);
            }
            else
            {
                batch.Append(ref series, ended.Labels!, nowMs, StaleMarker.Value);
            }
        }
    }
}

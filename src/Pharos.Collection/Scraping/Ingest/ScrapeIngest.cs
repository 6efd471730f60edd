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
    private readonly ScrapeCache _cache;
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
        _cache = new ScrapeCache(context.Hasher);
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
            // With labels of type and unit the text alone does not tell the series.
            var isExpected = _family is null && parser.TryNext(_cache.Expected, _cache.Hasher);
            var entry = isExpected ? ExpositionEntry.Series : parser.Next();
            if (entry is ExpositionEntry.Series or ExpositionEntry.Histogram)
            {
                scraped++;
                if (isExpected && TryAppendPlain(batch, ref parser, nowMs))
                {
                    kept++;
                    continue;
                }
                error = AppendOne(batch, ref parser, entry, isExpected, nowMs, ref kept, ref added);
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

    /// <summary>The way of nearly every sample: the next number of a series of the last scrape, of which there is nothing to note.</summary>
    /// <returns>False where <see cref="AppendOne"/> has to see; nothing has happened then.</returns>
    private bool TryAppendPlain<TParser>(IMetricAppender batch, ref TParser parser, long nowMs)
        where TParser : struct, IExpositionParser, allows ref struct
    {
        if (parser.TimestampMs is not null || parser.ExemplarHash != 0 || parser.StartTimeMs != 0
            || (_job.SampleLimit > 0 && _appended >= _job.SampleLimit) || _cache.ExpectedReference is not (> 0 and var reference))
        {
            return false;
        }
        switch (batch.Append(reference, nowMs, parser.Value))
        {
            case AppendResult.UnknownSeries:
                return false;
            case AppendResult.Ok or AppendResult.SameAsStored:
                _cache.KeepExpected();
                break;
            case var refused:
                _cache.TakeExpected(out _);
                _appending.Count(refused);
                break;
        }
        _appended++;
        return true;
    }

    private string? AppendOne<TParser>(
        IMetricAppender batch, ref TParser parser, ExpositionEntry entry, bool isExpected, long nowMs, ref int kept, ref int added)
        where TParser : struct, IExpositionParser, allows ref struct
    {
        LabelSet? labels = null;
        string? fault = null;
        var number = isExpected ? _cache.TakeExpected(out var repeated) : Find(ref parser, out labels, out repeated, out fault);
        if (number < 0)
        {
            return fault;
        }
        if (_cache[number].IsDropped)
        {
            return null;
        }
        var timestamp = _job.HonorTimestamps ? parser.TimestampMs : null;
        AppendResult? result = AppendResult.DuplicateTimestamp;
        if (!repeated || timestamp is not null)
        {
            try
            {
                result = Append(batch, number, labels, ref parser, entry, timestamp ?? nowMs, nowMs);
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
                _cache.Track(number);
            }
            added += _cache[number].IsKnown || _overLimit || _tooManyBuckets ? 0 : 1;
            _cache[number].IsKnown = true;
        }
        if (result is { } told && !_appending.Count(told))
        {
            return $"invalid sample {labels ?? ReadLabels(ref parser, out _)}";
        }
        kept++;
        return null;
    }

    /// <summary>The number of the current series in the cache; -1 where the scrape fails.</summary>
    /// <param name="labels">Its labels, where they had to be read.</param>
    private int Find<TParser>(ref TParser parser, out LabelSet? labels, out bool repeated, out string? fault)
        where TParser : struct, IExpositionParser, allows ref struct
    {
        (labels, fault) = (null, null);
        var hash = _cache.Hasher.HashOf(KeyOf(ref parser));
        var number = _cache.Find(hash, out repeated);
        if (number >= 0)
        {
            return number;
        }
        if (_cache.Count >= ScrapeCache.MaxSeries)
        {
            fault = $"more than {ScrapeCache.MaxSeries} series";
            return -1;
        }
        labels = ReadLabels(ref parser, out fault);
        return fault is null ? _cache.Add(hash, isDropped: labels is null) : -1;
    }

    /// <returns>Null where relabeling drops the series, or where <paramref name="fault"/> says why the scrape fails.</returns>
    private LabelSet? ReadLabels<TParser>(ref TParser parser, out string? fault)
        where TParser : struct, IExpositionParser, allows ref struct
    {
        parser.ReadLabels(_exposed);
        _family?.AddTo(_exposed);
        var labels = _labels.Join(_exposed, out fault, out var overLimit);
        if (fault is not null)
        {
            _metrics.ExceededLabelLimits.Add(overLimit ? 1 : 0);
        }
        return labels;
    }

    private ReadOnlySpan<byte> KeyOf<TParser>(ref TParser parser)
        where TParser : struct, IExpositionParser, allows ref struct =>
        _family is null ? parser.Series : _family.Key(parser.Series);

    /// <summary>Null where a limit keeps the sample away: then the scrape fails, but is counted to its end.</summary>
    private AppendResult? Append<TParser>(IMetricAppender batch, int number, LabelSet? labels, ref TParser parser, ExpositionEntry entry,
        long timestampMs, long nowMs)
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
        if (SampleAppending.IsAhead(timestampMs, nowMs))
        {
            return AppendResult.OutOfBounds;
        }
        _cache[number].IsHistogram = histogram is not null;
        var startTimeMs = parser.StartTimeMs;
        var reference = _cache[number].Reference;
        var result = histogram is null && reference > 0 && !_appending.WantsZero(timestampMs, startTimeMs)
            ? batch.Append(reference, timestampMs, parser.Value, startTimeMs) : AppendResult.UnknownSeries;
        if (result == AppendResult.UnknownSeries)
        {
            labels ??= ReadLabels(ref parser, out _);
            result = AppendWhole(batch, number, labels!, histogram, parser.Value, timestampMs, startTimeMs);
        }
        if (result is AppendResult.Ok or AppendResult.SameAsStored)
        {
            AppendNewExemplars(batch, number, ref parser, timestampMs);
        }
        return result;
    }

    /// <summary>Appends a sample to a series that the store may not know yet, or no longer.</summary>
    private AppendResult AppendWhole(IMetricAppender batch, int number, LabelSet labels, NativeHistogram? histogram, double value,
        long timestampMs, long startTimeMs)
    {
        var known = _cache[number].Reference;
        var reference = known;
        if (_appending.WantsZero(timestampMs, startTimeMs) && _cache.ParticularsOf(number)?.ZeroAtMs != startTimeMs)
        {
            SampleAppending.AppendZero(batch, ref reference, labels, histogram, startTimeMs);
            _cache.KeepParticulars(number).ZeroAtMs = startTimeMs;
        }
        var result = histogram is null
            ? batch.Append(ref reference, labels, timestampMs, value, startTimeMs)
            : batch.Append(ref reference, labels, timestampMs, histogram, startTimeMs);
        if (known == 0 && reference > 0)
        {
            _cache.Refer(number, reference);
        }
        _cache[number].Reference = reference;
        return result;
    }

    /// <summary>The same exemplars as last time are no news: nothing is decoded for them.</summary>
    private void AppendNewExemplars<TParser>(IMetricAppender batch, int number, ref TParser parser, long timestampMs)
        where TParser : struct, IExpositionParser, allows ref struct
    {
        var hash = parser.ExemplarHash;
        if (hash != (_cache.ParticularsOf(number)?.ExemplarHash ?? 0))
        {
            _cache.KeepParticulars(number).ExemplarHash = hash;
            _appending.AppendExemplars(batch, _cache[number], ref parser, timestampMs);
        }
    }

    /// <summary>A marker that comes too late, because the series goes on elsewhere, is refused by the store: as it should be. So is
    /// one of a series that the store has forgotten, whose last sample then is hours old.</summary>
    private void AppendMarkers(IMetricAppender batch, long nowMs)
    {
        foreach (var (reference, number) in _cache.Ending())
        {
            if (_cache[number].IsHistogram)
            {
                var series = reference;
                batch.Append(ref series, LabelSet.Empty, nowMs, NativeHistogram.Stale);
            }
            else
            {
                batch.Append(reference, nowMs, StaleMarker.Value);
            }
        }
    }
}

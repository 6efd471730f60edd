using Microsoft.Extensions.Logging;
using Pharos.Collection.Exposition;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Collection.Scraping.Ingest;

/// <summary>Puts one target's samples and exemplars into batches and counts what the store refuses.</summary>
/// <remarks>Not thread-safe: one loop owns it.</remarks>
internal sealed class SampleAppending(string jobName, LabelSet target, CollectorContext context)
{
    /// <summary>An exposed timestamp may be at most this far ahead of the scrape.</summary>
    private const long MaxAheadMs = 10 * 60 * 1000;

    /// <summary>The exemplars of one sample; more are passed over.</summary>
    private const int MaxExemplars = 1000;

    private readonly List<Exemplar> _exemplars = [];
    private readonly ExposedExemplar _exposed = new();
    private readonly LabelSetBuilder _labels = new();
    private int _outOfOrder;
    private int _duplicate;
    private int _outOfBounds;
    private int _refused;
    private int _exemplarsOutOfOrder;

    /// <summary>Whether a sample's time is too far ahead of the scrape's.</summary>
    public static bool IsAhead(long timestampMs, long nowMs) => timestampMs > nowMs + MaxAheadMs;

    /// <summary>Whether a zero is to be stored at the time at which the counter began.</summary>
    public bool WantsZero(long timestampMs, long startTimeMs) =>
        context.Options.IngestZeroAtStart && startTimeMs > 0 && startTimeMs < timestampMs;

    /// <summary>A counter that is known to begin at a time was zero then. Where the series has later samples the store refuses.</summary>
    public static void AppendZero(
        IMetricAppender batch, ref ulong reference, LabelSet labels, NativeHistogram? histogram, long startTimeMs)
    {
        if (histogram is null)
        {
            batch.Append(ref reference, labels, startTimeMs, 0);
        }
        else
        {
            batch.Append(ref reference, labels, startTimeMs, Empty(histogram));
        }
    }

    /// <summary>Appends the current sample's exemplars, oldest first.</summary>
    /// <exception cref="InvalidDataException">One of them is malformed.</exception>
    public void AppendExemplars<TParser>(IMetricAppender batch, in CachedSeries series, ref TParser parser, long timestampMs)
        where TParser : struct, IExpositionParser, allows ref struct
    {
        _exemplars.Clear();
        while (_exemplars.Count < MaxExemplars && parser.NextExemplar(_exposed))
        {
            // A native histogram's exemplar without a time of its own cannot be told from one that comes again.
            if (_exposed.TimestampMs is not null || !series.IsHistogram)
            {
                _exemplars.Add(new Exemplar(Labels(_exposed.Labels), _exposed.Value, _exposed.TimestampMs ?? timestampMs));
            }
        }
        _exemplars.Sort(static (a, b) => a.TimestampMs.CompareTo(b.TimestampMs));
        var outOfOrder = 0;
        foreach (var exemplar in _exemplars)
        {
            outOfOrder += batch.AppendExemplar(series.Reference, exemplar) == AppendResult.OutOfOrder ? 1 : 0;
        }
        // Where only some are old, this is the next part of a set that is known already.
        _exemplarsOutOfOrder += outOfOrder == _exemplars.Count ? outOfOrder : 0;
    }

    /// <summary>Notes a result; false for one that fails the whole scrape.</summary>
    public bool Count(AppendResult result)
    {
        switch (result)
        {
            case AppendResult.OutOfOrder:
                _outOfOrder++;
                break;
            case AppendResult.DuplicateTimestamp:
                _duplicate++;
                break;
            case AppendResult.OutOfBounds or AppendResult.TooOld:
                _outOfBounds++;
                break;
            case AppendResult.SeriesLimit or AppendResult.Overloaded:
                _refused++;
                break;
            case AppendResult.InvalidLabels:
                return false;
        }
        return true;
    }

    /// <summary>Reports what this scrape's samples met, once.</summary>
    public void LogDropped()
    {
        var metrics = context.Metrics;
        metrics.OutOfOrderExemplars.Add(_exemplarsOutOfOrder);
        _exemplarsOutOfOrder = 0;
        if (_outOfOrder + _duplicate + _outOfBounds + _refused == 0)
        {
            return;
        }
        metrics.OutOfOrder.Add(_outOfOrder);
        metrics.DuplicateTimestamps.Add(_duplicate);
        metrics.OutOfBounds.Add(_outOfBounds);
        metrics.SeriesRefused.Add(_refused);
        context.Logger.LogWarning(
            "Job {Job}, target {Target}: samples dropped: {OutOfOrder} out of order, {Duplicate} with a timestamp that is "
            + "taken, {OutOfBounds} too old or too far into the future, {Refused} of new series beyond the store's limit",
            jobName, target, _outOfOrder, _duplicate, _outOfBounds, _refused);
        _outOfOrder = _duplicate = _outOfBounds = _refused = 0;
    }

    private static NativeHistogram Empty(NativeHistogram like) => new()
    {
        Schema = like.Schema,
        ZeroThreshold = like.ZeroThreshold,
        CustomBounds = like.CustomBounds,
        ResetHint = CounterResetHint.CounterReset,
        HasIntegerCounts = like.HasIntegerCounts,
    };

    private LabelSet Labels(ExposedLabels exposed)
    {
        _labels.Reset();
        foreach (var label in exposed.Labels)
        {
            _labels.Set(label.Name, label.Value);
        }
        return _labels.Build();
    }
}

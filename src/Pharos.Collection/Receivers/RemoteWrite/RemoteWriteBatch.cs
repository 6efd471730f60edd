using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>Appends the series of one request and keeps account of what was stored and what was not.</summary>
internal sealed class RemoteWriteBatch(IMetricAppender appender, RemoteWriteMessage message, long nowMs)
{
    /// <summary>A timestamp may be at most this far ahead of this server's clock, as in Prometheus.</summary>
    private const long MaxAheadMs = 10 * 60 * 1000;

    /// <summary>Reasons that the sender is told; a bad request may have one for every sample.</summary>
    private const int MaxReasons = 20;

    private readonly List<string> _reasons = [];

    /// <summary>A sender of protocol 1.0 puts the exemplars of a series into an entry of their own.</summary>
    private readonly Dictionary<LabelSet, ulong> _references = [];

    public int Samples { get; private set; }

    public int Histograms { get; private set; }

    public int Exemplars { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Samples of series whose labels are none.</summary>
    public int InvalidLabels { get; private set; }

    public string Reason => string.Join('\n', _reasons);

    /// <summary>False where the series' labels are none: then nothing of it is stored.</summary>
    public bool Append(RemoteSeries series)
    {
        var labels = series.Labels;
        if (LabelsFault(series, labels) is { } fault)
        {
            InvalidLabels += series.Samples.Count + series.Histograms.Count;
            Refused += series.Samples.Count + series.Histograms.Count;
            if (message == RemoteWriteMessage.V2)
            {
                Tell(fault);
            }
            return false;
        }
        var reference = _references.GetValueOrDefault(labels);
        AppendSamples(series, labels, ref reference);
        AppendHistograms(series, labels, ref reference);
        if (reference != 0)
        {
            _references[labels] = reference;
            AppendExemplars(series, labels, reference);
        }
        return true;
    }

    private string? LabelsFault(RemoteSeries series, LabelSet labels)
    {
        if (series.SymbolFault is { } fault)
        {
            return $"parsing labels for series: {fault}";
        }
        if (series.IsInvalid || labels.MetricName.Length == 0)
        {
            return $"invalid metric name or labels, got {labels}";
        }
        if (series.Duplicate is { } duplicate)
        {
            return $"invalid labels for series, labels {labels}, duplicated label {duplicate}";
        }
        if (message == RemoteWriteMessage.V1)
        {
            return null;
        }
        return (series.Samples.Count, series.Histograms.Count) switch
        {
            (0, 0) => $"TimeSeries must contain at least one sample or histogram for series {labels}",
            ( > 0, > 0) => $"TimeSeries must contain either samples or histograms for series {labels} not both",
            _ => null,
        };
    }

    private void AppendSamples(RemoteSeries series, LabelSet labels, ref ulong reference)
    {
        foreach (var (timestampMs, value, own) in series.Samples)
        {
            var startTimeMs = own != 0 ? own : series.StartTimeMs;
            var result = IsAhead(timestampMs)
                ? AppendResult.TooOld : appender.Append(ref reference, labels, timestampMs, value, startTimeMs);
            Samples += Note(result, labels, timestampMs) ? 1 : 0;
        }
    }

    private void AppendHistograms(RemoteSeries series, LabelSet labels, ref ulong reference)
    {
        foreach (var (timestampMs, histogram, problem, own) in series.Histograms)
        {
            if (histogram is null)
            {
                Refused++;
                Tell($"{problem} for series {labels}");
                continue;
            }
            var startTimeMs = own != 0 ? own : series.StartTimeMs;
            var result = IsAhead(timestampMs)
                ? AppendResult.TooOld : appender.Append(ref reference, labels, timestampMs, histogram, startTimeMs);
            Histograms += Note(result, labels, timestampMs) ? 1 : 0;
        }
    }

    /// <summary>In 1.0 an exemplar that is refused is passed over in silence.</summary>
    private void AppendExemplars(RemoteSeries series, LabelSet labels, ulong reference)
    {
        foreach (var exemplar in series.Exemplars)
        {
            var result = IsAhead(exemplar.TimestampMs) ? AppendResult.TooOld : appender.AppendExemplar(reference, exemplar);
            Exemplars += result is AppendResult.Ok or AppendResult.SameAsStored ? 1 : 0;
            if (result == AppendResult.OutOfOrder && message == RemoteWriteMessage.V2)
            {
                Tell($"out of order exemplar for series {labels}");
            }
        }
    }

    private bool IsAhead(long timestampMs) => timestampMs > nowMs + MaxAheadMs;

    private bool Note(AppendResult result, LabelSet labels, long timestampMs)
    {
        if (result is AppendResult.Ok or AppendResult.SameAsStored)
        {
            return true;
        }
        Refused++;
        Tell($"{Describe(result, timestampMs)} for series {labels}, timestamp {timestampMs}");
        return false;
    }

    private string Describe(AppendResult result, long timestampMs) => result switch
    {
        AppendResult.DuplicateTimestamp => "duplicate sample for timestamp",
        AppendResult.OutOfOrder => "out of order sample",
        AppendResult.TooOld => IsAhead(timestampMs) ? "out of bounds: timestamp is too far in the future" : "out of bounds",
        AppendResult.SeriesLimit => "series limit reached",
        _ => "invalid labels",
    };

    private void Tell(string reason)
    {
        if (_reasons.Count < MaxReasons)
        {
            _reasons.Add(reason);
        }
        else if (_reasons.Count == MaxReasons)
        {
            _reasons.Add("and more");
        }
    }
}

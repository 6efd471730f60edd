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

    public int Samples { get; private set; }

    public int Histograms { get; private set; }

    public int Exemplars { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Whether a sample was refused that may be taken when the sender comes again.</summary>
    public bool IsOverloaded { get; private set; }

    /// <summary>Samples of series whose labels are none.</summary>
    public int InvalidLabels { get; private set; }

    public string Reason => string.Join('\n', _reasons);

    /// <summary>Whether a sample is too far ahead of this server's clock.</summary>
    public bool IsAhead(long timestampMs) => timestampMs > nowMs + MaxAheadMs;

    /// <summary>Appends the samples of series that are known.</summary>
    /// <returns>False where some are left to be looked at one by one.</returns>
    public bool AppendKnown(SampleBlock block)
    {
        block.Append(appender);
        var stored = 0;
        for (var i = 0; i < block.Count; i++)
        {
            stored += IsStored(block.ResultAt(i)) ? 1 : 0;
        }
        Samples += stored;
        return stored == block.Count;
    }

    public static bool IsStored(AppendResult result) => result is AppendResult.Ok or AppendResult.SameAsStored;

    /// <summary>Takes down why a sample of a known series was not stored.</summary>
    public void NoteRefused(SampleBlock block, int index, RemoteSeries series) =>
        Note(block.ResultAt(index), series, block.TimestampAt(index));

    /// <returns>False where nothing of the series may be stored.</returns>
    public bool Append(RemoteSeries series) => Append(series, out _);

    /// <param name="reference">Of the series in the store; 0 where it got no sample.</param>
    /// <returns>False where nothing of the series may be stored.</returns>
    public bool Append(RemoteSeries series, out ulong reference)
    {
        reference = 0;
        if (series.LabelsFault() is { } fault)
        {
            InvalidLabels += series.Samples.Count + series.Histograms.Count;
            return Refuse(series, fault);
        }
        if (message == RemoteWriteMessage.V2 && FaultV2(series) is { } other)
        {
            return Refuse(series, other);
        }
        var labels = series.Labels;
        AppendSamples(series, labels, ref reference);
        AppendHistograms(series, labels, ref reference);
        AppendExemplars(series, labels, reference);
        return true;
    }

    private static string? FaultV2(RemoteSeries series) => series.MetadataFault ?? (series.Samples.Count + series.Histograms.Count == 0
        ? $"TimeSeries must contain at least one sample or histogram for series {series.Text}" : null);

    /// <summary>In 1.0 a series whose labels are none is passed over in silence.</summary>
    private bool Refuse(RemoteSeries series, string fault)
    {
        Refused += series.Samples.Count + series.Histograms.Count;
        if (message == RemoteWriteMessage.V2)
        {
            Tell(fault);
        }
        return false;
    }

    private void AppendSamples(RemoteSeries series, LabelSet labels, ref ulong reference)
    {
        foreach (var (timestampMs, value, own) in series.Samples)
        {
            var startTimeMs = own != 0 ? own : series.StartTimeMs;
            var result = IsAhead(timestampMs)
                ? AppendResult.OutOfBounds : appender.Append(ref reference, labels, timestampMs, value, startTimeMs);
            Samples += Note(result, series, timestampMs) ? 1 : 0;
        }
    }

    private void AppendHistograms(RemoteSeries series, LabelSet labels, ref ulong reference)
    {
        foreach (var (timestampMs, histogram, problem, own) in series.Histograms)
        {
            if (histogram is null)
            {
                Refused++;
                Tell($"{problem} for series {series.Text}");
                continue;
            }
            var startTimeMs = own != 0 ? own : series.StartTimeMs;
            var result = IsAhead(timestampMs)
                ? AppendResult.OutOfBounds : appender.Append(ref reference, labels, timestampMs, histogram, startTimeMs);
            Histograms += Note(result, series, timestampMs) ? 1 : 0;
        }
    }

    /// <summary>In 1.0 an exemplar that is refused is passed over in silence. A sender of 1.0 puts the exemplars of a series into
    /// an entry of their own, perhaps in another request than the samples: the store finds the series by its labels.</summary>
    private void AppendExemplars(RemoteSeries series, LabelSet labels, ulong reference)
    {
        foreach (var exemplar in series.Exemplars)
        {
            var result = IsAhead(exemplar.TimestampMs)
                ? AppendResult.OutOfBounds : appender.AppendExemplar(reference, exemplar, labels);
            Exemplars += IsStored(result) ? 1 : 0;
            if (result == AppendResult.OutOfOrder && message == RemoteWriteMessage.V2)
            {
                Tell($"out of order exemplar for series {series.Text}");
            }
        }
        foreach (var fault in series.ExemplarFaults)
        {
            Tell($"parsing exemplar for series {series.Text}: {fault}");
        }
    }

    private bool Note(AppendResult result, RemoteSeries series, long timestampMs)
    {
        if (IsStored(result))
        {
            return true;
        }
        Refused++;
        IsOverloaded |= result == AppendResult.Overloaded;
        Tell($"{Describe(result, timestampMs)} for series {series.Text}");
        return false;
    }

    private string Describe(AppendResult result, long timestampMs) => result switch
    {
        AppendResult.DuplicateTimestamp => "duplicate sample for timestamp",
        AppendResult.OutOfOrder => "out of order sample",
        AppendResult.OutOfBounds => IsAhead(timestampMs) ? "out of bounds: timestamp is too far in the future" : "out of bounds",
        AppendResult.TooOld => "too old sample",
        AppendResult.SeriesLimit => "series limit reached",
        AppendResult.Overloaded => "new series refused, the server is overloaded",
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

using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.Otlp.Translation;

/// <summary>Appends the samples of one request.</summary>
internal sealed class SeriesWriter(IMetricAppender appender, RejectedPoints rejected)
{
    public int Samples { get; private set; }

    public int Histograms { get; private set; }

    public int Exemplars { get; private set; }

    /// <returns>A reference to the series, for exemplars; 0 where the sample was refused.</returns>
    public ulong Add(LabelSet labels, long timestampMs, double value, long startMs)
    {
        var reference = 0UL;
        var result = appender.Append(ref reference, labels, timestampMs, value, startMs);
        if (!IsStored(result, labels, timestampMs))
        {
            return 0;
        }
        Samples++;
        return reference;
    }

    /// <inheritdoc cref="Add(LabelSet, long, double, long)"/>
    public ulong Add(LabelSet labels, long timestampMs, NativeHistogram histogram, long startMs)
    {
        if (!histogram.IsStale && histogram.Problem() is { } problem)
        {
            rejected.Add(1, $"{problem}: series {labels}, timestamp {timestampMs}", byStore: true);
            return 0;
        }
        var reference = 0UL;
        var result = appender.Append(ref reference, labels, timestampMs, histogram, startMs);
        if (!IsStored(result, labels, timestampMs))
        {
            return 0;
        }
        Histograms++;
        return reference;
    }

    /// <summary>An exemplar that is refused is no loss that a sender is told of.</summary>
    public void Add(ulong reference, Exemplar exemplar)
    {
        if (reference != 0 && appender.AppendExemplar(reference, exemplar) is AppendResult.Ok)
        {
            Exemplars++;
        }
    }

    private bool IsStored(AppendResult result, LabelSet labels, long timestampMs)
    {
        var reason = result switch
        {
            AppendResult.Ok or AppendResult.SameAsStored => null,
            AppendResult.DuplicateTimestamp => "duplicate sample for timestamp",
            AppendResult.OutOfOrder => "out of order sample",
            AppendResult.OutOfBounds => "out of bounds",
            AppendResult.TooOld => "too old sample",
            AppendResult.SeriesLimit => "series limit reached",
            AppendResult.Overloaded => "new series refused, the server is overloaded",
            _ => "invalid labels",
        };
        if (reason is not null)
        {
            rejected.Add(1, $"{reason}: series {labels}, timestamp {timestampMs}", byStore: true);
        }
        return reason is null;
    }
}

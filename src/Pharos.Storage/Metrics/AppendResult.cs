namespace Pharos.Storage.Metrics;

/// <summary>What became of one sample. All but <see cref="Ok"/> left the store as it was.</summary>
public enum AppendResult
{
    Ok,

    /// <summary>The same series, timestamp and value are there already; not an error.</summary>
    SameAsStored,

    /// <summary>The same series and timestamp are there with another value.</summary>
    DuplicateTimestamp,

    /// <summary>Older than the newest sample of its series.</summary>
    OutOfOrder,

    /// <summary>Older than the store accepts at all, where it takes no samples out of order.</summary>
    OutOfBounds,

    /// <summary>Older than the window for samples out of order.</summary>
    TooOld,

    /// <summary>A new series beyond the store's limit.</summary>
    SeriesLimit,

    /// <summary>A new series while the store refuses them for a time; the sender may come again.</summary>
    Overloaded,

    /// <summary>Label set without a metric's name, or otherwise not valid.</summary>
    InvalidLabels,

    /// <summary>A histogram whose spans and buckets do not agree.</summary>
    InvalidHistogram,

    /// <summary>An exemplar whose label names and values have more than 128 characters together.</summary>
    ExemplarLabelsTooLong,

    /// <summary>An exemplar for a series that the store does not know.</summary>
    UnknownSeries,
}

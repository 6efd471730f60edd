using Pharos.Query.Results;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Counts the samples that a query holds at once, and the bytes of its columns, and ends it at either limit.</summary>
/// <remarks>Shards may call <see cref="Ensure"/>; everything else belongs to the thread that runs the query.</remarks>
/// <param name="shedding">What makes the query too expensive at this moment; null where nothing ever does.</param>
/// <param name="growing">Told at about every <see cref="Growth"/> samples more.</param>
internal sealed class SampleBudget(long maxSamples, long maxBytes, Func<QueryShedding?>? shedding = null, Action? growing = null)
{
    /// <summary>So many samples take about ten megabytes: less than a query may make unnoticed.</summary>
    public const long Growth = 1_000_000;

    /// <summary>A series' labels are the store's; this is its row and the heads of its arrays.</summary>
    private const int BytesPerSeries = 128;

    private long _toldAt;

    public long Held { get; private set; }

    public long Peak { get; private set; }

    /// <summary>Counts samples that stay.</summary>
    /// <exception cref="QueryException">Too many samples.</exception>
    public void Hold(long samples)
    {
        Held += samples;
        Touch(0);
    }

    /// <summary>Counts samples that are needed only for a moment.</summary>
    /// <exception cref="QueryException">Too many samples.</exception>
    public void Touch(long samples)
    {
        Peak = Math.Max(Peak, Held + samples);
        Ensure(samples);
    }

    /// <summary>Ends the query if <paramref name="samples"/> more would be too many.</summary>
    /// <exception cref="QueryException">Too many samples.</exception>
    public void Ensure(long samples)
    {
        // Shards may both tell of the same growth: that costs a measurement and nothing else.
        if (Held + samples - Volatile.Read(ref _toldAt) >= Growth)
        {
            Volatile.Write(ref _toldAt, Held + samples);
            growing?.Invoke();
        }
        if (Held + samples > maxSamples)
        {
            throw new QueryException(QueryErrorKind.Execution,
                "query processing would load too many samples into memory in query execution");
        }
        if (shedding?.Invoke() is { } pressure && Held + samples > pressure.MaxSamples)
        {
            throw new QueryException(QueryErrorKind.Overload, $"query refused, it would hold more than {pressure.MaxSamples} samples "
                + $"while the server is {pressure.Reason}");
        }
    }

    /// <summary>Ends the query before it makes columns that would be too large.</summary>
    /// <exception cref="QueryException">Too many bytes.</exception>
    public void EnsureColumns(long series, int steps)
    {
        if (series * (BytesPerSeries + ((sizeof(double) + sizeof(bool)) * (long)steps)) > maxBytes)
        {
            throw new QueryException(QueryErrorKind.Execution,
                $"query processing would hold more than {maxBytes} bytes in memory in query execution");
        }
    }

    /// <summary>Goes back to what was held before a part of the query ran.</summary>
    public void ReleaseTo(long held)
    {
        Held = held;
        _toldAt = Math.Min(_toldAt, held);
    }
}

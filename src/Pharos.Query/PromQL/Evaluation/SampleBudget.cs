using Pharos.Query.Results;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Counts the samples that a query holds, and ends it at the limit.</summary>
internal sealed class SampleBudget(long limit)
{
    public long Held { get; private set; }

    public long Peak { get; private set; }

    /// <summary>Samples read from the store so far.</summary>
    public long Total { get; private set; }

    public void Read(long samples) => Total += samples;

    /// <exception cref="QueryException">Too many samples.</exception>
    public void Hold(long samples)
    {
        Held += samples;
        Peak = Math.Max(Peak, Held);
        if (Held > limit)
        {
            throw new QueryException(QueryErrorKind.Execution,
                "query processing would load too many samples into memory in query execution");
        }
    }

    /// <summary>Goes back to what was held before a part of the query ran.</summary>
    public void ReleaseTo(long held) => Held = held;
}

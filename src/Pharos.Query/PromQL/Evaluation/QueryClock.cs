using Pharos.Query.Results;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Measures the parts of one query's time.</summary>
internal sealed class QueryClock(TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private long _prepared;
    private long _evaluated;
    private long _sorted;

    public void Prepared() => _prepared = _evaluated = _sorted = time.GetTimestamp();

    public void Evaluated() => _evaluated = _sorted = time.GetTimestamp();

    public void Sorted() => _sorted = time.GetTimestamp();

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    public QueryTimings Timings => _prepared == 0 ? new QueryTimings() : new QueryTimings
    {
        Preparation = time.GetElapsedTime(_started, _prepared),
        InnerEvaluation = time.GetElapsedTime(_prepared, _evaluated),
        ResultSort = time.GetElapsedTime(_evaluated, _sorted),
    };
}

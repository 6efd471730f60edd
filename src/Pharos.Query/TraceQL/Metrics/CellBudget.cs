namespace Pharos.Query.TraceQL.Metrics;

/// <summary>Bounds the numbers that one query holds.</summary>
internal sealed class CellBudget(int max)
{
    private long _used;

    /// <exception cref="TraceQueryException">It is used up.</exception>
    public void Take(long cells)
    {
        _used += cells;
        if (_used > max)
        {
            throw new TraceQueryException(
                TraceQueryErrorKind.Limit, "the query leads to too many series: group by fewer attributes, or ask for a larger step or a shorter range");
        }
    }
}

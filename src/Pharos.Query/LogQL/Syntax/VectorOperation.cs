namespace Pharos.Query.LogQL.Syntax;

/// <summary>What is made of the elements of a vector.</summary>
public enum VectorOperation
{
    Sum,
    Avg,
    Count,
    Max,
    Min,
    Stddev,
    Stdvar,
    Topk,
    Bottomk,
    ApproxTopk,
    Sort,
    SortDesc,
}

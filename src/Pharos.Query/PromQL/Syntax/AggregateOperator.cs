namespace Pharos.Query.PromQL.Syntax;

public enum AggregateOperator
{
    Sum,
    Avg,
    Count,
    Min,
    Max,
    Group,
    Stddev,
    Stdvar,
    Topk,
    Bottomk,
    CountValues,
    Quantile,
    Limitk,
    LimitRatio,
}

public static class AggregateOperators
{
    public static bool HasParameter(this AggregateOperator op) => op >= AggregateOperator.Topk;

    public static bool IsExperimental(this AggregateOperator op) =>
        op is AggregateOperator.Limitk or AggregateOperator.LimitRatio;

    public static string Symbol(this AggregateOperator op) => op switch
    {
        AggregateOperator.CountValues => "count_values",
        AggregateOperator.LimitRatio => "limit_ratio",
        _ => op.ToString().ToLowerInvariant(),
    };
}

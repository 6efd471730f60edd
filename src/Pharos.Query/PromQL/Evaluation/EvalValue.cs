namespace Pharos.Query.PromQL.Evaluation;

/// <summary>What a node evaluated to over a whole grid.</summary>
internal abstract record EvalValue
{
    public sealed record Scalar(double[] Values) : EvalValue;

    public sealed record Text(string Value) : EvalValue;

    public sealed record Vector(List<SeriesColumn> Series) : EvalValue;
}

namespace Pharos.Query.TraceQL.Vocabulary;

/// <summary>What makes one value of a set of spans.</summary>
public enum AggregateOperation
{
    Count,
    Min,
    Max,
    Sum,
    Avg,
}

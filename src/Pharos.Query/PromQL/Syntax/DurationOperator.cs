namespace Pharos.Query.PromQL.Syntax;

public enum DurationOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    MinOf,
    MaxOf,
    Step,
    Range,
}

using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.Results;

/// <summary>What a query answered.</summary>
public abstract record QueryValue
{
    public abstract ExprType Type { get; }
}

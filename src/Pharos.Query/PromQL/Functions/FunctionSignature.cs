using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.PromQL.Functions;

/// <summary>How a function may be called.</summary>
/// <param name="Variadic">0: exactly <paramref name="ArgumentTypes"/>; n &gt; 0: the last type may stand 0 to n times;
/// negative: the last type may stand any number of times.</param>
public sealed record FunctionSignature(
    string Name, IReadOnlyList<ExprType> ArgumentTypes, int Variadic, ExprType ReturnType, bool Experimental);

using Pharos.Query.PromQL.Evaluation;

namespace Pharos.Query.PromQL.Functions;

/// <summary>A row of the function table.</summary>
internal sealed record FunctionEntry(FunctionSignature Signature, Func<CallContext, EvalValue> Body);

namespace Pharos.Query.PromQL.Functions;

/// <summary>A row of the function table.</summary>
internal sealed record FunctionEntry(FunctionSignature Signature);

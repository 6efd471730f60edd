namespace Pharos.Query.PromQL.Functions;

/// <summary>The functions that a query may call.</summary>
public static class PromFunctions
{
    public static IEnumerable<FunctionSignature> All => FunctionTable.All.Select(static entry => entry.Signature);
}

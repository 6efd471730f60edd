using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Ranges;

namespace Pharos.Query.PromQL.Functions;

/// <summary>A row of the function table.</summary>
internal sealed record FunctionEntry(FunctionSignature Signature, Func<CallContext, EvalValue> Body)
{
    /// <summary>A function that does nothing but run over the windows of a range vector.</summary>
    public FunctionEntry(FunctionSignature signature, Func<CallContext, RangeCall> range)
        : this(signature, call => new EvalValue.Vector(call.OverRange(range(call)))) => Range = range;

    /// <summary>What such a function does; null for all others.</summary>
    public Func<CallContext, RangeCall>? Range { get; }
}

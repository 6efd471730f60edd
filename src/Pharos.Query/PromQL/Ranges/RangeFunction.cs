using Pharos.Query.PromQL.Evaluation;

namespace Pharos.Query.PromQL.Ranges;

/// <summary>Makes one value of a window; false for none.</summary>
/// <param name="parameters">The call's scalar arguments at this step, in order.</param>
internal delegate bool RangeFunction(in RangeWindow window, ReadOnlySpan<double> parameters, out Element value);

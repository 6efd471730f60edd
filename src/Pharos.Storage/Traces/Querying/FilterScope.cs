using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Traces.Querying;

/// <summary>Which conditions look at the whole trace, so that a piece of it cannot decide them.</summary>
internal static class FilterScope
{
    public static bool IsOfTrace(SpanField field) => field is SpanField.TraceDuration or SpanField.RootService or SpanField.RootName;

    public static bool AsksTrace(TraceFilter filter)
    {
        foreach (var condition in filter.Conditions)
        {
            if (IsOfTrace(condition.Field))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Satisfied by every span that may satisfy the filter once the trace is known.</summary>
    public static TraceFilter OfSpansAlone(TraceFilter filter) => !AsksTrace(filter) ? filter
        : filter.NeedsAll ? filter with { Conditions = [.. filter.Conditions.Where(static condition => !IsOfTrace(condition.Field))] }
        : filter with { Conditions = [] };
}

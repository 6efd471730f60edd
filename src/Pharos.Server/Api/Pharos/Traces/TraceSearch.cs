using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Pharos.Traces;

/// <summary>Finds traces and puts them in order.</summary>
internal static class TraceSearch
{
    /// <summary>So many of the newest that fit are put in another order than the store's; bounds what one question holds in memory.</summary>
    public const int MaxSorted = 20_000;

    public static TracePage Find(ITraceStore store, TraceQuestion question, CancellationToken cancellation)
    {
        var found = store.Summaries(question.Filter, cancellation);
        return question.Order is TraceOrder.Newest ? Page(found, question, isWhole: true) : Sorted(found, question);
    }

    private static TracePage Sorted(IEnumerable<TraceSummary> found, TraceQuestion question)
    {
        var all = found.Take(MaxSorted + 1).ToList();
        var isWhole = all.Count <= MaxSorted;
        var sorted = all.Take(MaxSorted).OrderByDescending(trace => Rank(trace, question.Order)).ThenBy(static trace => trace.Id);
        return Page(sorted, question, isWhole);
    }

    private static TracePage Page(IEnumerable<TraceSummary> ordered, TraceQuestion question, bool isWhole)
    {
        var taken = new List<TraceSummary>();
        foreach (var trace in ordered)
        {
            if (!IsBehind(trace, question))
            {
                continue;
            }
            if (taken.Count == question.Limit)
            {
                var last = taken[^1];
                return new TracePage(taken, new TraceCursor(Rank(last, question.Order), last.Id), isWhole);
            }
            taken.Add(trace);
        }
        return new TracePage(taken, null, isWhole);
    }

    private static bool IsBehind(TraceSummary trace, TraceQuestion question)
    {
        if (question.From is not { } from)
        {
            return true;
        }
        var rank = Rank(trace, question.Order);
        return rank < from.Value || (rank == from.Value && trace.Id.CompareTo(from.Id) > 0);
    }

    /// <summary>The first has the highest.</summary>
    private static long Rank(TraceSummary trace, TraceOrder order) => order switch
    {
        TraceOrder.Longest => trace.EndNs - trace.StartNs,
        TraceOrder.Shortest => trace.StartNs - trace.EndNs,
        TraceOrder.MostSpans => trace.Spans,
        TraceOrder.FewestSpans => -trace.Spans,
        _ => trace.StartNs,
    };
}

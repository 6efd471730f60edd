namespace Pharos.Query.Traces.Analysis;

/// <summary>What two traces have in common, by the structure of their calls, and where they differ.</summary>
public static class TraceComparison
{
    /// <returns>Depth first, siblings in the order in which the first trace, then the second, made them.</returns>
    public static IReadOnlyList<CallDifference> Of(TraceTree first, TraceTree second)
    {
        var merged = new CallMerge();
        var sums = new List<Sums>();
        Add(first, merged, sums, static (sum, error, duration) =>
        {
            sum.CountA++;
            sum.ErrorsA += error;
            sum.DurationA += duration;
        });
        Add(second, merged, sums, static (sum, error, duration) =>
        {
            sum.CountB++;
            sum.ErrorsB += error;
            sum.DurationB += duration;
        });
        return
        [
            .. merged.Walk(static node => node).Select(place => sums[place.Node] switch
            {
                var sum => new CallDifference(
                    place.Service, place.Operation, place.Parent, place.Depth, sum.CountA, sum.CountB, sum.ErrorsA, sum.ErrorsB,
                    sum.DurationA, sum.DurationB),
            }),
        ];
    }

    private static void Add(TraceTree tree, CallMerge merged, List<Sums> sums, Action<Sums, int, long> count)
    {
        var nodeOf = new int[tree.Count];
        for (var row = 0; row < tree.Count; row++)
        {
            ref readonly var at = ref tree[row];
            var parent = at.Parent == TraceTree.NoParent ? TraceTree.NoParent : nodeOf[at.Parent];
            nodeOf[row] = merged.Add(parent, at.Span.Resource.ServiceName, at.Span.Name);
            if (nodeOf[row] == sums.Count)
            {
                sums.Add(new Sums());
            }
            count(sums[nodeOf[row]], at.IsError ? 1 : 0, Math.Max(0, at.Span.DurationNs));
        }
    }

    private sealed class Sums
    {
        public int CountA;
        public int CountB;
        public int ErrorsA;
        public int ErrorsB;
        public long DurationA;
        public long DurationB;
    }
}

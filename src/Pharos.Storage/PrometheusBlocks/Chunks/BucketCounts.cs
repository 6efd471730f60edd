using System.Collections.Immutable;
using Pharos.Storage.Histograms;

namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>Buckets by their index, so that histograms whose spans differ can be laid side by side.</summary>
internal static class BucketCounts
{
    public static IEnumerable<int> Indices(ImmutableArray<BucketSpan> spans)
    {
        var index = 0;
        foreach (var span in spans)
        {
            index += span.Offset;
            for (var i = 0; i < span.Length; i++)
            {
                yield return index++;
            }
        }
    }

    /// <summary>The counts at the given indices, rising; 0 where the histogram has no such bucket.</summary>
    public static double[] Of(
        ImmutableArray<BucketSpan> spans, ImmutableArray<double> buckets, IReadOnlyCollection<int> indices)
    {
        var counts = new double[indices.Count];
        using var own = Indices(spans).GetEnumerator();
        var taken = 0;
        var more = own.MoveNext();
        var at = 0;
        foreach (var index in indices)
        {
            while (more && own.Current < index)
            {
                more = own.MoveNext();
                taken++;
            }
            counts[at++] = more && own.Current == index && taken < buckets.Length ? buckets[taken] : 0;
        }
        return counts;
    }

    public static ImmutableArray<BucketSpan> Spans(IEnumerable<int> indices)
    {
        var spans = new List<BucketSpan>();
        var next = 0;
        foreach (var index in indices)
        {
            if (spans.Count > 0 && index == next)
            {
                spans[^1] = spans[^1] with { Length = spans[^1].Length + 1 };
            }
            else
            {
                spans.Add(new BucketSpan(index - next, 1));
            }
            next = index + 1;
        }
        return [.. spans];
    }
}

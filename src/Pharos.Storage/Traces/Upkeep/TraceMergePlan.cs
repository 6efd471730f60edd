using System.Numerics;
using Pharos.Storage.Traces.Blocks;

namespace Pharos.Storage.Traces.Upkeep;

/// <summary>Which blocks become one next.</summary>
internal static class TraceMergePlan
{
    /// <summary>So many blocks of about the same size are merged.</summary>
    private const int MergedTogether = 4;

    /// <summary>Of a day that is over, blocks are merged even where there are fewer, unless the largest is so much larger than the rest.</summary>
    private const int LargestShare = 8;

    /// <summary>No block gets larger: its tables are in memory while it is written.</summary>
    private const long MaxBytes = 2L << 30;

    private const int MaxSources = 16;

    /// <summary>Blocks that are smaller count as this large.</summary>
    private const long SmallestBytes = 1024 * 1024;

    /// <param name="newestDay">The day that gets spans now.</param>
    /// <returns>Blocks of one day; empty where nothing is due.</returns>
    public static IReadOnlyList<TraceBlock> Next(IEnumerable<TraceBlock> blocks, long newestDay)
    {
        foreach (var day in blocks.GroupBy(static block => block.Meta.Day).OrderByDescending(static day => day.Key))
        {
            foreach (var tier in day.GroupBy(static block => TierOf(block.SizeBytes)).OrderBy(static tier => tier.Key))
            {
                if (Together(tier) is { Count: >= MergedTogether } due)
                {
                    return due;
                }
            }
            if (day.Key < newestDay && Together(day) is { Count: > 1 } rest && IsWorth(rest))
            {
                return rest;
            }
        }
        return [];
    }

    private static bool IsWorth(List<TraceBlock> blocks)
    {
        var largest = blocks.Max(static block => block.SizeBytes);
        return largest < LargestShare * (blocks.Sum(static block => block.SizeBytes) - largest);
    }

    /// <summary>As many of the smallest as one block may hold.</summary>
    private static List<TraceBlock> Together(IEnumerable<TraceBlock> blocks)
    {
        var together = new List<TraceBlock>();
        var bytes = 0L;
        foreach (var block in blocks.OrderBy(static block => block.SizeBytes))
        {
            bytes += block.SizeBytes;
            if (bytes > MaxBytes || together.Count == MaxSources)
            {
                break;
            }
            together.Add(block);
        }
        return together;
    }

    /// <summary>Four times the size is the next tier.</summary>
    private static int TierOf(long sizeBytes) => BitOperations.Log2((ulong)Math.Max(1, sizeBytes / SmallestBytes)) / 2;
}

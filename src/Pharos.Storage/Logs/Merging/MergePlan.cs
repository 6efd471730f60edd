using System.Numerics;
using Pharos.Storage.Logs.Blocks;

namespace Pharos.Storage.Logs.Merging;

/// <summary>Which parts become one next.</summary>
internal static class MergePlan
{
    /// <summary>So many parts of about the same size are merged.</summary>
    private const int MergedTogether = 4;

    /// <summary>Of several days that are over, parts are merged even where there are fewer, unless the largest is so much larger than the rest.</summary>
    private const int LargestShare = 8;

    /// <summary>No part gets more of lines: its tables and filters are in memory while it is written.</summary>
    private const long MaxLineBytes = 4L << 30;

    private const int MaxSources = 32;

    /// <summary>Parts that are smaller count as this large.</summary>
    private const long SmallestBytes = 1024 * 1024;

    /// <param name="newestDay">The day that gets entries now.</param>
    /// <returns>Parts of one day; empty where nothing is due.</returns>
    public static IReadOnlyList<LogPart> Next(IEnumerable<LogPart> parts, long newestDay)
    {
        foreach (var day in parts.GroupBy(static part => part.Meta.Day).OrderByDescending(static day => day.Key))
        {
            foreach (var tier in day.GroupBy(static part => TierOf(part.SizeBytes)).OrderBy(static tier => tier.Key))
            {
                if (Together(tier) is { Count: >= MergedTogether } due)
                {
                    return due;
                }
            }
            if (day.Key < newestDay && Together(day) is { Count: > 1 } rest
                && rest.Max(static part => part.SizeBytes) < LargestShare * (rest.Sum(static part => part.SizeBytes) - rest.Max(static part => part.SizeBytes)))
            {
                return rest;
            }
        }
        return [];
    }

    /// <summary>As many of the smallest as one part may hold.</summary>
    private static List<LogPart> Together(IEnumerable<LogPart> parts)
    {
        var together = new List<LogPart>();
        var lineBytes = 0L;
        foreach (var part in parts.OrderBy(static part => part.SizeBytes))
        {
            lineBytes += part.Meta.LineBytes;
            if (lineBytes > MaxLineBytes || together.Count == MaxSources)
            {
                break;
            }
            together.Add(part);
        }
        return together;
    }

    /// <summary>Four times the size is the next tier.</summary>
    private static int TierOf(long sizeBytes) => BitOperations.Log2((ulong)Math.Max(1, sizeBytes / SmallestBytes)) / 2;
}

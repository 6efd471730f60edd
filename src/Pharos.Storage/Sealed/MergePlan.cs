using System.Numerics;

namespace Pharos.Storage.Sealed;

/// <summary>Which sealed files become one next.</summary>
internal sealed class MergePlan<T>
    where T : ISealedFile
{
    /// <summary>So many files of about the same size are merged.</summary>
    private const int MergedTogether = 4;

    /// <summary>Of a day that is over, files are merged even where there are fewer, unless the largest is so much larger than the rest.</summary>
    private const int LargestShare = 8;

    /// <summary>Files that are smaller count as this large.</summary>
    private const long SmallestBytes = 1024 * 1024;

    public required Func<T, long> DayOf { get; init; }

    /// <summary>What of a file takes memory while a larger one is made of it.</summary>
    public required Func<T, long> WeightOf { get; init; }

    /// <summary>No file gets heavier.</summary>
    public required long MaxWeight { get; init; }

    public required int MaxSources { get; init; }

    /// <param name="newestDay">The day that gets data now.</param>
    /// <returns>Files of one day; empty where nothing is due.</returns>
    public IReadOnlyList<T> Next(IEnumerable<T> files, long newestDay)
    {
        foreach (var day in files.GroupBy(DayOf).OrderByDescending(static day => day.Key))
        {
            foreach (var tier in day.GroupBy(static file => TierOf(file.SizeBytes)).OrderBy(static tier => tier.Key))
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

    private static bool IsWorth(List<T> files)
    {
        var largest = files.Max(static file => file.SizeBytes);
        return largest < LargestShare * (files.Sum(static file => file.SizeBytes) - largest);
    }

    /// <summary>As many of the smallest as one file may hold.</summary>
    private List<T> Together(IEnumerable<T> files)
    {
        var together = new List<T>();
        var weight = 0L;
        foreach (var file in files.OrderBy(static file => file.SizeBytes))
        {
            weight += WeightOf(file);
            if (weight > MaxWeight || together.Count == MaxSources)
            {
                break;
            }
            together.Add(file);
        }
        return together;
    }

    /// <summary>Four times the size is the next tier.</summary>
    private static int TierOf(long sizeBytes) => BitOperations.Log2((ulong)Math.Max(1, sizeBytes / SmallestBytes)) / 2;
}

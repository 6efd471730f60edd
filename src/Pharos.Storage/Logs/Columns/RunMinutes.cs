using System.Runtime.InteropServices;

namespace Pharos.Storage.Logs.Columns;

/// <summary>Counts the entries of a run by minute and level.</summary>
internal static class RunMinutes
{
    public const string LevelName = "detected_level";

    private const long MinuteNs = 60_000_000_000;

    /// <summary>The minute m with <paramref name="timeNs"/> in (m * 60 s, (m + 1) * 60 s].</summary>
    public static long MinuteOf(long timeNs)
    {
        var (minute, rest) = Math.DivRem(timeNs, MinuteNs);
        return rest > 0 ? minute : minute - 1;
    }

    public static LogMetadataColumn? LevelOf(IReadOnlyList<LogMetadataColumn> metadata)
    {
        foreach (var column in metadata)
        {
            if (column.Name == LevelName)
            {
                return column;
            }
        }
        return null;
    }

    /// <summary>Adds the counts of rows that are sorted by time, by minute, within a minute in the order of the levels' first rows.</summary>
    /// <param name="levels">The value of each of the column's numbers as text, filled as far as it is needed.</param>
    public static void Count(LogRows rows, int first, int count, LogMetadataColumn? level, string?[] levels, List<LogMinute> into)
    {
        var times = rows.TimesNs;
        var ends = rows.LineEnds;
        var minuteStart = into.Count;
        var minute = long.MinValue;
        var untilNs = long.MinValue;
        for (var row = first; row < first + count; row++)
        {
            if (minute == long.MinValue || times[row] > untilNs)
            {
                minute = MinuteOf(times[row]);
                untilNs = minute >= long.MaxValue / MinuteNs - 1 ? long.MaxValue : (minute + 1) * MinuteNs;
                minuteStart = into.Count;
            }
            var number = level is null ? -1 : level.Numbers[row];
            var text = number < 0 ? "" : levels[number] ??= System.Text.Encoding.UTF8.GetString(level!.Value(number));
            var bytes = ends[row] - (row == 0 ? 0 : ends[row - 1] + 1);
            Add(CollectionsMarshal.AsSpan(into)[minuteStart..], new LogMinute(minute, text, 1, bytes), into);
        }
    }

    private static void Add(Span<LogMinute> minute, LogMinute entry, List<LogMinute> into)
    {
        foreach (ref var known in minute)
        {
            if (ReferenceEquals(known.Level, entry.Level) || known.Level == entry.Level)
            {
                known = known with { Entries = known.Entries + 1, Bytes = known.Bytes + entry.Bytes };
                return;
            }
        }
        into.Add(entry);
    }
}

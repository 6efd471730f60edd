using Pharos.Storage.Logs;

namespace Pharos.Storage.Tests.Logs;

/// <summary>What a block says of itself must be so.</summary>
internal static class BlockCheck
{
    public static void Run(ILogBlock block, LogRows rows, LogRun run)
    {
        var times = rows.TimesNs.Slice(run.First, run.Count);
        Assert.Equal(times[0], run.MinTimeNs);
        Assert.Equal(times[^1], run.MaxTimeNs);
        Assert.True(block.MinTimeNs <= run.MinTimeNs && block.MaxTimeNs >= run.MaxTimeNs);
        var bytes = 0L;
        for (var i = 0; i < times.Length; i++)
        {
            Assert.True(i == 0 || times[i - 1] <= times[i], "rows of a run that are not sorted by time");
            bytes += rows.Line(run.First + i).Length;
            Filters(block, rows, run.First + i);
        }
        Assert.Equal(bytes, run.LineBytes);
        Assert.True(block.MetadataNames is null || rows.Metadata.All(column => block.MetadataNames.Contains(column.Name)), "metadata without its name");
        Minutes(block, rows, run);
    }

    private static void Filters(ILogBlock block, LogRows rows, int row)
    {
        var line = rows.Line(row);
        var part = line[(line.Length / 3)..(line.Length - (line.Length / 4))];
        Assert.True(block.MayContain(line), "a filter that denies a line");
        Assert.True(block.MayContain(part), "a filter that denies a part of a line");
        foreach (var (name, value) in Make.MetadataOf(rows, row))
        {
            Assert.True(block.MayHaveMetadata(name, System.Text.Encoding.UTF8.GetBytes(value)), "a filter that denies metadata");
        }
    }

    private static void Minutes(ILogBlock block, LogRows rows, LogRun run)
    {
        if (!block.TryMinutes(run, out var minutes))
        {
            // A deletion may hide some of it.
            return;
        }
        var expected = new SortedDictionary<(long, string), (int, long)>();
        for (var row = run.First; row < run.First + run.Count; row++)
        {
            var minute = (long)Math.Ceiling((decimal)rows.TimesNs[row] / Make.MinuteNs) - 1;
            var key = (minute, Make.LevelOf(rows, row));
            var (entries, size) = expected.GetValueOrDefault(key);
            expected[key] = (entries + 1, size + rows.Line(row).Length);
        }
        var actual = new SortedDictionary<(long, string), (int, long)>();
        foreach (var minute in minutes)
        {
            actual.Add((minute.Minute, minute.Level), (minute.Entries, minute.Bytes));
        }
        Assert.Equal(expected, actual);
    }
}

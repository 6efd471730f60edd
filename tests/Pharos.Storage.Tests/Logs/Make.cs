using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Files;
using Pharos.Storage.Logs;
using Pharos.Storage.Logs.Columns;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Tests.Logs;

/// <summary>Builders for the log store's tests.</summary>
internal static class Make
{
    public const string Tenant = "fake";
    public const long SecondNs = 1_000_000_000;
    public const long MinuteNs = 60 * SecondNs;
    public const long DayNs = 24 * 60 * MinuteNs;

    /// <summary>The start of a day.</summary>
    public const long TimeNs = 20_000 * DayNs;

    /// <summary>Rows that are given back are overwritten: what still looks at them, a merge for one, fails.</summary>
    public static LogStoreOptions Options(string directory) => new() { Directory = directory, Fsync = FsyncPolicy.EachCommit, PoisonsRows = true };

    public static LogStore Open(LogStoreOptions options, IFileSystem? files = null, ILogger? logger = null, TimeProvider? time = null) =>
        LogStore.Open(options, files ?? new DiskFileSystem(), time ?? new ManualTime(), logger ?? NullLogger.Instance, new Meter("test"));

    public static void Close(this LogStore store) => store.DisposeAsync().AsTask().GetAwaiter().GetResult();

    public static LabelSet Labels(string app, string pod = "a") => LabelSet.From(("app", app), ("pod", pod));

    public static LabelMatcher Equal(string name, string value) => new(Model.MatchType.Equal, name, value);

    public static void Append(this LogStore store, LabelSet labels, long timeNs, string line, params (string Name, string Value)[] metadata) =>
        store.Append(Tenant, new LogLine(labels, timeNs, line, metadata));

    public static void Append(this LogStore store, string tenant, params ReadOnlySpan<LogLine> lines)
    {
        var batch = new LogBatch();
        foreach (var line in lines)
        {
            batch.BeginStream(store.Stream(tenant, line.Labels));
            batch.Add(line.TimeNs, line.Bytes);
            foreach (var (name, value) in line.Metadata)
            {
                batch.AddMetadata(System.Text.Encoding.UTF8.GetBytes(name), System.Text.Encoding.UTF8.GetBytes(value));
            }
        }
        store.Append(batch);
    }

    /// <summary>Everything of a tenant in a range as text, sorted; on the way everything that blocks say of themselves is checked.</summary>
    public static string[] Dump(this LogStore store, string tenant = Tenant, long startNs = long.MinValue, long endNs = long.MaxValue,
        params LabelMatcher[] matchers)
    {
        var lines = new List<string>();
        using var querier = store.Querier(tenant, startNs, endNs);
        foreach (var block in querier.Blocks(matchers, CancellationToken.None))
        {
            var rows = block.Read(LogColumns.All);
            Assert.Equal(rows.Lines.Length, rows.LineEnds[^1] + 1);
            foreach (var run in block.Runs)
            {
                Assert.Equal(tenant, run.Stream.Tenant);
                BlockCheck.Run(block, rows, run);
                for (var row = run.First; row < run.First + run.Count; row++)
                {
                    if (!rows.IsDeleted(row) && rows.TimesNs[row] >= startNs && rows.TimesNs[row] < endNs)
                    {
                        lines.Add(Text(run.Stream.Labels, rows.TimesNs[row], rows.Line(row), MetadataOf(rows, row)));
                    }
                }
            }
        }
        lines.Sort(StringComparer.Ordinal);
        return [.. lines];
    }

    public static string Text(LabelSet labels, long timeNs, ReadOnlySpan<byte> line, IEnumerable<(string Name, string Value)> metadata) =>
        $"{labels} {timeNs} {Convert.ToHexString(line[..Math.Min(line.Length, 40)])}:{line.Length} "
        + string.Join(',', metadata.OrderBy(static pair => pair.Name, StringComparer.Ordinal).Select(static pair => $"{pair.Name}={pair.Value}"));

    public static IEnumerable<(string Name, string Value)> MetadataOf(LogRows rows, int row)
    {
        foreach (var column in rows.Metadata)
        {
            if (column.Numbers[row] is var number and >= 0)
            {
                yield return (column.Name, System.Text.Encoding.UTF8.GetString(column.Value(number)));
            }
        }
    }

    public static string LevelOf(LogRows rows, int row)
    {
        foreach (var (name, value) in MetadataOf(rows, row))
        {
            if (name == RunMinutes.LevelName)
            {
                return value;
            }
        }
        return "";
    }
}

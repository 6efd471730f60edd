using Pharos.Storage.Logs.Deletion;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>A sealed block as a view sees it.</summary>
/// <param name="runs">The runs that were asked for.</param>
/// <param name="numbers">The place of each in <paramref name="table"/>.</param>
/// <param name="table">Null where the directory said enough: it is read when somebody asks for counts.</param>
/// <param name="deletions">Those that may hide some of its entries.</param>
internal sealed class LogPartBlock(
    LogPart part, int block, LogRun[] runs, int[] numbers, RunTable? table, PendingDeletion[] deletions, IPartDamage damage) : ILogBlock
{
    private RunTable? _table = table;

    public IReadOnlyList<LogRun> Runs => runs;

    public long MinTimeNs { get; } = Oldest(runs);

    public long MaxTimeNs { get; } = Newest(runs);

    public bool MayContain(ReadOnlySpan<byte> text)
    {
        try
        {
            return part.MayContain(block, text);
        }
        catch (IOException)
        {
            // Whoever reads the block finds out what is wrong, or finds the lines.
            return true;
        }
    }

    public bool MayHaveMetadata(string name, ReadOnlySpan<byte> value)
    {
        try
        {
            return part.MayHaveMetadata(block, name, value);
        }
        catch (IOException)
        {
            return true;
        }
    }

    public bool IsDamaged => part.IsBlockDamaged(block);

    public IReadOnlyCollection<string>? MetadataNames
    {
        get
        {
            try
            {
                return (_table ??= part.Runs(block, part.KnownRuns())).MetadataNames;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    public bool TryMinutes(in LogRun run, out ReadOnlySpan<LogMinute> minutes)
    {
        minutes = default;
        if (IsHidden(run))
        {
            return false;
        }
        var at = Array.BinarySearch(runs, run, RunOrder.Instance);
        if (at < 0)
        {
            return false;
        }
        try
        {
            var known = _table ??= part.Runs(block, part.KnownRuns());
            minutes = known.MinutesOf(known.Runs[numbers[at]]);
            return true;
        }
        catch (IOException)
        {
            // Whoever reads the block finds out what is wrong, or counts its rows.
            return false;
        }
    }

    public LogRows Read(LogColumns columns)
    {
        using var arrays = RowArrays.Own();
        return Read(columns, arrays);
    }

    public BorrowedRows Borrow(LogColumns columns)
    {
        var arrays = part.PooledArrays();
        try
        {
            return new BorrowedRows(Read(columns, arrays), arrays);
        }
        catch
        {
            arrays.Dispose();
            throw;
        }
    }

    private static long Oldest(LogRun[] runs)
    {
        var oldest = runs[0].MinTimeNs;
        foreach (ref readonly var run in runs.AsSpan())
        {
            oldest = Math.Min(oldest, run.MinTimeNs);
        }
        return oldest;
    }

    private static long Newest(LogRun[] runs)
    {
        var newest = runs[0].MaxTimeNs;
        foreach (ref readonly var run in runs.AsSpan())
        {
            newest = Math.Max(newest, run.MaxTimeNs);
        }
        return newest;
    }

    private LogRows Read(LogColumns columns, RowArrays arrays)
    {
        try
        {
            return deletions.Length == 0 ? part.Read(block, columns, arrays) : ReadWithout(columns, arrays);
        }
        catch (IOException exception)
        {
            damage.BlockDamaged(part, block, exception);
            throw;
        }
    }

    private LogRows ReadWithout(LogColumns columns, RowArrays arrays)
    {
        columns |= Array.Exists(deletions, static deletion => deletion.Filter is not null) ? LogColumns.All : LogColumns.Times;
        var rows = part.Read(block, columns, arrays);
        var deleted = new bool[rows.TimesNs.Length];
        foreach (var run in runs)
        {
            foreach (var deletion in deletions)
            {
                if (deletion.Overlaps(run.MinTimeNs, run.MaxTimeNs) && deletion.Matches(run.Stream))
                {
                    deletion.Mark(run.Stream, rows, run.First, run.Count, deleted);
                }
            }
        }
        return rows.With(deleted);
    }

    private bool IsHidden(in LogRun run)
    {
        foreach (var deletion in deletions)
        {
            if (deletion.Overlaps(run.MinTimeNs, run.MaxTimeNs) && deletion.Matches(run.Stream))
            {
                return true;
            }
        }
        return false;
    }

    private sealed class RunOrder : IComparer<LogRun>
    {
        public static readonly RunOrder Instance = new();

        public int Compare(LogRun x, LogRun y) => x.First.CompareTo(y.First);
    }
}

using System.Text;
using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Pipeline.Probing;
using Pharos.Storage.Logs;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>Runs a pipeline over the rows of blocks, as few of them as can be: a text that every line must have is searched in all lines of a
/// run at once, a value of metadata in its column.</summary>
/// <remarks>Not thread-safe: one a worker.</remarks>
internal sealed class BlockScanner(LogPipeline pipeline, ScanPlan plan, RowConsumer consumer, LineProbe? probe = null, JsonFieldProbe? field = null)
{
    /// <summary>Rows between two looks at the cancellation.</summary>
    private const int RowsPerCheck = 4096;

    private readonly byte[]? _metadataValue = plan.Metadata is { } matcher ? Encoding.UTF8.GetBytes(matcher.Value) : null;
    private readonly List<(LabelKey Key, LogMetadataColumn Column)> _columns = [];
    private readonly List<(LabelKey Key, LogMetadataColumn Column)> _probed = [];
    private int _sinceCheck;
    private bool _asksField;

    public ScanCounts Counts { get; } = new();

    /// <summary>Offers to the consumer what the block has with a time in [<paramref name="fromNs"/>, <paramref name="toNs"/>).</summary>
    public void Scan(ILogBlock block, long fromNs, long toNs, CancellationToken cancellation)
    {
        if (!plan.MayHold(block))
        {
            CountSkipped(block, fromNs, toNs);
            return;
        }
        Counts.Blocks++;
        using var borrowed = block.Borrow(LogColumns.Times | consumer.Columns);
        var rows = borrowed.Rows;
        field?.Begin(rows.Lines);
        foreach (var run in block.Runs)
        {
            cancellation.ThrowIfCancellationRequested();
            if (run.MaxTimeNs < fromNs || run.MinTimeNs >= toNs || !consumer.Wants(consumer.Backward ? run.MaxTimeNs : run.MinTimeNs))
            {
                continue;
            }
            var times = rows.TimesNs.Slice(run.First, run.Count);
            var first = run.First + FirstAtOrAfter(times, fromNs);
            var end = run.First + FirstAtOrAfter(times, toNs);
            if (first < end)
            {
                Begin(rows, run, first, end);
                Run(rows, run, first, end, cancellation);
            }
        }
    }

    /// <summary>What was searched by looking at the block's filters only counts as searched, as far as it lies in the range.</summary>
    public void CountSkipped(ILogBlock block, long fromNs, long toNs)
    {
        Counts.SkippedBlocks++;
        foreach (var run in block.Runs)
        {
            if (run.MaxTimeNs >= fromNs && run.MinTimeNs < toNs)
            {
                Counts.Lines += run.Count;
                Counts.Bytes += run.LineBytes;
            }
        }
    }

    private static int FirstAtOrAfter(ReadOnlySpan<long> times, long timeNs)
    {
        var (low, high) = (0, times.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (times[middle] < timeNs)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    private static int LineStart(LogRows rows, int row) => row == 0 ? 0 : rows.LineEnds[row - 1] + 1;

    private void Begin(LogRows rows, in LogRun run, int first, int end)
    {
        Counts.Lines += end - first;
        if (!rows.Lines.IsEmpty)
        {
            Counts.Bytes += rows.LineEnds[end - 1] - LineStart(rows, first) - (end - first - 1);
        }
        else
        {
            Counts.Bytes += run.LineBytes * (end - first) / Math.Max(1, run.Count);
        }
        pipeline.Labels.BeginStream(run.Stream.Labels);
        consumer.BeginRun(run.Stream);
        SetColumns(_columns, pipeline.Keys, rows, first, end);
        _asksField = field is not null && !rows.Lines.IsEmpty && field.CanTell(run.Stream, rows);
        if (probe is not null)
        {
            probe.Labels.BeginStream(run.Stream.Labels);
            SetColumns(_probed, probe.Keys, rows, first, end);
        }
    }

    private static void SetColumns(List<(LabelKey Key, LogMetadataColumn Column)> columns, LabelKeys keys, LogRows rows, int first, int end)
    {
        columns.Clear();
        foreach (var column in rows.Metadata)
        {
            if (keys.Wants(Encoding.UTF8.GetBytes(column.Name)) && column.Numbers[first..end].IndexOfAnyExcept(-1) >= 0)
            {
                columns.Add((keys.Pin(column.Name), column));
            }
        }
    }

    private void Run(LogRows rows, in LogRun run, int first, int end, CancellationToken cancellation)
    {
        var column = plan.Metadata is { } matcher && !run.Stream.Labels.Has(matcher.Name)
            ? rows.Metadata.FirstOrDefault(found => found.Name == matcher.Name) : null;
        if (plan.Metadata is { } wanted && column is null && run.Stream.Labels[wanted.Name] != wanted.Value
            && !rows.Metadata.Any(found => found.Name == wanted.Name))
        {
            return;
        }
        if (column is not null)
        {
            RunByMetadata(rows, column, first, end, cancellation);
        }
        else if ((plan.Searched is not null || plan.SearchedFolded is not null) && !rows.Lines.IsEmpty)
        {
            RunBySearch(rows, first, end, cancellation);
        }
        else
        {
            RunAll(rows, first, end, cancellation);
        }
    }

    private void RunAll(LogRows rows, int first, int end, CancellationToken cancellation)
    {
        var lines = rows.Lines;
        var ends = rows.LineEnds;
        var times = rows.TimesNs;
        var asks = _asksField && !rows.HasDeleted;
        for (var i = first; i < end; i++)
        {
            var row = consumer.Backward ? end - 1 - (i - first) : i;
            if (!asks || !field!.IsUseful)
            {
                if (!Offer(rows, row, cancellation))
                {
                    return;
                }
                continue;
            }
            Check(cancellation);
            if (!consumer.Wants(times[row]))
            {
                return;
            }
            var answer = field.Ask(lines, row == 0 ? 0 : ends[row - 1] + 1, ends[row]);
            if (answer != ProbeAnswer.Drops)
            {
                Take(rows, row, answer);
            }
        }
    }

    private int Search(ReadOnlySpan<byte> part) => plan.Searched is { } text
        ? consumer.Backward ? part.LastIndexOf(text) : part.IndexOf(text)
        : consumer.Backward ? plan.SearchedFolded!.LastIndexIn(part) : plan.SearchedFolded!.IndexIn(part);

    private void RunBySearch(LogRows rows, int first, int end, CancellationToken cancellation)
    {
        var from = LineStart(rows, first);
        var to = rows.LineEnds[end - 1];
        while (from < to)
        {
            var hit = Search(rows.Lines[from..to]);
            if (hit < 0)
            {
                return;
            }
            var row = first + RowAt(rows.LineEnds[first..end], from + hit);
            if (!Offer(rows, row, cancellation))
            {
                return;
            }
            if (consumer.Backward)
            {
                end = row;
                to = row == first ? from : rows.LineEnds[row - 1];
            }
            else
            {
                first = row + 1;
                from = rows.LineEnds[row] + 1;
            }
        }
    }

    private void RunByMetadata(LogRows rows, LogMetadataColumn column, int first, int end, CancellationToken cancellation)
    {
        var number = -1;
        for (var i = 0; i < column.Values && number < 0; i++)
        {
            number = column.Value(i).SequenceEqual(_metadataValue) ? i : -1;
        }
        while (number >= 0 && first < end)
        {
            var part = column.Numbers[first..end];
            var hit = consumer.Backward ? part.LastIndexOf(number) : part.IndexOf(number);
            if (hit < 0 || !Offer(rows, first + hit, cancellation))
            {
                return;
            }
            (first, end) = consumer.Backward ? (first, first + hit) : (first + hit + 1, end);
        }
    }

    /// <summary>The row that a place in the lines belongs to.</summary>
    private static int RowAt(ReadOnlySpan<int> lineEnds, int place)
    {
        // Hits are near each other where there are many: a few rows are looked at before the half is halved.
        for (var near = 0; near < 4 && near < lineEnds.Length; near++)
        {
            if (place < lineEnds[near])
            {
                return near;
            }
        }
        var found = lineEnds.BinarySearch(place);
        return found >= 0 ? found : ~found;
    }

    private bool Offer(LogRows rows, int row, CancellationToken cancellation)
    {
        Check(cancellation);
        if (!consumer.Wants(rows.TimesNs[row]))
        {
            return false;
        }
        if (rows.IsDeleted(row))
        {
            return true;
        }
        var answer = _asksField && field!.IsUseful ? field.Ask(rows.Lines, LineStart(rows, row), rows.LineEnds[row]) : ProbeAnswer.Unsure;
        if (answer != ProbeAnswer.Drops)
        {
            Take(rows, row, answer);
        }
        return true;
    }

    private void Check(CancellationToken cancellation)
    {
        if (++_sinceCheck == RowsPerCheck)
        {
            _sinceCheck = 0;
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Sends a row through the stages, and what they keep to the consumer.</summary>
    private void Take(LogRows rows, int row, ProbeAnswer answer)
    {
        var time = rows.TimesNs[row];
        var text = rows.Lines.IsEmpty ? default : rows.Line(row);
        if (answer == ProbeAnswer.Unsure && probe is { IsUseful: true })
        {
            SetLabels(probe.Labels, _probed, row);
            var probed = new LogLine(text, time, probe.Labels);
            if (!probe.MayPass(ref probed))
            {
                return;
            }
        }
        Counts.MetadataBytes += SetLabels(pipeline.Labels, _columns, row);
        var line = new LogLine(text, time, pipeline.Labels);
        if (pipeline.Run(ref line))
        {
            Counts.KeptLines++;
            consumer.Take(ref line);
        }
    }

    /// <returns>Bytes of metadata.</returns>
    private static int SetLabels(LineLabels labels, List<(LabelKey Key, LogMetadataColumn Column)> columns, int row)
    {
        var bytes = 0;
        labels.BeginLine();
        foreach (var (key, column) in columns)
        {
            var number = column.Numbers[row];
            if (number >= 0)
            {
                var value = column.Value(number);
                bytes += value.Length;
                labels.AddMetadata(key, value);
            }
        }
        return bytes;
    }
}

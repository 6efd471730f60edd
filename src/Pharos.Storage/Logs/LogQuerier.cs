using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Logs.Head;
using Pharos.Storage.Model;
using Pharos.Storage.Sealed;

namespace Pharos.Storage.Logs;

/// <summary>A tenant's entries in a range, out of one view.</summary>
internal sealed class LogQuerier(StoreViews<LogView> views, string tenant, long startNs, long endNs, IPartDamage damage) : ILogQuerier
{
    /// <summary>Chunks of more lines are blocks of their own; smaller ones are put side by side up to four times as much.</summary>
    private const int OwnBlockBytes = 256 * 1024;

    /// <summary>So often streams are selected while batches come; then no batch may come meanwhile.</summary>
    private const int MaxSelections = 3;

    private readonly LogView _view = views.Open();
    private int _isDisposed;

    public IReadOnlyList<LogStream> Streams(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var sorted = Found(matchers, cancellation).ToArray();
        Array.Sort(sorted, static (left, right) => left.Labels.CompareTo(right.Labels));
        return sorted;
    }

    public IReadOnlyList<ILogBlock> Blocks(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var blocks = new List<ILogBlock>();
        foreach (var head in _view.Heads)
        {
            AddHeadBlocks(head, matchers, blocks, cancellation);
        }
        foreach (var part in PartsInRange())
        {
            AddPartBlocks(part, matchers, blocks, cancellation);
        }

        // A stable sort: blocks that begin together stand as they are stored.
        return [.. blocks.OrderBy(static block => block.MinTimeNs)];
    }

    public IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var stream in Found(matchers, cancellation))
        {
            foreach (var label in stream.Labels.Span)
            {
                names.Add(label.Name);
            }
        }
        return [.. names];
    }

    public IReadOnlyList<string> LabelValues(string name, IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var values = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var stream in Found(matchers, cancellation))
        {
            if (stream.Labels[name] is { Length: > 0 } value)
            {
                values.Add(value);
            }
        }
        return [.. values];
    }

    public long DamagedEntries(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var entries = 0L;
        foreach (var part in PartsInRange().Where(static part => part.IsDamaged))
        {
            try
            {
                var selected = part.Select(tenant, matchers, cancellation);
                entries += Enumerable.Range(0, part.Blocks.Count).Select(block => (Number: block, Entry: part.Blocks[block]))
                    .Where(block => part.IsBlockDamaged(block.Number) && block.Entry.Overlaps(startNs, endNs) && HasAny(selected, block.Entry))
                    .Sum(static block => (long)block.Entry.Rows);
            }
            catch (IOException)
            {
                // Nobody knows whose they are.
                entries += part.Blocks.Where(block => block.Overlaps(startNs, endNs)).Sum(static block => (long)block.Rows);
            }
        }
        return entries;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            ISealedFile.ReleaseAll(_view.Parts);
        }
    }

    private HashSet<LogStream> Found(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var found = new HashSet<LogStream>();
        foreach (var head in _view.Heads)
        {
            foreach (var (stream, _, rows) in HeadParts(head, matchers, cancellation))
            {
                if (!found.Contains(stream) && rows.TimeRange() is var (minNs, maxNs) && minNs < endNs && maxNs >= startNs)
                {
                    found.Add(stream);
                }
            }
        }
        foreach (var part in PartsInRange())
        {
            cancellation.ThrowIfCancellationRequested();
            AddStreams(part, matchers, found, cancellation);
        }
        return found;
    }

    private IEnumerable<LogPart> PartsInRange() => _view.Parts.Where(part => part.Meta.Overlaps(startNs, endNs));

    /// <summary>What a head shows now of its matching streams, chunk by chunk; of one batch all or nothing.</summary>
    private List<(LogStream Stream, HeadChunk Chunk, HeadRows Rows)> HeadParts(
        LogHead head, IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxSelections; attempt++)
        {
            var count = head.StreamCount;
            var selected = head.Select(tenant, matchers, cancellation);

            // A batch with a new stream may have come meanwhile: its entries of known streams would be seen without the others.
            if (views.Read(() => head.StreamCount == count ? Shown(selected) : null) is { } shown)
            {
                return shown;
            }
        }
        return views.Read(() => Shown(head.Select(tenant, matchers, cancellation)));
    }

    private static List<(LogStream Stream, HeadChunk Chunk, HeadRows Rows)> Shown(List<HeadStream> streams)
    {
        var parts = new List<(LogStream, HeadChunk, HeadRows)>(streams.Count);
        foreach (var stream in streams)
        {
            foreach (var chunk in stream.Chunks)
            {
                if (chunk.Count > 0)
                {
                    parts.Add((stream.Stream, chunk, chunk.Rows()));
                }
            }
        }
        return parts;
    }

    private void AddHeadBlocks(LogHead head, IReadOnlyList<LabelMatcher> matchers, List<ILogBlock> into, CancellationToken cancellation)
    {
        var small = new List<(LogStream, HeadRows)>();
        var smallBytes = 0L;
        var parts = HeadParts(head, matchers, cancellation);
        for (var i = 0; i < parts.Count; i++)
        {
            var (stream, chunk, rows) = parts[i];
            if (rows.TimeRange() is var (minNs, maxNs) && (minNs >= endNs || maxNs < startNs))
            {
                continue;
            }

            // Two chunks of a stream are not one run: their times may overlap.
            var isLastChunk = i + 1 == parts.Count || !ReferenceEquals(parts[i + 1].Stream, stream);
            if (rows.LineBytes >= OwnBlockBytes || !isLastChunk)
            {
                into.Add(new HeadLogBlock(head.Metadata, [(stream, rows)], chunk.Reading(rows.Count)));
                continue;
            }
            small.Add((stream, rows));
            smallBytes += rows.LineBytes;
            if (smallBytes >= 4 * OwnBlockBytes)
            {
                into.Add(new HeadLogBlock(head.Metadata, [.. small], new ChunkReading(small.Count)));
                small.Clear();
                smallBytes = 0;
            }
        }
        if (small.Count > 0)
        {
            into.Add(new HeadLogBlock(head.Metadata, [.. small], new ChunkReading(small.Count)));
        }
    }

    private void AddStreams(LogPart part, IReadOnlyList<LabelMatcher> matchers, HashSet<LogStream> into, CancellationToken cancellation)
    {
        try
        {
            var selected = part.Select(tenant, matchers, cancellation);
            if (part.Meta.MinTimeNs >= startNs && part.Meta.MaxTimeNs < endNs)
            {
                foreach (var number in selected)
                {
                    into.Add(part.StreamAt((int)number));
                }
                return;
            }
            ForEachRun(part, selected, (_, run) => into.Add(part.StreamAt(run.Stream)), cancellation);
        }
        catch (IOException exception)
        {
            damage.PartDamaged(part, exception);
        }
    }

    private void AddPartBlocks(LogPart part, IReadOnlyList<LabelMatcher> matchers, List<ILogBlock> into, CancellationToken cancellation)
    {
        try
        {
            var deletions = Array.FindAll(_view.Deletions, deletion => deletion.Concerns(part) && deletion.Deletion.Tenant == tenant);
            var selected = part.Select(tenant, matchers, cancellation);
            var known = part.KnownStreams();
            var knownRuns = part.KnownRuns();
            var runs = new List<LogRun>();
            var numbers = new List<int>();
            ForEachBlock(part, selected, block =>
            {
                if (WholeRun(part, block, known) is { } whole)
                {
                    into.Add(new LogPartBlock(part, block, [whole], [0], table: null, deletions, damage));
                    return;
                }
                if (Table(part, block, knownRuns) is not { } table)
                {
                    return;
                }
                runs.Clear();
                numbers.Clear();
                EachRun(table, selected, (number, run) =>
                {
                    runs.Add(new LogRun(part.StreamAt(run.Stream, known), run.First, run.Count, run.MinTimeNs, run.MaxTimeNs, run.LineBytes));
                    numbers.Add(number);
                });
                if (runs.Count > 0)
                {
                    into.Add(new LogPartBlock(part, block, [.. runs], [.. numbers], table, deletions, damage));
                }
            }, cancellation);
        }
        catch (IOException exception)
        {
            damage.PartDamaged(part, exception);
        }
    }

    private void ForEachRun(LogPart part, ulong[] selected, Action<int, BlockRun> action, CancellationToken cancellation)
    {
        var known = part.KnownRuns();
        ForEachBlock(part, selected, block =>
        {
            if (Table(part, block, known) is { } table)
            {
                EachRun(table, selected, action);
            }
        }, cancellation);
    }

    /// <summary>The only run of a block, as the directory has it; null where there are several.</summary>
    private static LogRun? WholeRun(LogPart part, int block, LogStream?[] known)
    {
        var entry = part.Blocks[block];
        return entry.FirstStream != entry.LastStream ? null
            : new LogRun(part.StreamAt(entry.FirstStream, known), 0, entry.Rows, entry.MinTimeNs, entry.MaxTimeNs, entry.LineBytes - entry.Rows);
    }

    /// <summary>Null where it is damaged.</summary>
    private RunTable? Table(LogPart part, int block, RunTable?[] known)
    {
        try
        {
            return part.Runs(block, known);
        }
        catch (IOException exception)
        {
            damage.BlockDamaged(part, block, exception);
            return null;
        }
    }

    /// <summary>The blocks with rows of selected streams that may be in the range.</summary>
    private void ForEachBlock(LogPart part, ulong[] selected, Action<int> action, CancellationToken cancellation)
    {
        if (selected.Length == 0)
        {
            return;
        }
        for (var block = 0; block < part.Blocks.Count; block++)
        {
            var entry = part.Blocks[block];
            if (!entry.Overlaps(startNs, endNs) || part.IsBlockDamaged(block) || !HasAny(selected, entry))
            {
                continue;
            }
            cancellation.ThrowIfCancellationRequested();
            action(block);
        }
    }

    private static bool HasAny(ulong[] selected, BlockEntry entry)
    {
        var at = Array.BinarySearch(selected, (ulong)entry.FirstStream);
        return at >= 0 || (~at < selected.Length && selected[~at] <= (ulong)entry.LastStream);
    }

    /// <summary>The runs of selected streams in the range, with their places in the table.</summary>
    private void EachRun(RunTable table, ulong[] selected, Action<int, BlockRun> action)
    {
        var runs = table.Runs;
        var at = Array.BinarySearch(selected, (ulong)runs[0].Stream);
        at = at < 0 ? ~at : at;
        for (var i = 0; i < runs.Length; i++)
        {
            while (at < selected.Length && selected[at] < (ulong)runs[i].Stream)
            {
                at++;
            }
            if (at == selected.Length)
            {
                return;
            }
            if (selected[at] == (ulong)runs[i].Stream && runs[i].MinTimeNs < endNs && runs[i].MaxTimeNs >= startNs)
            {
                action(i, runs[i]);
            }
        }
    }
}

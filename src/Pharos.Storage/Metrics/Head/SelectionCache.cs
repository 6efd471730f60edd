using Pharos.Storage.Index;
using Pharos.Storage.Metrics.Head.Memory;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Head;

/// <summary>Selections that may be asked for again before the index changes: dashboards and rules ask the same all the time, and making
/// and sorting label sets takes longer than anything else of a selection.</summary>
/// <remarks>Thread-safe; its lock is a leaf. The newest are kept up to <see cref="MaxKeptSeries"/> in all (some 80 bytes each, 200 more where
/// their labels were asked for), others until the collector wants their memory. What is of an older version of the index is never answered.</remarks>
internal sealed class SelectionCache(LabelIndex index, SeriesTable table)
{
    private const int MaxKeptSeries = 128 * 1024;
    private const int MaxSelections = 256;

    /// <summary>Longer questions are not kept.</summary>
    private const int MaxKeyLength = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _lastUse;

    /// <summary>The series that the index names for matchers, sorted by their labels.</summary>
    public HeadSelection Select(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var key = string.Join(',', matchers);
        if (Find(key, index.Version) is not { } selection)
        {
            selection = Make(matchers, cancellation);
            Keep(key, selection);
        }
        return selection;
    }

    private HeadSelection Make(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var ids = index.Select(matchers, cancellation, out var version);
        var series = new HeadSeries[ids.Length];
        var labels = new NumberedLabels(ids.Length);
        var numbers = new PairNumbers(index, labels);
        foreach (var id in ids)
        {
            // One that has left meanwhile is not missed: the index has another version then.
            var found = new HeadSeries(table, table.Find(id), id);
            if (found.Slot >= 0 && found.TryNumberLabels(numbers))
            {
                series[labels.Count - 1] = found;
            }
        }
        // Whoever asked may have given up: what is made is kept all the same, so that a client that asks again, with the same patience, gets on.
        var keys = LabelSetOrder.Keys(labels);
        var order = new int[keys.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }
        Array.Sort(keys, order);
        return new HeadSelection(version, Array.ConvertAll(order, i => series[i]), labels, order);
    }

    private HeadSelection? Find(string key, long version)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry) || !entry.Selection.TryGetTarget(out var selection) || selection.Version != version)
            {
                return null;
            }
            entry.LastUse = ++_lastUse;
            return selection;
        }
    }

    private void Keep(string key, HeadSelection selection)
    {
        if (key.Length > MaxKeyLength)
        {
            return;
        }
        lock (_lock)
        {
            _entries[key] = new Entry(selection) { LastUse = ++_lastUse };
            Trim(selection.Version);
        }
    }

    private void Trim(long version)
    {
        var series = 0;
        var selections = 0;
        foreach (var (key, entry) in _entries.OrderByDescending(static entry => entry.Value.LastUse).ToArray())
        {
            if (++selections > MaxSelections || !entry.Selection.TryGetTarget(out var selection) || selection.Version < version)
            {
                _entries.Remove(key);
                continue;
            }
            series += selection.Count;
            entry.Kept = series <= MaxKeptSeries ? selection : null;
        }
    }

    private sealed class Entry(HeadSelection selection)
    {
        public WeakReference<HeadSelection> Selection { get; } = new(selection);

        public HeadSelection? Kept { get; set; }

        public long LastUse { get; set; }
    }
}

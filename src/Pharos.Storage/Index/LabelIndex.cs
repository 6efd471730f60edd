using Pharos.Storage.Model;

namespace Pharos.Storage.Index;

/// <summary>The head's inverted index: grows with each new series, shrinks when dead ones are removed.</summary>
/// <remarks>Thread-safe: one reader-writer lock, a leaf in the lock order. Ids are added in rising order, which keeps each
/// posting list sorted. Bounded by the store's series limit.</remarks>
internal sealed class LabelIndex : IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly Dictionary<string, LabelValues> _names = new(StringComparer.Ordinal);
    private readonly IdList _all = new("");

    public int PairCount { get; private set; }

    public void Add(ulong id, LabelSet labels)
    {
        _lock.EnterWriteLock();
        try
        {
            _all.Add(id);
            foreach (var label in labels.Span)
            {
                if (!_names.TryGetValue(label.Name, out var values))
                {
                    _names.Add(label.Name, values = new LabelValues(label.Name));
                }
                if (!values.Lists.TryGetValue(label.Value, out var ids))
                {
                    values.Lists.Add(label.Value, ids = new IdList(label.Value));
                    PairCount++;
                }
                ids.Add(id);
            }
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Removes series and every label pair that no series has any more.</summary>
    public void Remove(IReadOnlySet<ulong> ids, IEnumerable<LabelSet> labelSets)
    {
        _lock.EnterWriteLock();
        try
        {
            _all.Remove(ids);
            foreach (var label in labelSets.SelectMany(static labels => labels).Distinct())
            {
                if (!_names.TryGetValue(label.Name, out var values) || !values.Lists.TryGetValue(label.Value, out var list))
                {
                    continue;
                }
                list.Remove(ids);
                if (list.Count == 0)
                {
                    values.Lists.Remove(label.Value);
                    PairCount--;
                }
                if (values.Lists.Count == 0)
                {
                    _names.Remove(label.Name);
                }
            }
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>The same labels, made of the strings that the index holds already, so that each is in memory once.</summary>
    public LabelSet Shared(LabelSet labels)
    {
        var shared = new Label[labels.Count];
        _lock.EnterReadLock();
        try
        {
            for (var i = 0; i < shared.Length; i++)
            {
                var label = labels[i];
                if (_names.TryGetValue(label.Name, out var values))
                {
                    label = new Label(values.Name,
                        values.Lists.TryGetValue(label.Value, out var ids) ? ids.Value : label.Value);
                }
                shared[i] = label;
            }
        }
        finally
        {
            _lock.ExitReadLock();
        }
        return new LabelSet(shared);
    }

    public ulong[] Select(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
        Read(source => PostingSelection.Select(source, matchers, cancellation));

    public string[] Names() => Read(source => source.Names());

    public string[] Values(string name) => Read(source => source.Values(name).ToArray());

    /// <summary>Counts for the status page: by pair of label and value, the series that carry it.</summary>
    public List<(string Name, string Value, int SeriesCount)> Pairs() => Read(source => source.Pairs());

    public void Dispose() => _lock.Dispose();

    private T Read<T>(Func<Source, T> question)
    {
        _lock.EnterReadLock();
        try
        {
            return question(new Source(this));
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>The index as it stands while the read lock is held.</summary>
    private sealed class Source(LabelIndex index) : IPostingSource
    {
        public ulong[] AllIds() => index._all.ToArray();

        public IReadOnlyCollection<string> Values(string name) =>
            index._names.TryGetValue(name, out var values) ? values.Lists.Keys : [];

        public void AddIds(string name, string value, List<ulong> into)
        {
            if (index._names.TryGetValue(name, out var values) && values.Lists.TryGetValue(value, out var ids))
            {
                into.AddRange(ids.Span);
            }
        }

        public string[] Names() => [.. index._names.Keys];

        public List<(string Name, string Value, int SeriesCount)> Pairs() =>
            [.. index._names.Values.SelectMany(static name => name.Lists.Values,
                static (name, list) => (name.Name, list.Value, list.Count))];
    }

    private sealed class LabelValues(string name)
    {
        public string Name { get; } = name;

        public Dictionary<string, IdList> Lists { get; } = new(StringComparer.Ordinal);
    }

    private sealed class IdList(string value)
    {
        private ulong[] _ids = new ulong[1];

        public string Value { get; } = value;

        public int Count { get; private set; }

        public ReadOnlySpan<ulong> Span => _ids.AsSpan(0, Count);

        public ulong[] ToArray() => Span.ToArray();

        public void Add(ulong id)
        {
            // Ids rise, but two appenders may index their new series in the other order.
            if (Count == _ids.Length)
            {
                Array.Resize(ref _ids, Count * 2);
            }
            var at = Count++;
            while (at > 0 && _ids[at - 1] > id)
            {
                _ids[at] = _ids[at - 1];
                at--;
            }
            _ids[at] = id;
        }

        public void Remove(IReadOnlySet<ulong> ids)
        {
            var kept = 0;
            for (var i = 0; i < Count; i++)
            {
                if (!ids.Contains(_ids[i]))
                {
                    _ids[kept++] = _ids[i];
                }
            }
            Count = kept;
            if (Count < _ids.Length / 4)
            {
                Array.Resize(ref _ids, Math.Max(1, Count));
            }
        }
    }
}

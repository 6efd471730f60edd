using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Storage.Index;

/// <summary>The head's label pairs and its inverted index: grows with each new series, shrinks when dead ones are removed.</summary>
/// <remarks>Thread-safe: one reader-writer lock, a leaf in the lock order. A series holds its pairs from the time that it is made;
/// the index names it from the time that it is committed. Bounded by the store's series limit.</remarks>
internal sealed class LabelIndex : IDisposable
{
    /// <summary>So many values of a label may be out of order when a part of the order is asked for.</summary>
    private const int MaxUnsorted = 256;

    private readonly ReaderWriterLockSlim _lock = new();
    private readonly LabelPairs _pairs = new();
    private readonly PostingList _all = new();
    private long _version;

    /// <summary>Rises with every series that the index names, or names no more.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>The pair of a number that some series holds: no lock is needed.</summary>
    public Label this[uint pair]
    {
        get
        {
            ref readonly var found = ref _pairs[pair];
            return new Label(found.Name!.Text, found.Value!);
        }
    }

    /// <summary>The numbers of the pairs of a new series, in the order of its labels.</summary>
    public void Acquire(LabelSet labels, Span<uint> pairs) => Acquire(labels.Span, pairs);

    /// <summary>The numbers of pairs, each with one more holder.</summary>
    public void Acquire(ReadOnlySpan<Label> labels, Span<uint> pairs)
    {
        _lock.EnterWriteLock();
        try
        {
            for (var i = 0; i < pairs.Length; i++)
            {
                pairs[i] = _pairs.Acquire(labels[i]);
            }
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Gives back what <see cref="Acquire(LabelSet, Span{uint})"/> gave to a series that the index does not name.</summary>
    public void Release(ReadOnlySpan<uint> pairs)
    {
        _lock.EnterWriteLock();
        try
        {
            foreach (var pair in pairs)
            {
                _pairs.Release(pair);
            }
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>As <see cref="Acquire(LabelSet, Span{uint})"/> and <see cref="Add"/>, for pairs that somebody holds already.</summary>
    public void Restore(ulong id, ReadOnlySpan<uint> pairs)
    {
        _lock.EnterWriteLock();
        try
        {
            foreach (var number in pairs)
            {
                _pairs[number].HolderCount++;
            }
            AddLocked(id, pairs);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public void Add(ulong id, ReadOnlySpan<uint> pairs)
    {
        _lock.EnterWriteLock();
        try
        {
            AddLocked(id, pairs);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Takes series out of every posting list of the given pairs, which are all that they have.</summary>
    public void Remove(IdSet ids, IReadOnlySet<uint> pairs)
    {
        _lock.EnterWriteLock();
        try
        {
            _version++;
            _all.Remove(ids);
            var shrunk = new HashSet<LabelName>();
            foreach (var number in pairs)
            {
                ref var pair = ref _pairs[number];
                pair.Remove(ids);
                if (pair.SeriesCount == 0)
                {
                    shrunk.Add(pair.Name!);
                }
            }
            foreach (var name in shrunk)
            {
                name.RemoveEmpty(_pairs);
            }
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public ulong[] Select(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) => Select(matchers, cancellation, out _);

    /// <param name="version">Of the index that gave the answer.</param>
    public ulong[] Select(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation, out long version)
    {
        foreach (var matcher in matchers)
        {
            if (matcher.LiteralPrefix.Length > 0)
            {
                SortValues(matcher.Name);
            }
        }
        (var ids, version) = Read(source => (PostingSelection.Select(source, matchers, cancellation), _version));
        return ids;
    }

    public string[] Names() => Read(static source => source.Names());

    public string[] Values(string name) => Read(source => source.Values(name));

    /// <summary>Counts for the status page: by pair of label and value, the series that carry it.</summary>
    public List<(string Name, string Value, int SeriesCount)> Pairs() => Read(static source => source.Pairs());

    public void Dispose() => _lock.Dispose();

    private void AddLocked(ulong id, ReadOnlySpan<uint> pairs)
    {
        _version++;
        _all.Add(id);
        foreach (var number in pairs)
        {
            ref var pair = ref _pairs[number];
            if (pair.SeriesCount == 0)
            {
                pair.Name!.Add(number);
            }
            pair.Add(id);
        }
    }

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

    private void SortValues(string name)
    {
        if (!Read(source => source.IsUnsorted(name)))
        {
            return;
        }
        _lock.EnterWriteLock();
        try
        {
            if (_pairs.Names.TryGetValue(name, out var known))
            {
                known.Sort(_pairs);
            }
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>The index as it stands while the read lock is held.</summary>
    private sealed class Source(LabelIndex index) : IPostingSource
    {
        private readonly LabelPairs _pairs = index._pairs;

        public void AddAll(IdSet into) => index._all.AddTo(into);

        public void AddIds(string name, string value, IdSet into)
        {
            if (_pairs.Find(name, value) is var pair and > 0)
            {
                _pairs[pair].AddTo(into);
            }
        }

        public void AddMatching(LabelMatcher matcher, bool wanted, IdSet into, CancellationToken cancellation)
        {
            if (!_pairs.Names.TryGetValue(matcher.Name, out var name))
            {
                return;
            }
            var unsortedFrom = 0;
            if (matcher.LiteralPrefix.Length > 0 && wanted == (matcher.Type == MatchType.Regex))
            {
                var (from, to) = name.Beginning(_pairs, matcher.LiteralPrefix);
                AddMatching(name.Pairs[from..to], matcher, wanted, into, cancellation);
                unsortedFrom = name.SortedCount;
            }
            AddMatching(name.Pairs[unsortedFrom..], matcher, wanted, into, cancellation);
        }

        public bool IsUnsorted(string name) => _pairs.Names.TryGetValue(name, out var known)
            && known.Count - known.SortedCount > Math.Max(MaxUnsorted, known.SortedCount / 8);

        public string[] Names() => [.. _pairs.Names.Values.Where(static name => name.Count > 0).Select(static name => name.Text)];

        public string[] Values(string name)
        {
            if (!_pairs.Names.TryGetValue(name, out var known))
            {
                return [];
            }
            var values = new string[known.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = _pairs[known.Pairs[i]].Value!;
            }
            return values;
        }

        public List<(string Name, string Value, int SeriesCount)> Pairs()
        {
            var all = new List<(string, string, int)>();
            foreach (var name in _pairs.Names.Values)
            {
                foreach (var number in name.Pairs)
                {
                    all.Add((name.Text, _pairs[number].Value!, _pairs[number].SeriesCount));
                }
            }
            return all;
        }

        private void AddMatching(ReadOnlySpan<uint> pairs, LabelMatcher matcher, bool wanted, IdSet into, CancellationToken cancellation)
        {
            for (var i = 0; i < pairs.Length; i++)
            {
                if ((i & 0xfff) == 0xfff)
                {
                    cancellation.ThrowIfCancellationRequested();
                }
                ref readonly var pair = ref _pairs[pairs[i]];
                if (matcher.Matches(pair.Value!) == wanted)
                {
                    pair.AddTo(into);
                }
            }
        }
    }
}

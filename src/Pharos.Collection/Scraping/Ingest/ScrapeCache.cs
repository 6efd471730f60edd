using System.IO.Hashing;
using System.Runtime.InteropServices;
using Pharos.Storage.Model;

namespace Pharos.Collection.Scraping.Ingest;

/// <summary>One target's map from exposed series text to label set and store reference; also decides what went stale.</summary>
/// <remarks>Not thread-safe: one loop owns it. An exposition repeats its order, so each entry remembers its follower and
/// most look-ups are one comparison of bytes, without a hash. Entries unseen for two scrapes are dropped.</remarks>
internal sealed class ScrapeCache
{
    /// <summary>The most series that one target may expose; the scrape fails beyond it.</summary>
    public const int MaxSeries = 5_000_000;

    private const int KeptScrapes = 2;

    private readonly Dictionary<ulong, CachedSeries> _byHash = [];
    private readonly List<CachedSeries> _all = [];
    private readonly Dictionary<ulong, CachedSeries> _ending = [];
    private CachedSeries? _last;
    private CachedSeries? _first;
    private long _scrape;
    private long _answered;
    private long _lastFull;

    public int Count => _all.Count;

    public void Begin()
    {
        _scrape++;
        _last = null;
    }

    /// <summary>The entry of a series text, or null. <paramref name="repeated"/>: this scrape has held it before.</summary>
    public CachedSeries? Find(ReadOnlySpan<byte> text, out bool repeated)
    {
        var guess = _last is null ? _first : _last.Follower;
        var entry = guess is not null && text.SequenceEqual(guess.Text) ? guess : Lookup(text);
        repeated = entry is not null && entry.SeenIn == _scrape;
        if (entry is not null)
        {
            Advance(entry);
        }
        return entry;
    }

    /// <summary>Adds the entry of a text that <see cref="Find"/> did not know. Null labels: a dropped series.</summary>
    public CachedSeries Add(ReadOnlySpan<byte> text, LabelSet? labels)
    {
        var entry = new CachedSeries(text.ToArray(), XxHash3.HashToUInt64(text), labels);
        ref var head = ref CollectionsMarshal.GetValueRefOrAddDefault(_byHash, entry.Hash, out _);
        entry.Chain = head;
        head = entry;
        _all.Add(entry);
        Advance(entry);
        return entry;
    }

    /// <summary>Makes this scrape answerable for the series' end: when it vanishes, a marker is due.</summary>
    public void Track(CachedSeries entry)
    {
        entry.TrackedIn = _scrape;
    }

    /// <summary>The series of the last scrape that this one does not hold. Of a bad body what stands before the fault counts, too:
    /// as in Prometheus, a series that is still exposed does not end because something behind it is bad or beyond a limit.</summary>
    /// <returns>Series by reference, valid until the next call.</returns>
    public IReadOnlyDictionary<ulong, CachedSeries> Ending()
    {
        _ending.Clear();
        foreach (var entry in _all)
        {
            if (entry.TrackedIn == _answered && entry.TrackedIn > 0 && entry.Reference > 0)
            {
                _ending[entry.Reference] = entry;
            }
        }
        if (_ending.Count > 0)
        {
            // Another text may stand for the same series: labels in another order, a number in another form.
            foreach (var entry in _all)
            {
                if (entry.TrackedIn == _scrape)
                {
                    _ending.Remove(entry.Reference);
                }
            }
        }
        return _ending;
    }

    /// <summary>Closes a scrape.</summary>
    /// <param name="isEmpty">The body held nothing: that ends series, but none of them is new when it comes back.</param>
    public void End(bool succeeded, bool isEmpty)
    {
        _answered = _scrape;
        if (succeeded && !isEmpty)
        {
            _lastFull = _scrape;
            Evict();
        }
    }

    /// <summary>Notes that the store gave the series a reference in this scrape.</summary>
    public void Refer(CachedSeries entry) => entry.ReferredIn = _scrape;

    /// <summary>Forgets the references that a rolled-back batch has given out.</summary>
    public void ForgetReferences()
    {
        foreach (var entry in _all)
        {
            if (entry.SeenIn == _scrape)
            {
                entry.ExemplarHash = 0;
            }
            if (entry.ReferredIn == _scrape)
            {
                entry.Reference = 0;
                entry.ZeroAtMs = 0;
            }
        }
    }

    private CachedSeries? Lookup(ReadOnlySpan<byte> text)
    {
        for (var entry = _byHash.GetValueOrDefault(XxHash3.HashToUInt64(text)); entry is not null; entry = entry.Chain)
        {
            if (text.SequenceEqual(entry.Text))
            {
                return entry;
            }
        }
        return null;
    }

    private void Advance(CachedSeries entry)
    {
        if (_last is null)
        {
            _first = entry;
        }
        else if (_last != entry)
        {
            _last.Follower = entry;
        }
        _last = entry;
        entry.IsKnown &= entry.SeenIn >= _lastFull;
        entry.SeenIn = _scrape;
    }

    private void Evict()
    {
        // The caller numbers failed scrapes too, but only a good one says that a series is gone.
        if (_all.TrueForAll(entry => entry.SeenIn > _scrape - KeptScrapes))
        {
            return;
        }
        _all.RemoveAll(entry => entry.SeenIn <= _scrape - KeptScrapes);
        _byHash.Clear();
        foreach (var entry in _all)
        {
            ref var head = ref CollectionsMarshal.GetValueRefOrAddDefault(_byHash, entry.Hash, out _);
            entry.Chain = head;
            head = entry;
            if (entry.Follower is { } follower && follower.SeenIn <= _scrape - KeptScrapes)
            {
                entry.Follower = null;
            }
        }
    }
}

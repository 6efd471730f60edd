using Pharos.Collection.Hashing;

namespace Pharos.Collection.Scraping.Ingest;

/// <summary>One target's map from exposed series texts to store references; also decides what went stale.</summary>
/// <remarks>Not thread-safe: one loop owns it. Texts are kept as hashes, series as numbers. An exposition repeats its order: the entries
/// stand in the order in which the texts came, so that the next one is known before it is read. Where new texts among the old ones
/// have spoilt that, the entries are brought into the order of a whole scrape. Entries unseen for two scrapes are dropped.</remarks>
internal sealed class ScrapeCache(TextHasher hasher)
{
    /// <summary>The most series that one target may expose; the scrape fails beyond it.</summary>
    public const int MaxSeries = 5_000_000;

    private const int KeptScrapes = 2;

    /// <summary>Of so many entries one may stand out of order.</summary>
    private const int SeriesPerMiss = 32;

    private readonly Dictionary<TextHash, SeriesParticulars> _particulars = [];
    private CachedSeries[] _entries = [];

    /// <summary>A table with open addressing: the number of an entry plus one, or 0 for a free place.</summary>
    private int[] _places = new int[16];

    /// <summary>The numbers in the order of the scrape that is being read, where the entries are to be brought into it.</summary>
    private List<int>? _order;
    private int _next;
    private int _misses;
    private int _scrape;
    private int _answered;
    private int _lastFull;
    private bool _hasReferred;

    public int Count { get; private set; }

    public TextHasher Hasher { get; } = hasher;

    /// <summary>The hash of the text that is expected next; 0 for none.</summary>
    public TextHash Expected => _next < Count ? _entries[_next].Hash : default;

    public void Begin()
    {
        _scrape++;
        _order = _misses > Count / SeriesPerMiss ? new List<int>(Count) : null;
        _next = _misses = 0;
    }

    /// <summary>An entry by its number; the reference holds until the next <see cref="Add"/> or <see cref="End"/>.</summary>
    public ref CachedSeries this[int number] => ref _entries[number];

    /// <summary>The entry of the text that was expected.</summary>
    /// <param name="repeated">This scrape has held it before.</param>
    public int TakeExpected(out bool repeated) => Advance(_next, out repeated);

    /// <summary>The store's reference of the text that was expected, where a plain sample of it needs no second look: the series was in
    /// the last good scrape and was not in this one; 0 otherwise.</summary>
    public ulong ExpectedReference
    {
        get
        {
            ref var entry = ref _entries[_next];
            return entry.IsPlain && entry.SeenIn >= _lastFull && entry.SeenIn != _scrape ? entry.Reference : 0;
        }
    }

    /// <summary>Notes that the store took a sample of the text that was expected and has an <see cref="ExpectedReference"/>.</summary>
    public void KeepExpected()
    {
        _entries[_next].Track(_scrape);
        TakeExpected(out _);
    }

    /// <summary>The entry of a series text, or -1.</summary>
    /// <param name="repeated">As there.</param>
    public int Find(TextHash hash, out bool repeated)
    {
        if (_next >= Count || _entries[_next].Hash != hash)
        {
            var number = _places[PlaceOf(hash)] - 1;
            if (number < 0)
            {
                repeated = false;
                return -1;
            }
            _misses++;
            _next = number;
        }
        return Advance(_next, out repeated);
    }

    /// <summary>Adds the entry of a text that <see cref="Find"/> did not know.</summary>
    public int Add(TextHash hash, bool isDropped)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(16, Count * 2));
        }
        var number = Count++;
        _entries[number] = new CachedSeries(hash, isDropped);
        if (Count > _places.Length / 4 * 3)
        {
            FillPlaces(_places.Length * 2);
        }
        else
        {
            _places[PlaceOf(hash)] = Count;
        }
        Advance(number, out _);
        return number;
    }

    /// <summary>Makes this scrape answerable for the series' end: when it vanishes, a marker is due.</summary>
    public void Track(int number) => _entries[number].Track(_scrape);

    /// <summary>The series of the last scrape that this one does not hold. Of a bad body what stands before the fault counts, too:
    /// as in Prometheus, a series that is still exposed does not end because something behind it is bad or beyond a limit.</summary>
    /// <returns>Numbers of entries by reference.</returns>
    public Dictionary<ulong, int> Ending()
    {
        var ending = new Dictionary<ulong, int>();
        for (var i = 0; i < Count; i++)
        {
            if (_entries[i].IsTrackedIn(_answered) && _entries[i].Reference > 0)
            {
                ending[_entries[i].Reference] = i;
            }
        }
        // Another text may stand for the same series: labels in another order, a number in another form.
        for (var i = 0; i < Count && ending.Count > 0; i++)
        {
            if (_entries[i].IsTrackedIn(_scrape))
            {
                ending.Remove(_entries[i].Reference);
            }
        }
        return ending;
    }

    /// <summary>Closes a scrape.</summary>
    /// <param name="isEmpty">The body held nothing: that ends series, but none of them is new when it comes back.</param>
    public void End(bool succeeded, bool isEmpty)
    {
        _answered = _scrape;
        ForgetMarks();
        if (succeeded && !isEmpty)
        {
            _lastFull = _scrape;
            Arrange();
        }
    }

    /// <summary>Notes that the store gave the series a reference in this scrape.</summary>
    public void Refer(int number, ulong reference)
    {
        _entries[number].Reference = reference;
        _entries[number].IsReferred = _hasReferred = true;
    }

    /// <summary>Forgets the references that a rolled-back batch has given out.</summary>
    public void ForgetReferences()
    {
        for (var i = 0; i < Count; i++)
        {
            ref var entry = ref _entries[i];
            var particulars = ParticularsOf(i);
            if (particulars is not null && entry.SeenIn == _scrape)
            {
                particulars.ExemplarHash = 0;
            }
            if (entry.IsReferred)
            {
                entry.Reference = 0;
                particulars?.ZeroAtMs = 0;
            }
        }
    }

    public SeriesParticulars? ParticularsOf(int number) =>
        _entries[number].HasParticulars ? _particulars.GetValueOrDefault(_entries[number].Hash) : null;

    /// <summary>As <see cref="ParticularsOf"/>, to be written to.</summary>
    public SeriesParticulars KeepParticulars(int number)
    {
        if (ParticularsOf(number) is { } kept)
        {
            return kept;
        }
        _entries[number].HasParticulars = true;
        return _particulars[_entries[number].Hash] = new SeriesParticulars();
    }

    private int Advance(int number, out bool repeated)
    {
        ref var entry = ref _entries[number];
        repeated = entry.SeenIn == _scrape;
        entry.IsKnown &= entry.SeenIn >= _lastFull;
        entry.SeenIn = _scrape;
        _next = number + 1;
        if (!repeated)
        {
            _order?.Add(number);
        }
        return number;
    }

    private void ForgetMarks()
    {
        for (var i = 0; i < Count && _hasReferred; i++)
        {
            _entries[i].IsReferred = false;
        }
        _hasReferred = false;
    }

    /// <summary>Drops what is gone, puts the rest into the order of this scrape where that is wanted, and gives back what is too much.</summary>
    private void Arrange()
    {
        var gone = 0;
        for (var i = 0; i < Count; i++)
        {
            gone += IsGone(_entries[i]) ? 1 : 0;
        }
        var isLoose = _entries.Length > Count - gone + ((Count - gone) / 8) + 8;
        if (gone == 0 && _order is null && !isLoose)
        {
            return;
        }
        var kept = new CachedSeries[Count - gone];
        var count = 0;
        foreach (var number in _order ?? [])
        {
            kept[count++] = _entries[number];
        }
        for (var i = 0; i < Count; i++)
        {
            if (IsGone(_entries[i]))
            {
                _particulars.Remove(_entries[i].Hash);
            }
            else if (_order is null || _entries[i].SeenIn != _scrape)
            {
                kept[count++] = _entries[i];
            }
        }
        _entries = kept;
        Count = count;
        FillPlaces(_places.Length);
    }

    // The caller numbers failed scrapes too, but only a good one says that a series is gone.
    private bool IsGone(in CachedSeries entry) => entry.SeenIn <= _scrape - KeptScrapes;

    /// <summary>Where the hash stands, or the free place where it belongs.</summary>
    private int PlaceOf(TextHash hash)
    {
        var mask = _places.Length - 1;
        var at = (int)hash.Low & mask;
        while (_places[at] is var number and > 0 && _entries[number - 1].Hash != hash)
        {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void FillPlaces(int places)
    {
        while (places > 16 && Count < places / 4)
        {
            places /= 2;
        }
        _places = new int[places];
        for (var i = 0; i < Count; i++)
        {
            _places[PlaceOf(_entries[i].Hash)] = i + 1;
        }
    }
}

namespace Pharos.Storage.Metrics.Head;

/// <summary>Series by id, read without a lock: pages of slots, because ids rise and are never used twice.</summary>
/// <remarks>Writers hold the head's creation lock. A page whose series have all left is given back.</remarks>
internal sealed class SeriesTable
{
    private const int PageSize = 4096;

    private volatile Page?[] _pages = new Page?[16];

    public int Count { get; private set; }

    public HeadSeries? Find(ulong id)
    {
        var pages = _pages;
        var page = id / PageSize;
        return page < (ulong)pages.Length && pages[page] is { } found ? Volatile.Read(ref found.Slots[id % PageSize]) : null;
    }

    public void Add(HeadSeries series)
    {
        var number = series.Id / PageSize;
        var pages = _pages;
        if (number >= (ulong)pages.Length)
        {
            Array.Resize(ref pages, (int)Math.Max(number + 1, (ulong)pages.Length * 2));
        }
        var page = pages[number] ??= new Page();
        Volatile.Write(ref page.Slots[series.Id % PageSize], series);
        page.Used++;
        Count++;
        _pages = pages;
    }

    public void Remove(ulong id)
    {
        var number = id / PageSize;
        if (_pages[number] is not { } page || page.Slots[id % PageSize] is null)
        {
            return;
        }
        Volatile.Write(ref page.Slots[id % PageSize], null);
        Count--;
        if (--page.Used == 0)
        {
            _pages[number] = null;
        }
    }

    /// <summary>Every series, by rising id, as far as it was there when the enumeration came by.</summary>
    public IEnumerable<HeadSeries> All()
    {
        foreach (var page in _pages)
        {
            for (var slot = 0; page is not null && slot < PageSize; slot++)
            {
                if (Volatile.Read(ref page.Slots[slot]) is { } series)
                {
                    yield return series;
                }
            }
        }
    }

    private sealed class Page
    {
        public HeadSeries?[] Slots { get; } = new HeadSeries?[PageSize];

        public int Used { get; set; }
    }
}

namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>The slot of each series' id, read without a lock: pages, because ids rise and are never used twice.</summary>
/// <remarks>Writers hold the head's creation lock. A page whose series have all left is given back.</remarks>
internal sealed class SeriesIds
{
    private const int PageSize = 4096;

    private volatile Page?[] _pages = new Page?[16];

    /// <summary>The slot of a series; negative where there is none of that id.</summary>
    public int Find(ulong id)
    {
        var pages = _pages;
        var page = id / PageSize;
        return page < (ulong)pages.Length && pages[page] is { } found ? Volatile.Read(ref found.Slots[id % PageSize]) - 1 : -1;
    }

    public void Add(ulong id, int slot)
    {
        var number = id / PageSize;
        var pages = _pages;
        if (number >= (ulong)pages.Length)
        {
            Array.Resize(ref pages, (int)Math.Max(number + 1, (ulong)pages.Length * 2));
        }
        var page = pages[number] ??= new Page();
        Volatile.Write(ref page.Slots[id % PageSize], slot + 1);
        page.Used++;
        _pages = pages;
    }

    public void Remove(ulong id)
    {
        var number = id / PageSize;
        var page = _pages[number]!;
        Volatile.Write(ref page.Slots[id % PageSize], 0);
        if (--page.Used == 0)
        {
            _pages[number] = null;
        }
    }

    private sealed class Page
    {
        /// <summary>Each slot and one; 0 for none.</summary>
        public int[] Slots { get; } = new int[PageSize];

        public int Used { get; set; }
    }
}

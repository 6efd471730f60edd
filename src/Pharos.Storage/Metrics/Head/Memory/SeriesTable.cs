using System.Runtime.InteropServices;
using Pharos.Storage.Index;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>Every series of the head: by slot, by id, by labels.</summary>
/// <remarks>Members that change it are called under the head's creation lock. A slot serves one series after the other: whoever
/// keeps one without a lock keeps the id, too, and compares it under the page's lock.</remarks>
internal sealed class SeriesTable(LabelIndex index, long windowMs)
{
    private readonly SeriesIds _ids = new();
    private readonly SeriesLookup _lookup = new();
    private readonly ByteSlab _pairs = new();
    private readonly Stack<int> _freeSlots = new();
    private volatile SeriesPage?[] _pages = [];
    private int _slotCount;

    public SeriesWriter Writer { get; } = new(new SampleMemory(), windowMs);

    /// <summary>The series that have not left.</summary>
    public int Count { get; private set; }

    /// <summary>What tables and labels take, without the states themselves.</summary>
    public long PairBytes => _pairs.SizeBytes;

    public SeriesPage PageOf(int slot) => _pages[slot >> SeriesPage.Bits]!;

    public ref SeriesState StateOf(int slot) => ref PageOf(slot).States[IndexOf(slot)];

    public static int IndexOf(int slot) => slot & (SeriesPage.Size - 1);

    /// <summary>The slot of a series; negative where it is not, or no longer, there.</summary>
    public int Find(ulong id) => _ids.Find(id);

    /// <summary>The slot of the series with these labels; negative for none. The caller holds the creation lock.</summary>
    public int Find(LabelSet labels)
    {
        var place = -1;
        while (_lookup.Next(labels.GetHashCode(), ref place) is var slot and >= 0)
        {
            if (Has(StateOf(slot), labels))
            {
                return slot;
            }
        }
        return -1;
    }

    public int Add(ulong id, LabelSet labels, SeriesFlags flags)
    {
        var slot = TakeSlot();
        var state = new SeriesState
        {
            Id = id,
            LastMs = long.MinValue,
            Flags = flags,
            LabelHash = labels.GetHashCode(),
            PairCount = labels.Count,
            PairsPlace = _pairs.Allocate(labels.Count * sizeof(uint)),
        };
        index.Acquire(labels, PairsOf(state));
        var page = PageOf(slot);
        lock (page.Lock)
        {
            page.States[IndexOf(slot)] = state;
        }
        _lookup.Add(state.LabelHash, slot);
        _ids.Add(id, slot);
        Count++;
        return slot;
    }

    /// <summary>Adds a series to table and index that has these pairs.</summary>
    public int Add(ulong id, ReadOnlySpan<uint> pairs, int labelHash, SeriesFlags flags)
    {
        var slot = TakeSlot();
        ref var state = ref StateOf(slot);
        state = new SeriesState
        {
            Id = id,
            LastMs = long.MinValue,
            Flags = flags,
            LabelHash = labelHash,
            PairCount = pairs.Length,
            PairsPlace = _pairs.Allocate(pairs.Length * sizeof(uint)),
        };
        pairs.CopyTo(PairsOf(state));
        index.Restore(id, pairs);
        _lookup.Add(labelHash, slot);
        _ids.Add(id, slot);
        Count++;
        return slot;
    }

    /// <summary>Lets a series be found no more; its slot and its labels stay until <see cref="Free"/>.</summary>
    public void Unlink(int slot)
    {
        ref var state = ref StateOf(slot);
        _ids.Remove(state.Id);
        _lookup.Remove(state.LabelHash, slot);
        Count--;
    }

    /// <summary>Gives the slot of a series that was unlinked to the next. Its samples are gone already.</summary>
    public void Free(int slot)
    {
        var page = PageOf(slot);
        var state = page.States[IndexOf(slot)];
        lock (page.Lock)
        {
            page.Clear(IndexOf(slot));
        }
        index.Release(PairsOf(state));
        _pairs.Free(state.PairsPlace);
        _freeSlots.Push(slot);
    }

    /// <summary>The numbers of a series' label pairs, in the order of its labels. The caller holds the page's lock, or knows that the
    /// series is not freed.</summary>
    public ReadOnlySpan<uint> PairsAt(int slot) => PairsOf(StateOf(slot));

    /// <summary>As <see cref="PairsAt"/>.</summary>
    public LabelSet LabelsAt(int slot)
    {
        var pairs = PairsAt(slot);
        var labels = new Label[pairs.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = index[pairs[i]];
        }
        return new LabelSet(labels);
    }

    /// <summary>Every series, as far as it was there when the enumeration came by.</summary>
    public IEnumerable<HeadSeries> All()
    {
        foreach (var (number, page) in _pages.Index())
        {
            if (page is null)
            {
                yield break;
            }
            for (var i = 0; i < SeriesPage.Size; i++)
            {
                var id = Volatile.Read(ref page.States[i].Id);
                if (id != 0 && !page.States[i].Has(SeriesFlags.IsRemoved))
                {
                    yield return new HeadSeries(this, (number << SeriesPage.Bits) + i, id);
                }
            }
        }
    }

    private Span<uint> PairsOf(in SeriesState state) => MemoryMarshal.Cast<byte, uint>(_pairs[state.PairsPlace])[..state.PairCount];

    private bool Has(in SeriesState state, LabelSet labels)
    {
        var pairs = PairsOf(state);
        if (pairs.Length != labels.Count)
        {
            return false;
        }
        for (var i = 0; i < pairs.Length; i++)
        {
            if (index[pairs[i]] != labels[i])
            {
                return false;
            }
        }
        return true;
    }

    private int TakeSlot()
    {
        if (_freeSlots.TryPop(out var free))
        {
            return free;
        }
        var slot = _slotCount++;
        var pages = _pages;
        var number = slot >> SeriesPage.Bits;
        if (number >= pages.Length)
        {
            Array.Resize(ref pages, Math.Max(4, pages.Length * 2));
        }
        pages[number] ??= new SeriesPage();
        _pages = pages;
        return slot;
    }
}

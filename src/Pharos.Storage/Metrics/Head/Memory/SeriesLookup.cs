namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>Slots of series by the hash of their labels: open addressing, linear probing.</summary>
/// <remarks>Not thread-safe; guarded by the head's creation lock.</remarks>
internal sealed class SeriesLookup
{
    /// <summary>The hash above, and below the slot and one; 0 is empty.</summary>
    private ulong[] _table = new ulong[64];
    private int _count;

    /// <summary>The slots of a hash, one after the other: begins with a place of -1 and answers -1 after the last.</summary>
    public int Next(int hash, ref int place)
    {
        var mask = _table.Length - 1;
        place = place < 0 ? hash & mask : (place + 1) & mask;
        for (; _table[place] != 0; place = (place + 1) & mask)
        {
            if ((int)(_table[place] >> 32) == hash)
            {
                return SlotOf(_table[place]);
            }
        }
        return -1;
    }

    public void Add(int hash, int slot)
    {
        if (++_count * 4 > _table.Length * 3)
        {
            Grow();
        }
        Link(((ulong)(uint)hash << 32) | (uint)(slot + 1));
    }

    public void Remove(int hash, int slot)
    {
        var mask = _table.Length - 1;
        var at = hash & mask;
        while (SlotOf(_table[at]) != slot)
        {
            at = (at + 1) & mask;
        }
        // What stands behind moves up, as far as that brings it no further before its own place.
        for (var next = (at + 1) & mask; _table[next] != 0; next = (next + 1) & mask)
        {
            var home = (int)(_table[next] >> 32) & mask;
            if (((next - home) & mask) >= ((next - at) & mask))
            {
                _table[at] = _table[next];
                at = next;
            }
        }
        _table[at] = 0;
        _count--;
    }

    private static int SlotOf(ulong entry) => (int)(uint)entry - 1;

    private void Link(ulong entry)
    {
        var mask = _table.Length - 1;
        var at = (int)(entry >> 32) & mask;
        while (_table[at] != 0)
        {
            at = (at + 1) & mask;
        }
        _table[at] = entry;
    }

    private void Grow()
    {
        var old = _table;
        _table = new ulong[old.Length * 2];
        foreach (var entry in old)
        {
            if (entry != 0)
            {
                Link(entry);
            }
        }
    }
}

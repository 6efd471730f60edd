namespace Pharos.Storage.Logs.Filters;

/// <summary>Distinct hashes of pieces, in a table with open addressing that stays as wide as it became.</summary>
/// <remarks>Not thread-safe. A set of the library takes four times the memory, and with it most of its time: a block has tens of thousands of pieces.</remarks>
internal sealed class GramSet
{
    /// <summary>0 for a free place.</summary>
    private ulong[] _places = new ulong[1024];
    private ulong[] _all = [];
    private bool _hasZero;

    public int Count { get; private set; }

    /// <param name="hash">Whose lower bits are as good as any.</param>
    public void Add(ulong hash)
    {
        if (hash == 0)
        {
            Count += _hasZero ? 0 : 1;
            _hasZero = true;
            return;
        }
        ref var place = ref PlaceOf(_places, hash);
        if (place == 0)
        {
            place = hash;
            if (++Count > _places.Length / 2)
            {
                Widen();
            }
        }
    }

    public void Clear()
    {
        Array.Clear(_places);
        (Count, _hasZero) = (0, false);
    }

    /// <summary>All of them, in no order; good until the set is asked again.</summary>
    public ReadOnlySpan<ulong> All()
    {
        if (_all.Length < Count)
        {
            _all = new ulong[_places.Length];
        }
        var count = 0;
        if (_hasZero)
        {
            _all[count++] = 0;
        }
        foreach (var hash in _places)
        {
            if (hash != 0)
            {
                _all[count++] = hash;
            }
        }
        return _all.AsSpan(0, count);
    }

    /// <summary>Where the hash stands, or the free place where it belongs.</summary>
    private static ref ulong PlaceOf(ulong[] places, ulong hash)
    {
        var mask = places.Length - 1;
        var at = (int)hash & mask;
        while (places[at] != 0 && places[at] != hash)
        {
            at = (at + 1) & mask;
        }
        return ref places[at];
    }

    private void Widen()
    {
        var places = new ulong[_places.Length * 2];
        foreach (var hash in _places)
        {
            if (hash != 0)
            {
                PlaceOf(places, hash) = hash;
            }
        }
        _places = places;
    }
}

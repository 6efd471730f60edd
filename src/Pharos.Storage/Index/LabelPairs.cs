using Pharos.Storage.Model;

namespace Pharos.Storage.Index;

/// <summary>Every label pair in memory, each once, by number and by name and value.</summary>
/// <remarks>Guarded by the lock of its index, but for the indexer: whoever holds a pair reads its name and value without. A
/// number is used again when no series is made of its pair any more.</remarks>
internal sealed class LabelPairs
{
    private const int PageBits = 8;
    private const int PageSize = 1 << PageBits;

    private readonly Dictionary<string, LabelName> _names = new(StringComparer.Ordinal);
    private readonly Stack<uint> _free = new();
    private volatile LabelPair[][] _pages = [];
    private uint _lastNumber;
    private uint _lastNameNumber;

    /// <summary>Numbers of pairs by hash, linear probing; 0 is empty, which is why numbers begin with 1.</summary>
    private uint[] _table = new uint[64];
    private int _count;

    public IReadOnlyDictionary<string, LabelName> Names => _names;

    public ref LabelPair this[uint number] => ref _pages[number >> PageBits][number & (PageSize - 1)];

    /// <summary>The number of a pair; 0 where it is not known.</summary>
    public uint Find(string name, string value) =>
        _names.TryGetValue(name, out var known) ? FindHash(known, value, HashOf(known, value)) : 0;

    /// <summary>The number of a pair, made where it is new, with one more holder.</summary>
    public uint Acquire(Label label)
    {
        if (!_names.TryGetValue(label.Name, out var name))
        {
            _names.Add(label.Name, name = new LabelName(label.Name, ++_lastNameNumber));
        }
        var hash = HashOf(name, label.Value);
        var number = FindHash(name, label.Value, hash);
        if (number == 0)
        {
            number = Add(name, label.Value, hash);
        }
        this[number].HolderCount++;
        return number;
    }

    /// <summary>Takes one holder away; a pair without any is forgotten.</summary>
    public void Release(uint number)
    {
        ref var pair = ref this[number];
        if (--pair.HolderCount > 0)
        {
            return;
        }
        Unlink(number, pair.Hash);
        if (--pair.Name!.HeldCount == 0)
        {
            _names.Remove(pair.Name.Text);
        }
        pair = default;
        _free.Push(number);
    }

    private static int HashOf(LabelName name, string value) =>
        unchecked(string.GetHashCode(value, StringComparison.Ordinal) + (int)(name.Number * 0x9E3779B9));

    private uint Add(LabelName name, string value, int hash)
    {
        if (!_free.TryPop(out var number))
        {
            number = ++_lastNumber;
            if (number >> PageBits >= (uint)_pages.Length || _pages[number >> PageBits] is null)
            {
                AddPage(number >> PageBits);
            }
        }
        this[number] = new LabelPair { Name = name, Value = value, Hash = hash };
        name.HeldCount++;
        if (++_count * 4 > _table.Length * 3)
        {
            Grow();
        }
        Link(number, hash);
        return number;
    }

    private void AddPage(uint page)
    {
        var pages = _pages;
        if (page >= (uint)pages.Length)
        {
            Array.Resize(ref pages, Math.Max(4, pages.Length * 2));
        }
        pages[page] = new LabelPair[PageSize];
        _pages = pages;
    }

    private uint FindHash(LabelName name, string value, int hash)
    {
        var mask = _table.Length - 1;
        for (var at = hash & mask; _table[at] != 0; at = (at + 1) & mask)
        {
            ref readonly var pair = ref this[_table[at]];
            if (pair.Hash == hash && ReferenceEquals(pair.Name, name) && string.Equals(pair.Value, value, StringComparison.Ordinal))
            {
                return _table[at];
            }
        }
        return 0;
    }

    private void Link(uint number, int hash)
    {
        var mask = _table.Length - 1;
        var at = hash & mask;
        while (_table[at] != 0)
        {
            at = (at + 1) & mask;
        }
        _table[at] = number;
    }

    private void Unlink(uint number, int hash)
    {
        var mask = _table.Length - 1;
        var at = hash & mask;
        while (_table[at] != number)
        {
            at = (at + 1) & mask;
        }
        // What stands behind moves up, as far as that brings it no further before its own place.
        for (var next = (at + 1) & mask; _table[next] != 0; next = (next + 1) & mask)
        {
            var home = this[_table[next]].Hash & mask;
            if (((next - home) & mask) >= ((next - at) & mask))
            {
                _table[at] = _table[next];
                at = next;
            }
        }
        _table[at] = 0;
        _count--;
    }

    private void Grow()
    {
        var old = _table;
        _table = new uint[old.Length * 2];
        foreach (var number in old)
        {
            if (number != 0)
            {
                Link(number, this[number].Hash);
            }
        }
    }
}

using System.IO.Hashing;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>Numbers byte texts from 0 in the order in which they come first.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class ByteKeyTable
{
    private int[] _slots = new int[256];
    private ulong[] _hashes = new ulong[128];
    private int[] _ends = new int[128];
    private byte[] _keys = new byte[4096];

    public int Count { get; private set; }

    /// <summary>The number of a text; <paramref name="isNew"/> where it had none.</summary>
    public int NumberOf(ReadOnlySpan<byte> key, out bool isNew)
    {
        var hash = XxHash3.HashToUInt64(key);
        var mask = _slots.Length - 1;
        var at = (int)hash & mask;
        while (_slots[at] != 0)
        {
            var number = _slots[at] - 1;
            if (_hashes[number] == hash && Key(number).SequenceEqual(key))
            {
                isNew = false;
                return number;
            }
            at = (at + 1) & mask;
        }
        isNew = true;
        _slots[at] = Add(key, hash) + 1;
        if (Count * 2 > _slots.Length)
        {
            Grow();
        }
        return Count - 1;
    }

    private ReadOnlySpan<byte> Key(int number) => _keys.AsSpan((number == 0 ? 0 : _ends[number - 1]).._ends[number]);

    private int Add(ReadOnlySpan<byte> key, ulong hash)
    {
        var start = Count == 0 ? 0 : _ends[Count - 1];
        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Count * 2);
            Array.Resize(ref _hashes, Count * 2);
        }
        if (start + key.Length > _keys.Length)
        {
            Array.Resize(ref _keys, Math.Max(start + key.Length, _keys.Length * 2));
        }
        key.CopyTo(_keys.AsSpan(start));
        _ends[Count] = start + key.Length;
        _hashes[Count] = hash;
        return Count++;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        var mask = _slots.Length - 1;
        for (var number = 0; number < Count; number++)
        {
            var at = (int)_hashes[number] & mask;
            while (_slots[at] != 0)
            {
                at = (at + 1) & mask;
            }
            _slots[at] = number + 1;
        }
    }
}

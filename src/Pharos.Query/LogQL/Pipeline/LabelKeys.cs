using System.IO.Hashing;
using System.Text;

namespace Pharos.Query.LogQL.Pipeline;

/// <summary>The names of labels that a pipeline has met, found by their bytes.</summary>
/// <remarks>Not thread-safe: each worker has its own.</remarks>
internal sealed class LabelKeys
{
    /// <summary>Keys that lines brought are forgotten when there are more: a line may bring names that never come again.</summary>
    private const int MaxKeys = 50_000;

    private readonly HashSet<LabelKey> _pinned = [];
    private LabelKey?[] _table = new LabelKey?[128];
    private int _count;

    /// <summary>Whether parsers need to find only what is wanted.</summary>
    public bool OnlyWanted { get; private set; }

    /// <summary>Whether parsers may end when they have found all that is wanted: what is wrong with the rest of the line is not seen then.</summary>
    public bool StopsEarly { get; private set; }

    /// <summary>How many keys are wanted.</summary>
    public int WantedCount => WantedKeys.Count;

    public List<LabelKey> WantedKeys { get; } = [];

    /// <summary>A key that stays the same object for as long as the table lives.</summary>
    public LabelKey Pin(string name) => Pin(Encoding.UTF8.GetBytes(name));

    /// <summary>A key that stays the same object for as long as the table lives.</summary>
    public LabelKey Pin(ReadOnlySpan<byte> name)
    {
        var key = Get(name);
        _pinned.Add(key);
        return key;
    }

    /// <summary>From now on parsers may leave out what is in no such list.</summary>
    public void Want(IEnumerable<string> names, bool stopsEarly)
    {
        OnlyWanted = true;
        StopsEarly = stopsEarly;
        foreach (var name in names)
        {
            var key = Pin(name);
            if (!key.IsWanted)
            {
                key.IsWanted = true;
                WantedKeys.Add(key);
            }
        }
    }

    public LabelKey Get(ReadOnlySpan<byte> name) => Find(name, out var at) ?? Add(new LabelKey(Encoding.UTF8.GetString(name)), at);

    public LabelKey? Find(ReadOnlySpan<byte> name) => Find(name, out _);

    /// <summary>Between two lines: forgets what lines brought where that is too much.</summary>
    public bool IsFull => _count > MaxKeys;

    /// <summary>Forgets all keys that were not pinned. Nothing may hold one any more.</summary>
    public void Trim()
    {
        Array.Clear(_table);
        _count = 0;
        foreach (var key in _pinned)
        {
            key.Extracted = null;
            Find(key.Utf8, out var at);
            Add(key, at);
        }
    }

    /// <summary>Whether a parser must look at a name: the value would be that of a wanted label.</summary>
    public bool Wants(ReadOnlySpan<byte> name)
    {
        if (!OnlyWanted)
        {
            return true;
        }
        foreach (var wanted in WantedKeys)
        {
            var other = wanted.Utf8.AsSpan();
            if (other.StartsWith(name) && (other.Length == name.Length || other[name.Length..].SequenceEqual("_extracted"u8)))
            {
                return true;
            }
        }
        return false;
    }

    private LabelKey? Find(ReadOnlySpan<byte> name, out int at)
    {
        at = (int)((uint)XxHash3.HashToUInt64(name) & (uint)(_table.Length - 1));
        while (_table[at] is { } found)
        {
            if (found.Utf8.AsSpan().SequenceEqual(name))
            {
                return found;
            }
            at = (at + 1) & (_table.Length - 1);
        }
        return null;
    }

    private LabelKey Add(LabelKey key, int at)
    {
        _table[at] = key;
        if (++_count * 2 > _table.Length)
        {
            var old = _table;
            _table = new LabelKey?[old.Length * 2];
            foreach (var moved in old)
            {
                if (moved is not null)
                {
                    Find(moved.Utf8, out var place);
                    _table[place] = moved;
                }
            }
        }
        return key;
    }
}

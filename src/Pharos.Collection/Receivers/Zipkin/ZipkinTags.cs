using System.Runtime.InteropServices;

namespace Pharos.Collection.Receivers.Zipkin;

/// <summary>The tags of one span in the order in which they came; the last value of a key counts.</summary>
internal sealed class ZipkinTags
{
    private readonly List<(string Key, string? Value)> _tags = [];
    private readonly Dictionary<string, int> _byKey = new(StringComparer.Ordinal);

    public int Count => _byKey.Count;

    /// <summary>Key and value; the value is null where the tag was taken.</summary>
    public ReadOnlySpan<(string Key, string? Value)> All => CollectionsMarshal.AsSpan(_tags);

    public void Set(string key, string value)
    {
        if (_byKey.TryGetValue(key, out var index))
        {
            _tags[index] = (key, value);
            return;
        }
        _byKey.Add(key, _tags.Count);
        _tags.Add((key, value));
    }

    public string? Find(string key) => _byKey.TryGetValue(key, out var index) ? _tags[index].Value : null;

    /// <summary>Takes a tag away; null where there is none.</summary>
    public string? Take(string key)
    {
        if (!_byKey.Remove(key, out var index))
        {
            return null;
        }
        var value = _tags[index].Value;
        _tags[index] = (key, null);
        return value;
    }

    public void Clear()
    {
        _tags.Clear();
        _byKey.Clear();
    }
}
